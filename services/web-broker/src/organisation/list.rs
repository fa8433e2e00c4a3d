//! Use case: see every organisation of the register.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{ListOrganisations, OrganisationPage};

use super::{Organisation, store};
use crate::{App, page::Slice};

impl Answers<ListOrganisations> for App {
    async fn answer(&self, _: &Caller, ask: ListOrganisations) -> Result<OrganisationPage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let (organisations, next) = store::page(self.reader(), slice).await?;
        Ok(OrganisationPage { items: organisations.iter().map(Organisation::view).collect(), next })
    }
}
