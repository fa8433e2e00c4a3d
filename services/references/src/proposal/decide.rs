//! Use cases: activate what somebody else has proposed, or decide against it.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Plans, Work};
use customs_references_contract::{
    ActivateImport, ImportProposal, ImportReport, ProposalState, RefuseImport,
    problems::{IMPORT_FOUR_EYES, IMPORT_OUTDATED},
};
use uuid::Uuid;

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

/// A file that is to be activated, and the version from which its difference was looked at.
pub struct Decision {
    whole: Whole,
    seen: i64,
}

impl Plans<ActivateImport> for App {
    type Plan = Decision;

    async fn plan(&self, caller: &Caller, ask: ActivateImport) -> Result<Decision, Failure> {
        let reader = self.store().reader();
        let proposal = Proposal::find(reader, ask.import).await?.ok_or_else(|| unknown(ask.import))?;
        awaits(&proposal)?;
        if proposal.proposed_by == caller.actor.subject {
            return Err(IMPORT_FOUR_EYES.because("who proposed an import cannot activate it").into());
        }
        current(ask.base, proposal.base)?;
        let import = Import::of_anybody(reader, ask.import, "").await?;
        Ok(Decision { whole: self.whole(caller, import).await?, seen: ask.base })
    }

    async fn carry_out(
        &self,
        work: &mut Work,
        caller: &Caller,
        plan: Decision,
    ) -> Result<ImportReport, Failure> {
        let Decision { whole, seen } = plan;
        // Somebody may have been faster: with this decision, by proposing it again, or with another version.
        let mut proposal = held(work, whole.import.id).await?;
        awaits(&proposal)?;
        let sequence = Sequence::take(work).await?;
        current(seen, base_of(work.txn(), &proposal.dataset).await?)?;
        let report = self.activate(work, sequence, whole).await?;
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
        let mut proposal = held(work, ask.import).await?;
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

/// The proposal of the import `id`. The import is held first, as whoever proposes it again does, so that neither waits for
/// the other for ever; one that is decided has no import any more.
async fn held(work: &Work, id: Uuid) -> Result<Proposal, Failure> {
    let statement = format!("SELECT id FROM imports WHERE id = $1{}", sql::for_update(work.txn()));
    sql::one(work.txn(), &statement, vec![id.into()]).await?;
    Ok(Proposal::find(work.txn(), id).await?.ok_or_else(|| unknown(id))?)
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
