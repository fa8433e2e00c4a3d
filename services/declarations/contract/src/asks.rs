//! What participants can ask of declarations.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::views::{
    ArrivalPage, MessageCheck, Movement, MovementMessage, MovementMessagePage, MovementPage, Submitted,
    TimelinePage,
};

/// The form in which a message of the procedure is written.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageFormat {
    /// XML, as the specification prints it.
    Xml,
    /// The JSON form of the public API.
    Json,
}

/// Lodge a transit declaration (IE015): signed, taken in now, answered by messages.
///
/// The gateway makes it; `evidence` is the sealed proof of its signature verification.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitDeclaration {
    /// The message exactly as it was sent and signed.
    pub content: String,
    /// How it is written.
    pub format: MessageFormat,
    /// Sealed evidence of the verified signature (`SealedEvidence` of the signatures crate).
    pub evidence: serde_json::Value,
}

impl UseCase for SubmitDeclaration {
    type Output = Submitted;
    const NAME: &'static str = "declarations.submit-declaration";
    const NEEDS: &'static str = "movement:submit";
}

/// Send a further message about a departure: IE013, IE014, IE054, IE141, IE170.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendDepartureMessage {
    /// The movement.
    pub movement: Uuid,
    /// The message exactly as it was sent and signed.
    pub content: String,
    /// How it is written.
    pub format: MessageFormat,
    /// Sealed evidence of the verified signature.
    pub evidence: serde_json::Value,
}

impl UseCase for SendDepartureMessage {
    type Output = Submitted;
    const NAME: &'static str = "declarations.send-departure-message";
    const NEEDS: &'static str = "movement:submit";
}

/// Notify an arrival (IE007).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotifyArrival {
    /// The message exactly as it was sent and signed.
    pub content: String,
    /// How it is written.
    pub format: MessageFormat,
    /// Sealed evidence of the verified signature.
    pub evidence: serde_json::Value,
}

impl UseCase for NotifyArrival {
    type Output = Submitted;
    const NAME: &'static str = "declarations.notify-arrival";
    const NEEDS: &'static str = "movement:arrive";
}

/// Send a further message about an arrival: IE044.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendArrivalMessage {
    /// The arrival.
    pub arrival: Uuid,
    /// The message exactly as it was sent and signed.
    pub content: String,
    /// How it is written.
    pub format: MessageFormat,
    /// Sealed evidence of the verified signature.
    pub evidence: serde_json::Value,
}

impl UseCase for SendArrivalMessage {
    type Output = Submitted;
    const NAME: &'static str = "declarations.send-arrival-message";
    const NEEDS: &'static str = "movement:arrive";
}

/// Check a message against structure, code lists and rules, without sending it.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckMessage {
    /// The message; at most 5 MB.
    #[schema(max_length = 5_000_000)]
    pub content: String,
    /// How it is written.
    pub format: MessageFormat,
}

impl UseCase for CheckMessage {
    type Output = MessageCheck;
    const NAME: &'static str = "declarations.check-message";
    const NEEDS: &'static str = "message:check";
}

/// One movement, seen by a party to it or by an office concerned.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindMovement {
    /// The movement.
    pub movement: Uuid,
}

impl UseCase for FindMovement {
    type Output = Movement;
    const NAME: &'static str = "declarations.find-movement";
    const NEEDS: &'static str = "movement:read";
}

/// The caller's movements, latest change first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ListMovements {
    /// Only with this local reference number.
    #[schema(max_length = 22)]
    pub lrn: Option<String>,
    /// Only with this movement reference number.
    #[schema(max_length = 18)]
    pub mrn: Option<String>,
    /// Only in this state.
    #[schema(max_length = 40)]
    pub state: Option<String>,
    /// Only changed since.
    pub changed_since: Option<DateTime<Utc>>,
    /// How many, 1 to 100.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Cursor of the page before.
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListMovements {
    type Output = MovementPage;
    const NAME: &'static str = "declarations.list-movements";
    const NEEDS: &'static str = "movement:read";
}

/// The arrivals that the caller has notified, latest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ListArrivals {
    /// Only this one.
    pub arrival: Option<Uuid>,
    /// Only with this movement reference number.
    #[schema(max_length = 18)]
    pub mrn: Option<String>,
    /// How many, 1 to 100.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Cursor of the page before.
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListArrivals {
    type Output = ArrivalPage;
    const NAME: &'static str = "declarations.list-arrivals";
    const NEEDS: &'static str = "movement:read";
}

/// The messages of a movement that are the caller's to see, in their order.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListMessages {
    /// The movement, or an arrival's id.
    pub movement: Uuid,
    /// Only received or issued since.
    #[serde(default)]
    pub received_since: Option<DateTime<Utc>>,
    /// How many, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Cursor of the page before.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListMessages {
    type Output = MovementMessagePage;
    const NAME: &'static str = "declarations.list-messages";
    const NEEDS: &'static str = "movement:read";
}

/// One message with its body and, for a signed one, its signature report.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindMessage {
    /// The message.
    pub message: Uuid,
    /// In which form the body is wanted; as it was sent or issued unless said.
    #[serde(default)]
    pub format: Option<MessageFormat>,
}

impl UseCase for FindMessage {
    type Output = MovementMessage;
    const NAME: &'static str = "declarations.find-message";
    const NEEDS: &'static str = "movement:read";
}

/// What has happened to a movement, in order, with the reasons of every decision.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MovementTimeline {
    /// The movement.
    pub movement: Uuid,
    /// Only entries after this number.
    #[serde(default)]
    pub after_sequence: Option<i64>,
    /// How many, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
}

impl UseCase for MovementTimeline {
    type Output = TimelinePage;
    const NAME: &'static str = "declarations.movement-timeline";
    const NEEDS: &'static str = "movement:read";
}
