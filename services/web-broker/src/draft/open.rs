//! Use case: read a draft with its content.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{Draft as View, OpenDraft};

use super::store;
use crate::{App, organisation, person};

impl Answers<OpenDraft> for App {
    async fn answer(&self, caller: &Caller, ask: OpenDraft) -> Result<View, Failure> {
        let organisation = organisation::own(self.reader(), caller).await?;
        let (draft, content) = store::find_whole(self.reader(), organisation.id(), ask.id).await?;
        let names = person::store::names(self.reader(), draft.subjects()).await?;
        Ok(View { head: draft.head(&names, self.now()), content })
    }
}
