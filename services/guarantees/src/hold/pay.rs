//! Use case: record that the guarantor has paid for a called hold.

use customs_guarantees_contract::{GuaranteeContract, RecordGuaranteePayment, problems::HOLD_NOT_OPEN};
use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};

use super::{
    reduce::{above, amount_of, latest_hold},
    state::HoldState,
};
use crate::{App, changes::Changes, guarantee};

impl Acts<RecordGuaranteePayment> for App {
    async fn act(
        &self,
        work: &mut Work,
        _: &Caller,
        ask: RecordGuaranteePayment,
    ) -> Result<GuaranteeContract, Failure> {
        let (mut guarantee, mut hold) = latest_hold(work, &ask.reference, &ask.mrn).await?;
        if hold.state != HoldState::Called {
            return Err(HOLD_NOT_OPEN.because("the guarantor was not called for this movement").into());
        }
        let minor = amount_of(&ask.amount, &guarantee)?;
        let owed = hold.minor().saturating_sub(hold.paid_minor);
        if minor > owed {
            return Err(above("the payment is above what is called and unpaid").into());
        }
        let entry = guarantee.pay(minor).map_err(anyhow::Error::from)?;
        hold.paid_minor = hold.paid_minor.saturating_add(minor);
        let told = guarantee::contract(work.txn(), &guarantee).await?;
        let mut changes = Changes::at(work.now());
        changes.post(&guarantee, Some(&ask.mrn), entry);
        changes.paid(guarantee, hold);
        changes.carry(work).await?;
        Ok(told)
    }
}
