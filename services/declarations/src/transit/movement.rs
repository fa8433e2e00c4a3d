//! The movement: one transit declaration from lodging to discharge; pure.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use customs_declarations_contract::problems::OUT_OF_SEQUENCE;
use customs_kernel::{Eori, Problem, id::uuid_at};
use customs_messages::Document;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{MovementEvent, MovementState, facts::DeclarationFacts};

/// A transit movement, with what happened to it in the present work.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    /// Its identity.
    pub(crate) id: Uuid,
    /// Local reference number.
    pub(crate) lrn: String,
    /// Movement reference number, once allocated.
    pub(crate) mrn: Option<String>,
    /// Who lodged it.
    pub(crate) declarant: Eori,
    /// The holder of the transit procedure.
    pub(crate) holder: Eori,
    /// Who represents the holder.
    pub(crate) representative: Option<Eori>,
    /// The carrier that the declaration names.
    pub(crate) carrier: Option<Eori>,
    /// What the first goods item is, for lists.
    pub(crate) goods: Option<String>,
    /// The vehicle at departure, for lists.
    pub(crate) vehicle: Option<String>,
    /// Declaration type.
    pub(crate) declaration_type: String,
    /// Additional declaration type: A standard, D pre-lodged.
    pub(crate) additional_type: String,
    /// Whether an authorised consignor sends it (C521).
    pub(crate) simplified: bool,
    /// Where it stands.
    pub(crate) state: MovementState,
    /// Raised by every change.
    pub(crate) version: i64,
    /// Raised by every amendment.
    pub(crate) declaration_version: i32,
    /// The message that is the declaration in force.
    pub(crate) declaration: Uuid,
    /// Office of departure.
    pub(crate) departure_office: String,
    /// Office of destination: declared, then actual.
    pub(crate) destination_office: String,
    /// Countries of the offices of transit, in order.
    pub(crate) transit_countries: Vec<String>,
    /// Number of goods items.
    pub(crate) items: i32,
    /// Gross mass in millionths of a kilogram.
    pub(crate) gross_mass_micro: i64,
    /// What the risk decision gave.
    pub(crate) channel: Option<String>,
    /// How often holding the guarantees was asked for.
    pub(crate) attempt: i32,
    /// The saga in progress.
    pub(crate) saga: Option<Uuid>,
    /// The next deadline, if one runs.
    pub(crate) deadline: Option<Deadline>,
    /// How many messages it has.
    pub(crate) messages: i64,
    /// How many events it has.
    pub(crate) events: i64,
    /// Hash of the last event.
    pub(crate) last_hash: String,
    /// When it was lodged.
    pub(crate) submitted_at: DateTime<Utc>,
    /// When it was released.
    pub(crate) released_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub(crate) changed_at: DateTime<Utc>,
    /// The declaration in force, where it is at hand.
    pub(crate) document: Option<Arc<Document>>,
    /// What happened in the present work, not yet kept.
    pub(crate) news: News,
}

/// A deadline that runs: a movement waits for one thing at a time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Deadline {
    /// What it is for: the name of its timer.
    pub(crate) name: String,
    /// When it passes.
    pub(crate) at: DateTime<Utc>,
}

/// What happened in the present work.
#[derive(Clone, Debug, Default)]
pub(crate) struct News {
    /// Events, in order.
    pub(crate) events: Vec<Happened>,
    /// Messages received and issued, in order.
    pub(crate) messages: Vec<Letter>,
    /// Whether the movement itself is new.
    pub(crate) fresh: bool,
}

/// One event of a movement.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    /// Number within the movement, from 1.
    pub(crate) sequence: i64,
    /// What happened.
    pub(crate) event: MovementEvent,
    /// The state after it.
    pub(crate) state: MovementState,
    /// Who decided, where, why, by which rules.
    pub(crate) decision: Decision,
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// Hash over this event and the one before.
    pub(crate) hash: String,
}

impl Happened {
    /// The hash over this event of movement `id` and the hash of the event before.
    fn chained(&self, id: Uuid, before: &str) -> String {
        let mut hash = Sha256::new();
        for part in [
            before,
            &id.to_string(),
            &self.sequence.to_string(),
            self.event.as_str(),
            self.state.as_str(),
            self.decision.by,
            self.decision.subject.as_deref().unwrap_or_default(),
            self.decision.office.as_deref().unwrap_or_default(),
            &self.decision.reasons.join("\n"),
            &self.decision.ruleset,
            &self.at.timestamp_micros().to_string(),
        ] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hex::encode(hash.finalize())
    }
}

/// Where movement `id` stands after `events`, and the hash of the last one: by the table and the chain alone.
///
/// # Errors
/// The number of the first event that has no row in the table, is out of order or does not fit the chain.
pub(crate) fn replay(id: Uuid, events: &[Happened]) -> Result<(MovementState, String), i64> {
    let mut reached = (MovementState::Submitted, String::new());
    for (number, event) in (1..).zip(events) {
        let state = reached.0.on(event.event).filter(|state| *state == event.state).ok_or(number)?;
        let hash = event.chained(id, &reached.1);
        if event.sequence != number || hash != event.hash {
            return Err(number);
        }
        reached = (state, hash);
    }
    Ok(reached)
}

/// Who decided, where, why, by which rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decision {
    /// `system`, `officer` or `participant`.
    pub(crate) by: &'static str,
    /// The opaque id of the person, where one decided.
    pub(crate) subject: Option<String>,
    /// At which office.
    pub(crate) office: Option<String>,
    /// Why.
    pub(crate) reasons: Vec<String>,
    /// Hash of rules and reference data that judged.
    pub(crate) ruleset: String,
}

impl Decision {
    /// Decided by the system, for `reason`.
    pub(crate) fn system(reason: impl Into<String>) -> Self {
        Self { by: "system", reasons: vec![reason.into()], ..Self::default() }
    }

    /// Decided by the participant `subject`.
    pub(crate) fn participant(subject: &str, reason: impl Into<String>) -> Self {
        Self {
            by: "participant",
            subject: Some(subject.to_owned()),
            reasons: vec![reason.into()],
            ..Self::default()
        }
    }

    /// Decided by the officer `subject` at `office`.
    pub(crate) fn officer(subject: &str, office: &str, reason: impl Into<String>) -> Self {
        Self {
            by: "officer",
            subject: Some(subject.to_owned()),
            office: Some(office.to_owned()),
            reasons: vec![reason.into()],
            ruleset: String::new(),
        }
    }

    /// The same decision under the rules `ruleset`.
    pub(crate) fn under(mut self, ruleset: &str) -> Self {
        ruleset.clone_into(&mut self.ruleset);
        self
    }
}

/// A message of the procedure, received from a participant or issued to one.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// Its identity.
    pub(crate) id: Uuid,
    /// Number within its dossier, from 1.
    pub(crate) sequence: i64,
    /// `received` or `issued`.
    pub(crate) direction: &'static str,
    /// Type, such as `CC029C`.
    pub(crate) message_type: String,
    /// The sender's own identification of a received message, made unique per participant.
    pub(crate) identification: Option<String>,
    /// Whose message it is, or for whom.
    pub(crate) party: Eori,
    /// `success` or `failed`.
    pub(crate) status: &'static str,
    /// The message it answers.
    pub(crate) answers: Option<Uuid>,
    /// `xml` or `json`.
    pub(crate) format: &'static str,
    /// The body, as sent or issued.
    pub(crate) body: String,
    /// Sealed evidence of the signature, for a signed message.
    pub(crate) evidence: Option<String>,
    /// When it was received or issued.
    pub(crate) at: DateTime<Utc>,
}

impl Movement {
    /// A movement just taken in, not judged yet.
    pub(crate) fn submitted(id: Uuid, declarant: Eori, facts: &DeclarationFacts, at: DateTime<Utc>) -> Self {
        Self {
            id,
            lrn: facts.lrn.clone(),
            mrn: None,
            holder: facts.holder.clone().unwrap_or_else(|| declarant.clone()),
            declarant,
            representative: facts.representative.clone(),
            carrier: facts.carrier.clone(),
            goods: facts.goods.clone(),
            vehicle: facts.vehicle.clone(),
            declaration_type: facts.declaration_type.clone(),
            additional_type: facts.additional_type.clone(),
            simplified: facts.simplified,
            state: MovementState::Submitted,
            version: 1,
            declaration_version: 1,
            declaration: id,
            departure_office: facts.departure_office.clone(),
            destination_office: facts.destination_office.clone(),
            transit_countries: facts.transit_countries(),
            items: facts.items,
            gross_mass_micro: facts.gross_mass_micro,
            channel: None,
            attempt: 0,
            saga: None,
            deadline: None,
            messages: 0,
            events: 0,
            last_hash: String::new(),
            submitted_at: at,
            released_at: None,
            changed_at: at,
            document: None,
            news: News { fresh: true, ..News::default() },
        }
    }

    /// Whether `event` is possible now; if not, the problem that says so with the state's name.
    pub(crate) fn possible(&self, event: MovementEvent) -> Result<MovementState, Problem> {
        self.state.on(event).ok_or_else(|| {
            let (event, state) = (event.as_str(), self.state.as_str());
            OUT_OF_SEQUENCE.because(format!("{event} is not possible in the state {state}"))
        })
    }

    /// Lets `event` happen: the only way in which the state changes.
    pub(crate) fn happen(
        &mut self,
        event: MovementEvent,
        decision: Decision,
        at: DateTime<Utc>,
    ) -> Result<(), Problem> {
        self.state = self.possible(event)?;
        self.events += 1;
        self.changed_at = at;
        let mut happened =
            Happened { sequence: self.events, event, state: self.state, decision, at, hash: String::new() };
        happened.hash = happened.chained(self.id, &self.last_hash);
        self.last_hash.clone_from(&happened.hash);
        self.news.events.push(happened);
        Ok(())
    }

    /// Whether `party` answers for the goods on the way: who is named as their carrier, or the holder of the procedure.
    pub(crate) fn is_carried_by(&self, party: &Eori) -> bool {
        self.carrier.as_ref() == Some(party) || self.holder == *party
    }

    /// Adds a message to the dossier and tells its id.
    pub(crate) fn file(&mut self, letter: Letter) -> Uuid {
        self.messages += 1;
        let letter = Letter { sequence: self.messages, ..letter };
        let id = letter.id;
        self.news.messages.push(letter);
        id
    }

    /// Everybody who may see the movement.
    pub(crate) fn parties(&self) -> Vec<Eori> {
        let mut parties = vec![self.declarant.clone(), self.holder.clone()];
        parties.extend(self.representative.clone());
        parties.extend(self.carrier.clone());
        parties.sort();
        parties.dedup();
        parties
    }
}

impl Letter {
    /// A message of customs for `party`.
    pub(crate) fn issued(
        message_type: &str,
        party: &Eori,
        body: String,
        answers: Option<Uuid>,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            id: uuid_at(at),
            sequence: 0,
            direction: "issued",
            message_type: message_type.to_owned(),
            identification: None,
            party: party.clone(),
            status: "success",
            answers,
            format: "xml",
            body,
            evidence: None,
            at,
        }
    }
}

#[cfg(test)]
#[path = "random_tests.rs"]
mod random_tests;

#[cfg(test)]
mod tests {
    use super::*;

    fn movement() -> Movement {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let facts = DeclarationFacts { lrn: "L1".to_owned(), ..DeclarationFacts::default() };
        Movement::submitted(uuid_at(at), "KZ123".parse().unwrap(), &facts, at)
    }

    #[test]
    fn what_is_not_in_the_table_is_refused_with_the_name_of_the_state() {
        let mut movement = movement();
        let at = movement.submitted_at;
        let refused = movement.happen(MovementEvent::Release, Decision::system("test"), at).unwrap_err();
        assert!(refused.detail.contains("submitted"), "{refused}");
        assert_eq!(movement.events, 0);
    }

    #[test]
    fn every_event_is_chained_to_the_one_before() {
        let mut movement = movement();
        let at = movement.submitted_at;
        movement.happen(MovementEvent::PreLodge, Decision::system("test"), at).unwrap();
        let first = movement.last_hash.clone();
        movement.happen(MovementEvent::Amend, Decision::system("test"), at).unwrap();
        assert_ne!(first, movement.last_hash);
        assert_eq!(movement.news.events.iter().map(|event| event.sequence).collect::<Vec<_>>(), [1, 2]);
    }
}
