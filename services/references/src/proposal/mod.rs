//! Proposals: an import whose difference one person tells and another, having looked at it, activates.

mod decide;
mod list;
mod propose;
mod store;

use customs_kernel::Problem;
use customs_platform::{Failure, Work};
use customs_references_contract::{ProposalState, problems::PROPOSAL_STATE};
use uuid::Uuid;

use store::Proposal;

/// How long a proposal can be decided on, in days.
const KEPT_DAYS: i64 = 14;

/// Closes the proposal of the import `id`, if it still awaits a decision: nobody decided in time.
pub(crate) async fn expire(work: &Work, id: &str) -> Result<(), Failure> {
    let id: Uuid = id.parse().map_err(|_| anyhow::anyhow!("an import is known by a UUID"))?;
    if let Some(mut proposal) = Proposal::find(work.txn(), id).await?
        && proposal.state == ProposalState::Awaiting
    {
        proposal.state = ProposalState::Expired;
        proposal.decided_at = Some(work.now());
        proposal.close(work.txn()).await?;
    }
    Ok(())
}

/// Only what awaits a decision can be decided on.
fn awaits(proposal: &Proposal) -> Result<(), Problem> {
    if proposal.state == ProposalState::Awaiting {
        return Ok(());
    }
    let detail = format!("the proposal is {}", store::word(proposal.state));
    Err(PROPOSAL_STATE.because(detail).at("/import"))
}
