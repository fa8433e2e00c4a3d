//! Events as outsiders see them: `CloudEvents` 1.0 and the catalogue of their types.

use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A message of the procedure (IE928, IE028 ...) was issued to the participant.
pub const MESSAGE_ISSUED: &str = "ecustoms.message.issued";
/// A movement to which the participant is party changed its state.
pub const MOVEMENT_CHANGED: &str = "ecustoms.movement.changed";
/// Goods were released for transit; told to the offices of departure and destination.
pub const MOVEMENT_RELEASED: &str = "ecustoms.movement.released";
/// A movement arrived at its destination; told to the offices of departure and destination.
pub const MOVEMENT_ARRIVED: &str = "ecustoms.movement.arrived";
/// A movement is discharged; told to the offices of departure and destination.
pub const MOVEMENT_DISCHARGED: &str = "ecustoms.movement.discharged";
/// A guarantee that the participant gives or owns is used differently.
pub const GUARANTEE_USE_CHANGED: &str = "ecustoms.guarantee.use-changed";
/// Something has happened to goods for which the participant guarantees.
pub const GUARANTEE_INCIDENT_TOLD: &str = "ecustoms.guarantee.incident-told";
/// A guarantee contract that the participant gives or owns changed its state.
pub const GUARANTEE_CHANGED: &str = "ecustoms.guarantee.changed";
/// An office has written to the participant about a movement, or a participant to the office.
pub const NOTE_WRITTEN: &str = "ecustoms.note.written";
/// Who carries goods reports an incident; told to the office that is to register it.
pub const INCIDENT_REPORTED: &str = "ecustoms.incident.reported";
/// A test asked for by the owner of a webhook; it stands in no box.
pub const WEBHOOK_TESTED: &str = "ecustoms.webhook.tested";

/// Every type that stands in boxes and goes to webhooks.
pub const TYPES: &[&str] = &[
    MESSAGE_ISSUED,
    MOVEMENT_CHANGED,
    MOVEMENT_RELEASED,
    MOVEMENT_ARRIVED,
    MOVEMENT_DISCHARGED,
    GUARANTEE_USE_CHANGED,
    GUARANTEE_INCIDENT_TOLD,
    GUARANTEE_CHANGED,
    NOTE_WRITTEN,
    INCIDENT_REPORTED,
];

/// The types that a participant can be told of; the others are for offices.
pub const FOR_PARTICIPANTS: &[&str] = &[
    MESSAGE_ISSUED,
    MOVEMENT_CHANGED,
    GUARANTEE_USE_CHANGED,
    GUARANTEE_INCIDENT_TOLD,
    GUARANTEE_CHANGED,
    NOTE_WRITTEN,
];

/// One event in the JSON form of `CloudEvents` 1.0; the body of a webhook and of a live stream.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "lowercase")]
pub struct CloudEvent {
    /// Version of `CloudEvents`: `1.0`.
    #[schema(max_length = 3, pattern = "^1\\.0$")]
    pub specversion: String,
    /// Identity of the event for this recipient; the same however often it is sent.
    #[schema(max_length = 36)]
    pub id: String,
    /// The service that tells of it, such as `/declarations`.
    #[schema(max_length = 100)]
    pub source: String,
    /// Type of the event by the catalogue.
    #[graphql(name = "type")]
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    pub kind: String,
    /// What it is about: `movement/<id>` or `guarantee/<GRN>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub subject: Option<String>,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// Media type of the data: `application/json`.
    #[schema(max_length = 100)]
    pub datacontenttype: String,
    /// Number in the recipient's box, from 1 without gaps; absent from a test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boxnumber: Option<i64>,
    /// Links everything that follows from one request of a client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 255)]
    pub correlationid: Option<String>,
    /// What happened, by the schema of the type.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// Data of [`MESSAGE_ISSUED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageIssuedData {
    /// The message; it can be read under this id.
    pub message: Uuid,
    /// Type, such as `CC029C`.
    pub message_type: String,
    /// The movement it belongs to.
    pub movement: Uuid,
    /// `departure` or `arrival`, as the participant knows the movement.
    pub side: String,
    /// Local reference number, once known.
    pub lrn: Option<String>,
    /// Movement reference number, once allocated.
    pub mrn: Option<String>,
    /// Number of the message within the movement, from 1 without gaps.
    pub sequence: i64,
}

/// Data of [`MOVEMENT_CHANGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementChangedData {
    /// The movement.
    pub movement: Uuid,
    /// Local reference number.
    pub lrn: String,
    /// Movement reference number, once allocated.
    pub mrn: Option<String>,
    /// The new state.
    pub state: String,
    /// Number of the change within the movement, from 1 without gaps.
    pub sequence: i64,
}

/// Data of [`MOVEMENT_RELEASED`], [`MOVEMENT_ARRIVED`] and [`MOVEMENT_DISCHARGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementStageData {
    /// The movement.
    pub movement: Uuid,
    /// Movement reference number.
    pub mrn: String,
    /// Declaration type: T1, T2 ...
    pub declaration_type: String,
    /// Office of departure.
    pub departure_office: String,
    /// Office of destination: declared, from arrival on the actual one.
    pub destination_office: String,
    /// The day by the calendar of the office where it happened.
    pub day: NaiveDate,
}

/// Data of [`GUARANTEE_USE_CHANGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeUseChangedData {
    /// Guarantee reference number.
    pub grn: String,
    /// Who guarantees.
    pub guarantor: String,
    /// Who owns the guarantee.
    pub owner: String,
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// The covered amount, a decimal number.
    pub amount: String,
    /// Its currency.
    pub currency: String,
    /// State of the hold: `placed`, `reduced`, `freed` or `called`.
    pub state: String,
}

/// Data of [`GUARANTEE_INCIDENT_TOLD`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeIncidentToldData {
    /// Guarantee reference number.
    pub grn: String,
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// Code of the incident.
    pub code: String,
    /// Whether the office endorsed it.
    pub endorsed: bool,
    /// The office that registered it.
    pub office: String,
}

/// Data of [`GUARANTEE_CHANGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeChangedData {
    /// Guarantee reference number; absent while it is only proposed.
    pub grn: Option<String>,
    /// Who guarantees.
    pub guarantor: String,
    /// Who owns the guarantee.
    pub owner: String,
    /// The new state, or the present one where only the headroom is told.
    pub state: String,
    /// How much of the reference amount is free, in whole per cent rounded down.
    pub headroom_percent: i32,
    /// What is free of the reference amount, as a decimal number; absent while the contract is only proposed.
    pub headroom: Option<String>,
    /// The currency of it.
    pub currency: Option<String>,
    /// How much of the reference amount is insured, in per cent.
    pub level_percent: Option<i32>,
    /// The highest threshold of use that is reached, in per cent; a notice warns where it is another than before.
    pub warned_at_percent: Option<i32>,
}

/// Data of [`NOTE_WRITTEN`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoteWrittenData {
    /// The movement; its notes can be read under this id.
    pub movement: Uuid,
    /// Local reference number.
    pub lrn: String,
    /// Movement reference number, once allocated.
    pub mrn: Option<String>,
    /// Number of the note within the movement.
    pub note: i64,
    /// Who wrote it: `officer` or `participant`.
    pub by: String,
    /// The office that wrote it or that it was written to.
    pub office: String,
    /// Whether an answer is asked for.
    pub asks_answer: bool,
}

/// Data of [`INCIDENT_REPORTED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IncidentReportedData {
    /// The movement; its acts can be read under this id.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// Code of the incident.
    pub code: String,
    /// The office to which it is reported.
    pub office: String,
}

/// Data of [`WEBHOOK_TESTED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookTestedData {
    /// The webhook.
    pub webhook: Uuid,
}
