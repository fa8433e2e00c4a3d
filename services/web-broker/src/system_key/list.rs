//! Use case: see the keys of the systems of one's own organisation.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{ListSystemKeys, SystemKeyPage};

use super::{SystemKey, store};
use crate::{App, organisation, page::Slice};

impl Answers<ListSystemKeys> for App {
    async fn answer(&self, caller: &Caller, ask: ListSystemKeys) -> Result<SystemKeyPage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let own = organisation::own(self.reader(), caller).await?;
        let (keys, next) = store::page(self.reader(), own.id(), slice).await?;
        Ok(SystemKeyPage { items: keys.iter().map(SystemKey::view).collect(), next })
    }
}
