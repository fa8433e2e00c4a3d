//! Use case: throw a draft away.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{DeleteDraft, DraftDeleted};

use super::{EXPIRE, store};
use crate::{App, history, organisation};

impl Acts<DeleteDraft> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: DeleteDraft) -> Result<DraftDeleted, Failure> {
        let organisation = organisation::own(work.txn(), caller).await?;
        let draft = store::locked(work.txn(), organisation.id(), ask.id).await?;
        let who = caller.actor.subject.as_str();
        draft.require_deletable(ask.expected_version, who, work.now())?;
        store::delete(work.txn(), draft.id()).await?;
        work.cancel_timer(EXPIRE, &draft.id().to_string());
        let change = ("draft-deleted", draft.id());
        history::note(work, who, Some(organisation.id()), change, &draft.state()).await?;
        Ok(DraftDeleted { id: draft.id() })
    }
}
