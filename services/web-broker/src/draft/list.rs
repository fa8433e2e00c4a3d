//! Use case: see the drafts of one's own organisation.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{DraftPage, ListDrafts};

use super::{Draft, store};
use crate::{App, organisation, page::Slice, person};

impl Answers<ListDrafts> for App {
    async fn answer(&self, caller: &Caller, ask: ListDrafts) -> Result<DraftPage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let organisation = organisation::own(self.reader(), caller).await?;
        let (drafts, next) = store::page(self.reader(), organisation.id(), slice).await?;
        let subjects = drafts.iter().flat_map(Draft::subjects);
        let names = person::store::names(self.reader(), subjects).await?;
        let now = self.now();
        Ok(DraftPage { items: drafts.iter().map(|draft| draft.head(&names, now)).collect(), next })
    }
}
