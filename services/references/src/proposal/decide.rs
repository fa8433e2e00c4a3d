//! Use cases: activate what somebody else has proposed, or decide against it.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Plans, Work};
use customs_references_contract::{
    ActivateImport, ImportProposal, ImportReport, ProposalState, RefuseImport,
    problems::{IMPORT_FOUR_EYES, IMPORT_OUTDATED},
};

use super::{
    awaits,
    store::{Proposal, base_of},
};
use crate::{
    App,
    import::{Import, Whole, forget, unknown},
    page::{check_text, require},
    sql,
    version::Sequence,
};

impl Plans<ActivateImport> for App {
    type Plan = Whole;

    async fn plan(&self, caller: &Caller, ask: ActivateImport) -> Result<Whole, Failure> {
        let reader = self.store().reader();
        let proposal = Proposal::find(reader, ask.import, "").await?.ok_or_else(|| unknown(ask.import))?;
        awaits(&proposal)?;
        if proposal.proposed_by == caller.actor.subject {
            return Err(IMPORT_FOUR_EYES.because("who proposed an import cannot activate it").into());
        }
        current(ask.base, proposal.base)?;
        let import = Import::of_anybody(reader, ask.import, "").await?;
        self.whole(caller, import).await
    }

    async fn carry_out(
        &self,
        work: &mut Work,
        caller: &Caller,
        plan: Whole,
    ) -> Result<ImportReport, Failure> {
        let (id, hold) = (plan.import.id, sql::for_update(work.txn()));
        let mut proposal = Proposal::find(work.txn(), id, hold).await?.ok_or_else(|| unknown(id))?;
        // Somebody may have been faster, with this decision or with another version.
        awaits(&proposal)?;
        let sequence = Sequence::take(work).await?;
        current(proposal.base, base_of(work.txn(), &proposal.dataset).await?)?;
        let report = self.activate(work, sequence, plan).await?;
        proposal.state = ProposalState::Activated;
        proposal.number = Some(report.number);
        proposal.decided_at = Some(work.now());
        proposal.decided_by = Some(caller.actor.subject.clone());
        proposal.close(work.txn()).await?;
        Ok(report)
    }
}

impl Acts<RefuseImport> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RefuseImport,
    ) -> Result<ImportProposal, Failure> {
        let mut findings = Vec::new();
        check_text("/reason", ask.reason.trim(), 1, 500, &mut findings);
        require(findings)?;
        let hold = sql::for_update(work.txn());
        let found = Proposal::find(work.txn(), ask.import, hold).await?;
        let mut proposal = found.ok_or_else(|| unknown(ask.import))?;
        awaits(&proposal)?;
        proposal.state = ProposalState::Refused;
        proposal.reason = Some(ask.reason.trim().to_owned());
        proposal.decided_at = Some(work.now());
        proposal.decided_by = Some(caller.actor.subject.clone());
        proposal.close(work.txn()).await?;
        forget(work, &ask.import.to_string()).await?;
        Ok(proposal.told(caller))
    }
}

/// The difference that was looked at is the one that would be made.
fn current(seen: i64, counts: i64) -> Result<(), Failure> {
    if seen == counts {
        return Ok(());
    }
    let detail =
        format!("the difference is from version {seen}, and version {counts} counts: propose it again");
    Err(IMPORT_OUTDATED.because(detail).at("/base").into())
}
