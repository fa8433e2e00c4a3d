//! Use case: change the insured amount, up at once and down not below what is in use.

use customs_guarantees_contract::{
    AmendGuarantee, Guarantee as Told,
    problems::{AMOUNT_BELOW_USE, GUARANTEE_STATE},
};
use customs_kernel::{Caller, Problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    Guarantee,
    review::{keep, load},
    state::GuaranteeState,
    view,
};
use crate::{
    App,
    changes::Changes,
    input::{self, Findings},
    ledger::{self, LedgerError},
};

impl Acts<AmendGuarantee> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: AmendGuarantee) -> Result<Told, Failure> {
        let insured = input::amount(&ask.insured_amount, "/insuredAmount")?;
        let mut guarantee = load(work, &ask.reference, ask.version).await?;
        amendable(&guarantee)?;
        let mut findings = Findings::default();
        let same = insured.currency == guarantee.book.currency();
        findings.require(same, "/insuredAmount/currency", "is not the currency of the guarantee");
        findings.require(insured.minor > 0, "/insuredAmount/amount", "must be above zero");
        findings.done()?;
        let entry = guarantee.amend(insured).map_err(refusal)?;
        keep(work, &mut guarantee).await?;
        let mut changes = Changes::at(work.now());
        changes.post(&guarantee, None, entry);
        ledger::store::append(work.txn(), &changes.into_postings()).await?;
        Ok(view::summary(&guarantee))
    }
}

/// Whether amount and level can be changed in this state.
pub(super) fn amendable(guarantee: &Guarantee) -> Result<(), Problem> {
    use GuaranteeState::{Active, Cancelled, Exhausted, Suspended};
    if matches!(guarantee.state, Active | Cancelled | Exhausted | Suspended) {
        return Ok(());
    }
    Err(GUARANTEE_STATE.because(format!("amend is not possible while {}", guarantee.state.as_str())))
}

fn refusal(error: LedgerError) -> Problem {
    match error {
        LedgerError::NotEnough => AMOUNT_BELOW_USE.because("more than that is held, called or paid"),
        LedgerError::OutOfRange => AMOUNT_BELOW_USE.because("the amount does not fit"),
    }
    .at("/insuredAmount")
}
