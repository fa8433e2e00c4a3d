//! Use case: reject a proposed guarantee.

use customs_guarantees_contract::{Guarantee as Told, RejectGuarantee};
use customs_kernel::{Caller, Problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    review::{keep, load},
    state::GuaranteeEvent,
    store, view,
};
use crate::{App, input::Findings};

const REASON_MAX: usize = 500;

impl Acts<RejectGuarantee> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: RejectGuarantee) -> Result<Told, Failure> {
        check_reason(&ask.reason)?;
        let mut guarantee = load(work, &ask.reference, ask.version).await?;
        let mut terms = store::terms(work.txn(), guarantee.id).await?;
        guarantee.happen(GuaranteeEvent::Reject)?;
        terms.decided(&caller.actor, work.now(), Some(ask.reason))?;
        keep(work, &mut guarantee).await?;
        store::save_terms(work.txn(), guarantee.id, &terms).await?;
        Ok(view::summary(&guarantee))
    }
}

/// A reason says something, in a few sentences.
pub(super) fn check_reason(reason: &str) -> Result<(), Problem> {
    let mut findings = Findings::default();
    findings.text(reason, REASON_MAX, "/reason");
    findings.done()
}
