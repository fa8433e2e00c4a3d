//! Use cases: tell colleagues that one is at work on a draft, and that one is no more.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{DraftHead, LockDraft, UnlockDraft};

use super::{save::head, store};
use crate::{App, organisation};

impl Acts<LockDraft> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: LockDraft) -> Result<DraftHead, Failure> {
        let organisation = organisation::own(work.txn(), caller).await?;
        let mut draft = store::locked(work.txn(), organisation.id(), ask.id).await?;
        draft.lock(&caller.actor.subject, work.now())?;
        store::update(work.txn(), &draft).await?;
        head(work, &draft).await
    }
}

impl Acts<UnlockDraft> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: UnlockDraft) -> Result<DraftHead, Failure> {
        let organisation = organisation::own(work.txn(), caller).await?;
        let mut draft = store::locked(work.txn(), organisation.id(), ask.id).await?;
        draft.unlock(&caller.actor.subject);
        store::update(work.txn(), &draft).await?;
        head(work, &draft).await
    }
}
