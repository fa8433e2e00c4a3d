//! Use case: call the guarantor for a debt of a movement.

use customs_guarantees_contract::{CallHold, GuaranteeUse};
use customs_kernel::{Caller, Money};
use customs_platform::{Acts, Failure, Work};

use super::{
    reduce::{above, amount_of, open_hold},
    state::HoldEvent,
    uses::told_use,
};
use crate::{App, changes::Changes};

impl Acts<CallHold> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: CallHold) -> Result<GuaranteeUse, Failure> {
        let (mut guarantee, mut hold) = open_hold(work, &ask.reference, &ask.mrn).await?;
        let debt = amount_of(&ask.amount, &guarantee)?;
        if debt > hold.minor() {
            return Err(above("the debt is above what is held").into());
        }
        if debt > guarantee.callable() {
            return Err(above("the debt is above what is insured and not called for yet").into());
        }
        let entries = guarantee.call(hold.minor(), debt).map_err(anyhow::Error::from)?;
        hold.end(HoldEvent::Call, "called", work.now())?;
        hold.amount = Some(Money::new(debt, guarantee.book().currency()));
        let told = told_use(&hold);
        let mut changes = Changes::at(work.now());
        for entry in entries {
            changes.post(&guarantee, Some(&ask.mrn), entry);
        }
        changes.moved(guarantee, hold);
        changes.carry(work).await?;
        Ok(told)
    }
}
