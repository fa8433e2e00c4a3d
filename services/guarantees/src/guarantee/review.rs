//! Use case: take a proposed guarantee under examination.

use customs_guarantees_contract::{Guarantee as Told, ReviewGuarantee};
use customs_kernel::{Caller, Problem, problem};
use customs_platform::{Acts, Failure, Work};

use super::{Guarantee, state::GuaranteeEvent, store, view};
use crate::{App, changes::tell_news};

impl Acts<ReviewGuarantee> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: ReviewGuarantee) -> Result<Told, Failure> {
        let mut guarantee = load(work, &ask.reference, ask.version).await?;
        guarantee.happen(GuaranteeEvent::Review)?;
        keep(work, &mut guarantee).await?;
        Ok(view::summary(&guarantee))
    }
}

/// The contract `reference` names, locked, if its version is the one that was looked at.
pub(super) async fn load(work: &Work, reference: &str, version: Option<i32>) -> Result<Guarantee, Failure> {
    let guarantee = store::lock(work.txn(), reference).await?;
    fresh(&guarantee, version)?;
    Ok(guarantee)
}

/// Whether `version`, where given, is the present one.
pub(super) fn fresh(guarantee: &Guarantee, version: Option<i32>) -> Result<(), Problem> {
    if version.is_some_and(|version| version != guarantee.version) {
        let detail = format!("the version is {} by now", guarantee.version);
        return Err(problem::VERSION_STALE.because(detail).at("/version"));
    }
    Ok(())
}

/// Keeps a decision about the contract and tells guarantor and owner.
pub(super) async fn keep(work: &mut Work, guarantee: &mut Guarantee) -> Result<(), Failure> {
    guarantee.version = guarantee.version.saturating_add(1);
    store::save(work.txn(), guarantee).await?;
    tell_news(work, guarantee)
}
