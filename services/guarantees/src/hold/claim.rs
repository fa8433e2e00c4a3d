//! The order to call: the guarantors of a movement owe its debt, what the debt leaves of the holds is freed.

use customs_guarantees_contract::bus;
use customs_kernel::Money;
use customs_platform::Failure;

use super::{
    Hold,
    orders::Answer,
    state::{HoldEvent, HoldState},
    turn::{Told, Turn},
};
use crate::{changes::Changes, guarantee::Guarantee};

impl Turn {
    /// Calls the guarantors for the debt of `ask`; asked again, the answer is what was called.
    pub(super) fn call(&mut self, ask: &bus::Call) -> Result<(Answer, Told), Failure> {
        let earlier = self.called(&ask.mrn).iter().map(Hold::minor).sum();
        if earlier > 0 {
            let called = Answer::Called(Money::new(earlier, ask.debt.currency));
            return Ok((called, Told::default()));
        }
        let open: Vec<Hold> = self.held(&ask.mrn);
        let same = |hold: &Hold| hold.amount.is_some_and(|amount| amount.currency == ask.debt.currency);
        if ask.debt.minor <= 0 || !open.iter().any(|hold| same(hold) && hold.minor() > 0) {
            let why = "the movement holds nothing in the currency of the debt";
            return Ok((Answer::CallRefused(why), Told::default()));
        }
        let mut changes = Changes::at(self.at);
        let mut found = self.guarantees(open.iter().filter_map(Hold::grn));
        let mut owed = ask.debt.minor;
        for mut hold in open.into_iter().filter(same) {
            let own = hold.guarantee.as_ref().map(|(id, _)| *id);
            let Some(position) = found.iter().position(|each| Some(each.id()) == own) else { continue };
            let callable = found.get(position).map_or(0, Guarantee::callable);
            let part = owed.min(hold.minor()).min(callable);
            if part == 0 {
                // Nothing is owed of it any more, or nothing is insured: it stays until the movement is written off.
                continue;
            }
            let mut guarantee = found.swap_remove(position);
            let entries = guarantee.call(hold.minor(), part).map_err(anyhow::Error::from)?;
            hold.end(HoldEvent::Call, HoldState::Called.as_str(), self.at)?;
            hold.amount = Some(Money::new(part, ask.debt.currency));
            owed -= part;
            for entry in entries {
                changes.post(&guarantee, Some(&hold.mrn), entry);
            }
            changes.moved(guarantee, hold);
        }
        if owed == ask.debt.minor {
            let why = "the guarantors have paid, or were called for, all that they insure";
            return Ok((Answer::CallRefused(why), Told::default()));
        }
        let called = Money::new(ask.debt.minor - owed, ask.debt.currency);
        Ok((Answer::Called(called), self.take(&ask.mrn, changes)))
    }
}
