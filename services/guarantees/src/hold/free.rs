//! The order to free: whatever a movement holds ends, and no order given before brings it back.

use chrono::{DateTime, Utc};
use customs_guarantees_contract::bus;
use customs_platform::Failure;

use super::{
    Hold,
    cover::{Cover, Word},
    orders::Answer,
    state::HoldEvent,
    turn::{Told, Turn},
};
use crate::changes::Changes;

/// The reason of a movement that has ended in order: nobody owes anything, not even who was called.
const DISCHARGED: &str = "discharged";
/// The reason of a movement whose debt is paid: who was called stays so.
const PAID: &str = "paid";

impl Turn {
    /// Ends whatever the movement of `ask`, given at `said_at`, holds, which may be nothing.
    pub(super) fn free(
        &mut self,
        ask: &bus::Free,
        said_at: DateTime<Utc>,
    ) -> Result<(Answer, Told), Failure> {
        let (attempt, earlier) =
            self.known(&ask.mrn).map_or((0, None), |known| (known.attempt, known.freed_at));
        let freed_at = earlier.max(Some(said_at));
        self.note(&ask.mrn, Cover { attempt, word: Word::Freed, reasons: None, freed_at });
        let open = self.held(&ask.mrn);
        let mut changes = Changes::at(self.at);
        let mut found = self.guarantees(open.iter().filter_map(Hold::grn));
        for mut hold in open {
            hold.end(HoldEvent::Free, &ask.reason, self.at)?;
            let own = hold.guarantee.as_ref().map(|(id, _)| *id);
            let Some(position) = found.iter().position(|each| Some(each.id()) == own) else {
                changes.moved.push(hold);
                continue;
            };
            let mut guarantee = found.swap_remove(position);
            // Whatever has made use of its cover spends a voucher.
            let used = [DISCHARGED, PAID].contains(&ask.reason.as_str());
            let entry = guarantee.free(hold.minor(), used).map_err(anyhow::Error::from)?;
            changes.post(&guarantee, Some(&hold.mrn), entry);
            changes.moved(guarantee, hold);
        }
        let mut told = self.take(&ask.mrn, changes);
        if ask.reason == DISCHARGED {
            told.extend(self.recall(&ask.mrn)?);
        }
        Ok((Answer::Freed, told))
    }

    /// Takes back whatever the guarantors of movement `mrn` were called for.
    fn recall(&mut self, mrn: &str) -> Result<Told, Failure> {
        let called = self.called(mrn);
        let mut changes = Changes::at(self.at);
        let mut found = self.guarantees(called.iter().filter_map(Hold::grn));
        for mut hold in called {
            let own = hold.guarantee.as_ref().map(|(id, _)| *id);
            let Some(position) = found.iter().position(|each| Some(each.id()) == own) else { continue };
            let guarantee = &mut found[position];
            let entries = guarantee.recall(hold.minor(), hold.paid_minor).map_err(anyhow::Error::from)?;
            hold.end(HoldEvent::Recall, "recalled", self.at)?;
            for entry in entries {
                changes.post(guarantee, Some(&hold.mrn), entry);
            }
            changes.moved(guarantee.clone(), hold);
        }
        Ok(self.take(mrn, changes))
    }
}
