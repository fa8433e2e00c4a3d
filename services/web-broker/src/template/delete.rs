//! Use case: throw a template away.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{DeleteTemplate, TemplateDeleted};

use super::store;
use crate::{App, history, organisation};

impl Acts<DeleteTemplate> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: DeleteTemplate,
    ) -> Result<TemplateDeleted, Failure> {
        let organisation = organisation::own(work.txn(), caller).await?;
        let kind = store::delete(work.txn(), organisation.id(), ask.id).await?;
        let change = ("template-deleted", ask.id);
        history::note(work, &caller.actor.subject, Some(organisation.id()), change, &kind).await?;
        Ok(TemplateDeleted { id: ask.id })
    }
}
