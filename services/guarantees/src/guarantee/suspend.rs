//! Use cases: suspend a guarantee and resume it.

use customs_guarantees_contract::{
    Guarantee as Told, ResumeGuarantee, SuspendGuarantee, problems::LEDGER_BROKEN,
};
use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};

use super::{
    Guarantee,
    reject::check_reason,
    review::{keep, load},
    state::GuaranteeEvent,
    store, view,
};
use crate::{App, ledger::reconcile};

impl Acts<SuspendGuarantee> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: SuspendGuarantee) -> Result<Told, Failure> {
        check_reason(&ask.reason)?;
        let mut guarantee = load(work, &ask.reference, ask.version).await?;
        guarantee.happen(GuaranteeEvent::Suspend)?;
        suspend(work, &mut guarantee, ask.reason).await?;
        Ok(view::summary(&guarantee))
    }
}

impl Acts<ResumeGuarantee> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: ResumeGuarantee) -> Result<Told, Failure> {
        let mut guarantee = load(work, &ask.reference, ask.version).await?;
        let sum = reconcile::recompute(work.txn(), guarantee.id).await?;
        if !sum.agrees(&guarantee) {
            return Err(LEDGER_BROKEN.because("postings and running balance differ").into());
        }
        guarantee.happen(GuaranteeEvent::Resume)?;
        keep(work, &mut guarantee).await?;
        Ok(view::summary(&guarantee))
    }
}

async fn suspend(work: &mut Work, guarantee: &mut Guarantee, reason: String) -> Result<(), Failure> {
    keep(work, guarantee).await?;
    let mut terms = store::terms(work.txn(), guarantee.id).await?;
    terms.reason = Some(reason);
    store::save_terms(work.txn(), guarantee.id, &terms).await
}

/// Suspends a guarantee whose ledger does not add up; one that takes no new uses anyway stays as it is.
pub(crate) async fn suspend_broken(work: &mut Work, mut guarantee: Guarantee) -> Result<(), Failure> {
    if guarantee.happen(GuaranteeEvent::Suspend).is_err() {
        return Ok(());
    }
    suspend(work, &mut guarantee, "the ledger does not add up".to_owned()).await
}
