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

/// The reason of a movement that has made use of its cover: a voucher is spent by it.
const DISCHARGED: &str = "discharged";

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
            let used = ask.reason == DISCHARGED;
            let entry = guarantee.free(hold.minor(), used).map_err(anyhow::Error::from)?;
            changes.post(&guarantee, Some(&hold.mrn), entry);
            changes.moved(guarantee, hold);
        }
        Ok((Answer::Freed, self.take(&ask.mrn, changes)))
    }
}
