//! Deadlines of drafts: what nobody saves for thirty days is thrown away, and so are old receipts.

use anyhow::Context;
use customs_platform::{Failure, Timer, Work};
use uuid::Uuid;

use super::{EXPIRE, receipt, store};
use crate::{NAME, history};

/// Throws the draft of `timer` away, unless it was saved in the meantime.
pub(crate) async fn expire(work: &mut Work, timer: &Timer) -> Result<(), Failure> {
    let id: Uuid = timer.aggregate.parse().context("a deadline of no draft")?;
    let Some(draft) = store::due(work.txn(), id).await? else { return Ok(()) };
    if !draft.is_expired(work.now()) {
        work.set_timer(EXPIRE, &timer.aggregate, draft.expires_at());
        return Ok(());
    }
    store::delete(work.txn(), id).await?;
    let actor = format!("service:{NAME}");
    history::note(work, &actor, Some(draft.organisation_id()), ("draft-expired", id), &draft.state()).await
}

/// Throws the receipt of `timer` away.
pub(crate) async fn forget(work: &Work, timer: &Timer) -> Result<(), Failure> {
    let id: Uuid = timer.aggregate.parse().context("a deadline of no receipt")?;
    receipt::delete(work.txn(), id).await
}
