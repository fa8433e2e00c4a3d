//! From a fact on the bus to what is told of it, and to whom.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use customs_declarations_contract::bus::{
    IncidentReported, MessageIssued, MovementChanged, MovementFact, NoteWritten,
};
use customs_guarantees_contract::bus::{GuaranteeChanged, IncidentTold, UseChanged};
use customs_kernel::OfficeCode;
use customs_notifications_contract::event::{
    self, GuaranteeChangedData, GuaranteeIncidentToldData, GuaranteeUseChangedData, IncidentReportedData,
    MessageIssuedData, MovementChangedData, MovementStageData, NoteWrittenData,
};
use serde_json::Value;
use uuid::Uuid;

const DECLARATIONS: &str = "/declarations";
const GUARANTEES: &str = "/guarantees";

/// What is told, and to whom.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// The boxes it goes into.
    pub(crate) owners: BTreeSet<String>,
    /// Type of the event.
    pub(crate) kind: &'static str,
    /// The service that tells of it.
    pub(crate) source: &'static str,
    /// What it is about.
    pub(crate) subject: Option<String>,
    /// Within which webhooks keep order.
    pub(crate) order_key: String,
    /// The content, by the schema of the type.
    pub(crate) data: Value,
    /// The message of the procedure.
    pub(crate) message: Option<Uuid>,
    /// Its type.
    pub(crate) message_type: Option<String>,
    /// `departure` or `arrival`.
    pub(crate) side: Option<String>,
    /// The movement.
    pub(crate) movement: Option<Uuid>,
    /// Local reference number.
    pub(crate) lrn: Option<String>,
    /// Movement reference number.
    pub(crate) mrn: Option<String>,
    /// Guarantee reference number.
    pub(crate) grn: Option<String>,
    /// The new state.
    pub(crate) state: Option<String>,
    /// When it happened.
    pub(crate) occurred_at: DateTime<Utc>,
}

impl Told {
    fn of_movement(kind: &'static str, movement: Uuid, occurred_at: DateTime<Utc>, data: Value) -> Self {
        let subject = format!("movement/{movement}");
        Self {
            owners: BTreeSet::new(),
            kind,
            source: DECLARATIONS,
            order_key: subject.clone(),
            subject: Some(subject),
            data,
            message: None,
            message_type: None,
            side: None,
            movement: Some(movement),
            lrn: None,
            mrn: None,
            grn: None,
            state: None,
            occurred_at,
        }
    }

    fn to(mut self, owners: impl IntoIterator<Item = String>) -> Self {
        self.owners.extend(owners);
        self
    }
}

/// The box of the officers at `office`.
pub(crate) fn office_box(office: &str) -> String {
    format!("office:{office}")
}

/// A message of the procedure was issued.
pub(crate) fn message_issued(fact: &MessageIssued) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(MessageIssuedData {
        message: fact.message,
        message_type: fact.message_type.clone(),
        movement: fact.movement,
        side: fact.side.clone(),
        lrn: fact.lrn.clone(),
        mrn: fact.mrn.clone(),
        sequence: fact.sequence,
    })?;
    let told = Told {
        message: Some(fact.message),
        message_type: Some(fact.message_type.clone()),
        side: Some(fact.side.clone()),
        lrn: fact.lrn.clone(),
        mrn: fact.mrn.clone(),
        ..Told::of_movement(event::MESSAGE_ISSUED, fact.movement, fact.at, data)
    };
    Ok(told.to([fact.recipient.to_string()]))
}

/// A movement changed its state. Who else is party to it is not told.
pub(crate) fn movement_changed(fact: &MovementChanged) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(MovementChangedData {
        movement: fact.movement,
        lrn: fact.lrn.clone(),
        mrn: fact.mrn.clone(),
        state: fact.state.clone(),
        sequence: fact.sequence,
    })?;
    let told = Told {
        lrn: Some(fact.lrn.clone()),
        mrn: fact.mrn.clone(),
        state: Some(fact.state.clone()),
        ..Told::of_movement(event::MOVEMENT_CHANGED, fact.movement, fact.at, data)
    };
    Ok(told.to(fact.parties.iter().chain([&fact.holder]).map(ToString::to_string)))
}

/// Goods were released for transit.
pub(crate) fn movement_released(fact: &MovementFact) -> Result<Told, serde_json::Error> {
    stage(event::MOVEMENT_RELEASED, fact)
}

/// A movement arrived.
pub(crate) fn movement_arrived(fact: &MovementFact) -> Result<Told, serde_json::Error> {
    stage(event::MOVEMENT_ARRIVED, fact)
}

/// A movement is discharged.
pub(crate) fn movement_discharged(fact: &MovementFact) -> Result<Told, serde_json::Error> {
    stage(event::MOVEMENT_DISCHARGED, fact)
}

fn stage(kind: &'static str, fact: &MovementFact) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(MovementStageData {
        movement: fact.movement,
        mrn: fact.mrn.clone(),
        declaration_type: fact.declaration_type.clone(),
        departure_office: fact.departure_office.to_string(),
        destination_office: fact.destination_office.to_string(),
        day: fact.day,
    })?;
    let told = Told { mrn: Some(fact.mrn.clone()), ..Told::of_movement(kind, fact.movement, fact.at, data) };
    let offices = [&fact.departure_office, &fact.destination_office];
    Ok(told.to(offices.map(OfficeCode::as_str).map(office_box)))
}

/// The use of a guarantee changed.
pub(crate) fn use_changed(fact: &UseChanged) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(GuaranteeUseChangedData {
        grn: fact.grn.clone(),
        guarantor: fact.guarantor.to_string(),
        owner: fact.owner.to_string(),
        movement: fact.movement,
        mrn: fact.mrn.clone(),
        amount: fact.amount.decimal(),
        currency: fact.amount.currency.to_string(),
        state: fact.state.clone(),
    })?;
    let told = Told {
        source: GUARANTEES,
        subject: Some(format!("guarantee/{}", fact.grn)),
        mrn: Some(fact.mrn.clone()),
        grn: Some(fact.grn.clone()),
        state: Some(fact.state.clone()),
        ..Told::of_movement(event::GUARANTEE_USE_CHANGED, fact.movement, fact.at, data)
    };
    Ok(told.to([fact.guarantor.to_string(), fact.owner.to_string()]))
}

/// Something has happened to goods that a guarantee covers.
pub(crate) fn incident_told(fact: &IncidentTold) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(GuaranteeIncidentToldData {
        grn: fact.grn.clone(),
        movement: fact.movement,
        mrn: fact.mrn.clone(),
        code: fact.code.clone(),
        endorsed: fact.endorsed,
        office: fact.office.clone(),
    })?;
    let told = Told {
        source: GUARANTEES,
        subject: Some(format!("guarantee/{}", fact.grn)),
        mrn: Some(fact.mrn.clone()),
        grn: Some(fact.grn.clone()),
        ..Told::of_movement(event::GUARANTEE_INCIDENT_TOLD, fact.movement, fact.at, data)
    };
    Ok(told.to([fact.guarantor.to_string()]))
}

/// An office wrote to a declarant, or a declarant to an office: the other one is told.
pub(crate) fn note_written(fact: &NoteWritten) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(NoteWrittenData {
        movement: fact.movement,
        lrn: fact.lrn.clone(),
        mrn: fact.mrn.clone(),
        note: fact.number,
        by: fact.by.clone(),
        office: fact.office.to_string(),
        asks_answer: fact.asks_answer,
    })?;
    let told = Told {
        lrn: Some(fact.lrn.clone()),
        mrn: fact.mrn.clone(),
        side: Some("departure".to_owned()),
        ..Told::of_movement(event::NOTE_WRITTEN, fact.movement, fact.at, data)
    };
    let reader = if fact.by == "officer" { fact.party.to_string() } else { office_box(fact.office.as_str()) };
    Ok(told.to([reader]))
}

/// Who carries goods has reported an incident to an office.
pub(crate) fn incident_reported(fact: &IncidentReported) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(IncidentReportedData {
        movement: fact.movement,
        mrn: fact.mrn.clone(),
        code: fact.code.clone(),
        office: fact.office.to_string(),
    })?;
    let told = Told {
        lrn: Some(fact.lrn.clone()),
        mrn: Some(fact.mrn.clone()),
        ..Told::of_movement(event::INCIDENT_REPORTED, fact.movement, fact.at, data)
    };
    Ok(told.to([office_box(fact.office.as_str())]))
}

/// A guarantee contract changed its state.
pub(crate) fn guarantee_changed(fact: &GuaranteeChanged) -> Result<Told, serde_json::Error> {
    let data = serde_json::to_value(GuaranteeChangedData {
        grn: fact.grn.clone(),
        guarantor: fact.guarantor.to_string(),
        owner: fact.owner.to_string(),
        state: fact.state.clone(),
        headroom_percent: fact.headroom_percent,
        headroom: fact.headroom.map(customs_kernel::Money::decimal),
        currency: fact.headroom.map(|money| money.currency.to_string()),
        level_percent: fact.level_percent,
        warned_at_percent: fact.warned_at_percent,
    })?;
    let subject = fact.grn.as_ref().map(|grn| format!("guarantee/{grn}"));
    let order_key = subject.clone().unwrap_or_else(|| format!("guarantees/{}", fact.owner));
    let told = Told {
        owners: BTreeSet::new(),
        kind: event::GUARANTEE_CHANGED,
        source: GUARANTEES,
        subject,
        order_key,
        data,
        message: None,
        message_type: None,
        side: None,
        movement: None,
        lrn: None,
        mrn: None,
        grn: fact.grn.clone(),
        state: Some(fact.state.clone()),
        occurred_at: fact.at,
    };
    Ok(told.to([fact.guarantor.to_string(), fact.owner.to_string()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed() -> MovementChanged {
        let eori = |text: &str| text.parse().unwrap();
        MovementChanged {
            movement: Uuid::nil(),
            holder: eori("KZ1"),
            parties: vec![eori("KZ2"), eori("KZ1"), eori("KZ2")],
            lrn: "L1".to_owned(),
            mrn: None,
            state: "released".to_owned(),
            sequence: 3,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn who_is_party_twice_is_told_once() {
        let told = movement_changed(&changed()).unwrap();
        assert_eq!(told.owners.iter().collect::<Vec<_>>(), ["KZ1", "KZ2"]);
    }

    #[test]
    fn a_note_is_told_to_the_other_side() {
        let note = |by: &str| NoteWritten {
            movement: Uuid::nil(),
            lrn: "L1".to_owned(),
            mrn: None,
            number: 1,
            by: by.to_owned(),
            office: "KZALA001".parse().unwrap(),
            party: "KZ1".parse().unwrap(),
            asks_answer: true,
            at: DateTime::UNIX_EPOCH,
        };
        for (by, reader) in [("officer", "KZ1"), ("participant", "office:KZALA001")] {
            let told = note_written(&note(by)).unwrap();
            assert_eq!(told.owners.iter().collect::<Vec<_>>(), [reader]);
        }
    }

    #[test]
    fn who_else_is_party_is_not_told() {
        let told = movement_changed(&changed()).unwrap();
        assert!(!told.data.to_string().contains("KZ"), "{}", told.data);
    }
}
