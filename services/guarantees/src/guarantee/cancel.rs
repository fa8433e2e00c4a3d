//! Use case: cancel a guarantee from a day on.

use customs_guarantees_contract::{CancelGuarantee, Guarantee as Told};
use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};

use super::{
    aggregate::sees_all,
    deadline,
    reject::check_reason,
    review::{fresh, keep},
    state::GuaranteeEvent,
    store, view,
};
use crate::{App, input::Findings};

impl Acts<CancelGuarantee> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: CancelGuarantee) -> Result<Told, Failure> {
        check_reason(&ask.reason)?;
        let mut guarantee = store::lock(work.txn(), &ask.reference).await?;
        let party = caller.actor.party.as_ref();
        if !sees_all(&caller.actor) && party != Some(&guarantee.guarantor) {
            return Err(store::unknown().into());
        }
        fresh(&guarantee, ask.version)?;
        let mut findings = Findings::default();
        let early = ask.effective_on < self.today(work.now());
        findings.require(!early, "/effectiveOn", "is over already");
        findings.done()?;
        guarantee.happen(GuaranteeEvent::Cancel)?;
        guarantee.cancelled_on = Some(ask.effective_on);
        keep(work, &mut guarantee).await?;
        let mut terms = store::terms(work.txn(), guarantee.id).await?;
        terms.reason = Some(ask.reason);
        store::save_terms(work.txn(), guarantee.id, &terms).await?;
        let due = store::start_of(ask.effective_on, self.zone);
        work.set_timer(deadline::CANCELLATION, &guarantee.id.to_string(), due);
        Ok(view::summary(&guarantee))
    }
}
