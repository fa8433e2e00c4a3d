//! The facts that declarations tells, as they travel on the bus.

use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::{Eori, OfficeCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Fact: a message of the procedure (IE928, IE028 ...) was issued to a participant.
pub const MESSAGE_ISSUED: &str = "declarations.message-issued";
/// Fact: a movement changed its state; for timelines.
pub const MOVEMENT_CHANGED: &str = "declarations.movement-changed";
/// Fact: goods were released for transit (the point of no return).
pub const MOVEMENT_RELEASED: &str = "declarations.movement-released";
/// Fact: a movement arrived at its office of destination.
pub const MOVEMENT_ARRIVED: &str = "declarations.movement-arrived";
/// Fact: a movement is discharged and its guarantee is free.
pub const MOVEMENT_DISCHARGED: &str = "declarations.movement-discharged";

/// Fact: something has happened to the goods on the way; for the guarantors of the movement.
pub const INCIDENT_REGISTERED: &str = "declarations.incident-registered";

/// Fact: who carries the goods reports an incident; for the office that is to register it.
pub const INCIDENT_REPORTED: &str = "declarations.incident-reported";

/// Fact: an office and a declarant write to each other; for who is to read it.
pub const NOTE_WRITTEN: &str = "declarations.note-written";

/// The content of [`NOTE_WRITTEN`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteWritten {
    /// The movement.
    pub movement: Uuid,
    /// Local reference number.
    pub lrn: String,
    /// Movement reference number, once allocated.
    pub mrn: Option<String>,
    /// Number of the note within the movement.
    pub number: i64,
    /// Who wrote it: `officer` or `participant`.
    pub by: String,
    /// The office that wrote it or that it was written to.
    pub office: OfficeCode,
    /// The declarant who wrote it or to whom it was written.
    pub party: Eori,
    /// Whether an answer is asked for.
    pub asks_answer: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// The content of [`INCIDENT_REGISTERED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IncidentRegistered {
    /// The movement.
    pub movement: Uuid,
    /// Movement reference number.
    pub mrn: String,
    /// Code of the incident.
    pub code: String,
    /// Whether the office endorsed it.
    pub endorsed: bool,
    /// The office that registered it.
    pub office: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The content of [`INCIDENT_REPORTED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IncidentReported {
    /// The movement.
    pub movement: Uuid,
    /// Local reference number.
    pub lrn: String,
    /// Movement reference number.
    pub mrn: String,
    /// Code of the incident.
    pub code: String,
    /// The office to which it is reported.
    pub office: OfficeCode,
    /// When.
    pub at: DateTime<Utc>,
}

/// The content of [`MESSAGE_ISSUED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageIssued {
    /// The message; it can be read under this id.
    pub message: Uuid,
    /// The movement it belongs to.
    pub movement: Uuid,
    /// `departure` or `arrival`, as the participant knows the movement.
    pub side: String,
    /// The participant it is for.
    pub recipient: Eori,
    /// Type, such as `CC029C`.
    pub message_type: String,
    /// Local reference number, once known.
    pub lrn: Option<String>,
    /// Movement reference number, once allocated.
    pub mrn: Option<String>,
    /// Number of the message within the movement, from 1 without gaps.
    pub sequence: i64,
    /// When it was issued.
    pub at: DateTime<Utc>,
}

/// The content of [`MOVEMENT_CHANGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MovementChanged {
    /// The movement.
    pub movement: Uuid,
    /// The holder of the transit procedure.
    pub holder: Eori,
    /// Who else is party to it and may follow it: representative, carrier, trader at destination.
    pub parties: Vec<Eori>,
    /// Local reference number.
    pub lrn: String,
    /// Movement reference number, once allocated.
    pub mrn: Option<String>,
    /// The new state.
    pub state: String,
    /// Number of the change within the movement, from 1 without gaps.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// The content of [`MOVEMENT_RELEASED`], [`MOVEMENT_ARRIVED`] and [`MOVEMENT_DISCHARGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MovementFact {
    /// The movement.
    pub movement: Uuid,
    /// Movement reference number.
    pub mrn: String,
    /// Declaration type: T1, T2 ...
    pub declaration_type: String,
    /// Office of departure.
    pub departure_office: OfficeCode,
    /// Office of destination: declared, from arrival on the actual one.
    pub destination_office: OfficeCode,
    /// Countries of the offices of transit, in order.
    pub transit_countries: Vec<String>,
    /// Number of goods items.
    pub items: u32,
    /// Gross mass in millionths of a kilogram.
    pub gross_mass_micro: i64,
    /// The day by the calendar of the office where it happened.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
}
