//! Use case: lower what a movement holds of a guarantee.

use customs_guarantees_contract::{
    GuaranteeMoney, GuaranteeUse, ReduceHold,
    problems::{AMOUNT_ABOVE_HOLD, HOLD_NOT_OPEN},
};
use customs_kernel::{Caller, Problem};
use customs_platform::{Acts, Failure, Work};

use super::{Hold, store, uses::told_use};
use crate::{App, changes::Changes, guarantee, guarantee::Guarantee, input};

impl Acts<ReduceHold> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: ReduceHold) -> Result<GuaranteeUse, Failure> {
        let (mut guarantee, mut hold) = open_hold(work, &ask.reference, &ask.mrn).await?;
        let minor = amount_of(&ask.amount, &guarantee)?;
        if minor >= hold.minor() {
            return Err(above("the new amount is not below what is held").into());
        }
        let entry = guarantee.change_hold(hold.minor(), minor).map_err(anyhow::Error::from)?;
        hold.cover(minor)?;
        let told = told_use(&hold);
        let mut changes = Changes::at(work.now());
        changes.post(&guarantee, Some(&ask.mrn), entry);
        changes.moved(guarantee, hold);
        changes.carry(work).await?;
        Ok(told)
    }
}

/// The guarantee of `reference`, locked, and what movement `mrn` holds of it.
pub(super) async fn open_hold(work: &Work, reference: &str, mrn: &str) -> Result<(Guarantee, Hold), Failure> {
    let (guarantee, hold) = latest_hold(work, reference, mrn).await?;
    if hold.ended_at.is_some() {
        return Err(HOLD_NOT_OPEN.because("the movement holds nothing of this guarantee any more").into());
    }
    Ok((guarantee, hold))
}

/// The guarantee of `reference`, locked, and what movement `mrn` holds of it or held last.
pub(super) async fn latest_hold(
    work: &Work,
    reference: &str,
    mrn: &str,
) -> Result<(Guarantee, Hold), Failure> {
    store::lock(work.txn(), mrn).await?;
    let guarantee = guarantee::store::lock(work.txn(), reference).await?;
    let hold = store::latest(work.txn(), guarantee.id(), mrn).await?;
    let hold = hold.ok_or_else(|| {
        customs_kernel::problem::NOT_FOUND.because("the movement never held of this guarantee").at("/mrn")
    })?;
    Ok((guarantee, hold))
}

/// The hundredths that were asked for, in the currency of `guarantee`.
pub(super) fn amount_of(asked: &GuaranteeMoney, guarantee: &Guarantee) -> Result<i64, Problem> {
    let money = input::amount(asked, "/amount")?;
    if money.currency == guarantee.book().currency() {
        return Ok(money.minor);
    }
    let mut findings = input::Findings::default();
    findings.add("/amount/currency", "is not the currency of the guarantee");
    Err(findings.problem())
}

/// More was asked than there is.
pub(super) fn above(detail: &str) -> Problem {
    AMOUNT_ABOVE_HOLD.because(detail).at("/amount")
}
