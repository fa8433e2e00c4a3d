//! What declarations answers.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A message was taken in; the answer of customs comes as a message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Submitted {
    /// The movement (for an arrival: the arrival) it belongs to.
    pub movement: Uuid,
    /// The message as it was taken in.
    pub message: Uuid,
    /// Its type, such as `CC015C`.
    pub message_type: String,
    /// Local reference number, where the message has one.
    pub lrn: Option<String>,
    /// Movement reference number, where it is known already.
    pub mrn: Option<String>,
}

/// One transit movement.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(name = "Movement")]
#[serde(rename_all = "camelCase")]
pub struct Movement {
    /// The movement.
    pub id: Uuid,
    /// Local reference number.
    pub lrn: String,
    /// Movement reference number, once allocated.
    pub mrn: Option<String>,
    /// State, such as `released`.
    pub state: String,
    /// Raised by every change; named when deciding.
    pub version: i64,
    /// Version of the declaration, raised by amendments.
    pub declaration_version: i32,
    /// Declaration type: T1, T2 ...
    pub declaration_type: String,
    /// Additional declaration type: A standard, D pre-lodged.
    pub additional_type: String,
    /// Identification of the holder of the transit procedure.
    pub holder: String,
    /// Identification of the representative, if any.
    pub representative: Option<String>,
    /// Office of departure.
    pub departure_office: String,
    /// Office of destination.
    pub destination_office: String,
    /// The offices on the way, in order.
    pub offices: Vec<OfficeRecord>,
    /// Number of goods items.
    pub items: i32,
    /// Channel that the risk decision gave: green or red; none before it.
    pub channel: Option<String>,
    /// What the next deadline is for, such as `presentation`; none if nothing is waited for.
    pub deadline: Option<String>,
    /// When the next deadline passes.
    pub due_at: Option<DateTime<Utc>>,
    /// The carrier that the declaration names.
    pub carrier: Option<String>,
    /// When it was lodged.
    pub submitted_at: DateTime<Utc>,
    /// When it was released, if it was.
    pub released_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// An office on the way of a movement.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfficeRecord {
    /// The office.
    pub office: String,
    /// What it is for the movement: exit, transit or destination.
    pub role: String,
    /// State of its record, such as `expected` or `crossed`.
    pub state: String,
    /// When goods were there, if they were.
    pub recorded_at: Option<DateTime<Utc>>,
}

/// A page of movements.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementPage {
    /// The movements.
    pub items: Vec<Movement>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// One arrival notified at an office of destination.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Arrival {
    /// The arrival.
    pub id: Uuid,
    /// Movement reference number.
    pub mrn: String,
    /// State, such as `unloading-permitted`.
    pub state: String,
    /// The actual office of destination.
    pub office: String,
    /// Who notified it.
    pub trader: String,
    /// When.
    pub notified_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// A page of arrivals.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArrivalPage {
    /// The arrivals.
    pub items: Vec<Arrival>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// One message of a movement.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementMessage {
    /// The message.
    pub id: Uuid,
    /// The movement it belongs to.
    pub movement: Uuid,
    /// Its number within the movement, from 1 without gaps.
    pub sequence: i64,
    /// Type, such as `CC029C`.
    pub message_type: String,
    /// `received` from a participant or `issued` by customs.
    pub direction: String,
    /// `success`, or `failed` where it was answered by a rejection.
    pub status: String,
    /// When it was received or issued.
    pub at: DateTime<Utc>,
    /// The message it answers, if it answers one.
    pub answers: Option<Uuid>,
    /// How the body is written: `xml` or `json`; only with the body.
    pub format: Option<String>,
    /// The body, where it was asked for.
    pub body: Option<String>,
    /// The validation report of the signature as JSON text, for a signed message that was asked for.
    pub signature_report: Option<String>,
}

/// A page of messages.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementMessagePage {
    /// The messages.
    pub items: Vec<MovementMessage>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// What a check without sending has found.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageCheck {
    /// Type of the message, where it could be told.
    pub message_type: Option<String>,
    /// Phase: `NCTS5.1`, `NCTS6`.
    pub phase: Option<String>,
    /// Whether nothing is wrong.
    pub valid: bool,
    /// Hash of rules and reference data that judged.
    pub ruleset: String,
    /// Everything that is wrong.
    pub errors: Vec<MessageFinding>,
}

/// What would mend a finding, so that a program can do it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageCorrection {
    /// What to do at the pointer: `replace`, `remove` or `add`.
    pub op: String,
    /// The value to put there, for `replace`.
    pub value: Option<String>,
}

/// One thing that is wrong in a message.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageFinding {
    /// Error code: 12 code list, 13 missing, 14 rule, 15 not allowed ...
    pub code: String,
    /// The rule, such as `C0030`.
    pub rule: Option<String>,
    /// Element path.
    pub pointer: String,
    /// The value found.
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What would mend it.
    pub fix: Option<String>,
    /// The same for a program.
    pub correction: Option<MessageCorrection>,
    /// Line, from 1.
    pub line: Option<i32>,
    /// Column, from 1.
    pub column: Option<i32>,
}

/// One thing that happened to a movement.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    /// Number within the movement, from 1 without gaps.
    pub sequence: i64,
    /// What happened, such as `released`.
    pub event: String,
    /// The state after it.
    pub state: String,
    /// Who decided: `system` or `officer`, or `participant`.
    pub by: String,
    /// At which office, if at one.
    pub office: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Hash over this entry and the one before, in hexadecimal.
    pub hash: String,
}

/// A page of a timeline.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelinePage {
    /// The entries.
    pub items: Vec<TimelineEntry>,
    /// Whether there are more.
    pub more: bool,
}
