//! The arrival: what a trader notifies at an office of destination; pure.

use chrono::{DateTime, Utc};
use customs_declarations_contract::problems::OUT_OF_SEQUENCE;
use customs_kernel::{Eori, Problem};
use uuid::Uuid;

use super::{ArrivalEvent, ArrivalState};
use crate::transit::Letter;

/// An arrival, with the messages of the present work.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    /// Its identity.
    pub(crate) id: Uuid,
    /// The movement that arrived, once known.
    pub(crate) movement: Option<Uuid>,
    /// Movement reference number as notified.
    pub(crate) mrn: String,
    /// Who notified it.
    pub(crate) trader: Eori,
    /// The actual office of destination.
    pub(crate) office: String,
    /// Where it stands.
    pub(crate) state: ArrivalState,
    /// Whether an authorised consignee receives the goods (C522).
    pub(crate) simplified: bool,
    /// How often unloading was permitted to go on.
    pub(crate) unloading: i32,
    /// The message that notified it.
    pub(crate) notification: Uuid,
    /// Whether an officer has recorded it without a notification: then nobody is written to.
    pub(crate) by_officer: bool,
    /// How many messages it has.
    pub(crate) messages: i64,
    /// When it was notified.
    pub(crate) notified_at: DateTime<Utc>,
    /// When it last changed.
    pub(crate) changed_at: DateTime<Utc>,
    /// Messages of the present work, not yet kept.
    pub(crate) letters: Vec<Letter>,
    /// Whether the arrival itself is new.
    pub(crate) fresh: bool,
}

impl Arrival {
    /// Whether `event` is possible now; if not, the problem that says so with the state's name.
    pub(crate) fn possible(&self, event: ArrivalEvent) -> Result<ArrivalState, Problem> {
        self.state.on(event).ok_or_else(|| {
            let (event, state) = (event.as_str(), self.state.as_str());
            OUT_OF_SEQUENCE.because(format!("{event} is not possible in the state {state}"))
        })
    }

    /// Lets `event` happen: the only way in which the state changes.
    pub(crate) fn happen(&mut self, event: ArrivalEvent) -> Result<(), Problem> {
        self.state = self.possible(event)?;
        Ok(())
    }

    /// Adds a message to the dossier and tells its id.
    pub(crate) fn file(&mut self, letter: Letter) -> Uuid {
        self.messages += 1;
        let letter = Letter { sequence: self.messages, ..letter };
        let id = letter.id;
        self.letters.push(letter);
        id
    }
}
