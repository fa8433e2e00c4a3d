//! Use case: see the applications of newcomers.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{ApplicationPage, ListApplications};

use super::{Application, store};
use crate::{App, page::Slice};

impl Answers<ListApplications> for App {
    async fn answer(&self, _: &Caller, ask: ListApplications) -> Result<ApplicationPage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let (applications, next) = store::page(self.reader(), ask.state, slice).await?;
        Ok(ApplicationPage { items: applications.iter().map(Application::view).collect(), next })
    }
}
