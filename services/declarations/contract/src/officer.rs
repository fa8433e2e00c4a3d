//! What officers of customs can ask of declarations.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{offices::ControlDocument, views::Movement};

/// Release goods for transit (IE029) at the office of departure.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseMovement {
    /// The movement.
    pub movement: Uuid,
    /// The version of the movement that the officer saw.
    pub expected_version: i64,
}

impl UseCase for ReleaseMovement {
    type Output = Movement;
    const NAME: &'static str = "declarations.release-movement";
    const NEEDS: &'static str = "movement:release";
}

/// Refuse the release for transit (IE051); whatever is held is freed.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefuseRelease {
    /// The movement.
    pub movement: Uuid,
    /// The version of the movement that the officer saw.
    pub expected_version: i64,
    /// Why, for the holder.
    #[schema(min_length = 1, max_length = 512)]
    pub reason: String,
}

impl UseCase for RefuseRelease {
    type Output = Movement;
    const NAME: &'static str = "declarations.refuse-release";
    const NEEDS: &'static str = "movement:release";
}

/// Order a control of the goods before release (IE060).
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderControl {
    /// The movement.
    pub movement: Uuid,
    /// The version of the movement that the officer saw.
    pub expected_version: i64,
    /// Kind of control by code list `ControlType`: 10 documents, 40 physical ...
    #[schema(min_length = 1, max_length = 3)]
    pub control_type: String,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 512)]
    pub reason: String,
    /// The documents that the holder is to show.
    #[serde(default)]
    #[schema(max_items = 99)]
    pub documents: Option<Vec<ControlDocument>>,
}

impl UseCase for OrderControl {
    type Output = Movement;
    const NAME: &'static str = "declarations.order-control";
    const NEEDS: &'static str = "movement:control";
}

/// What a control at departure has shown.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ControlResult {
    /// The goods are as declared.
    Satisfactory,
    /// The goods differ little from what is declared; the holder says whether they shall go (IE054).
    Minor,
    /// The goods are not as declared; they are not released.
    Unsatisfactory,
}

/// Record the result of a control at departure.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordControl {
    /// The movement.
    pub movement: Uuid,
    /// The version of the movement that the officer saw.
    pub expected_version: i64,
    /// What the control has shown.
    pub result: ControlResult,
    /// What was found, for the record.
    #[serde(default)]
    #[schema(max_length = 512)]
    pub remarks: Option<String>,
    /// Numbers of the seals that were put on.
    #[serde(default)]
    #[schema(max_items = 99)]
    pub seals: Option<Vec<String>>,
    /// The documents that were seen.
    #[serde(default)]
    #[schema(max_items = 99)]
    pub documents: Option<Vec<ControlDocument>>,
}

impl UseCase for RecordControl {
    type Output = Movement;
    const NAME: &'static str = "declarations.record-control";
    const NEEDS: &'static str = "movement:control";
}

/// In which direction goods cross at an office.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CrossingKind {
    /// They leave a country.
    Exit,
    /// They enter a country.
    Entry,
}

/// Record that goods have crossed a frontier at the officer's office (IE118).
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordCrossing {
    /// Movement reference number, as read from the accompanying document.
    #[schema(min_length = 18, max_length = 18)]
    pub mrn: String,
    /// The officer's office.
    #[schema(min_length = 8, max_length = 8)]
    pub office: String,
    /// In which direction.
    pub kind: CrossingKind,
    /// Whether all seals are intact.
    pub seals_intact: bool,
}

impl UseCase for RecordCrossing {
    type Output = Movement;
    const NAME: &'static str = "declarations.record-crossing";
    const NEEDS: &'static str = "movement:cross";
}

/// Record the control result at destination (IE018); a conform one discharges the movement.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordDestinationControl {
    /// Movement reference number.
    #[schema(min_length = 18, max_length = 18)]
    pub mrn: String,
    /// The officer's office.
    #[schema(min_length = 8, max_length = 8)]
    pub office: String,
    /// Control result: A1 satisfactory, A2 considered satisfactory, A5 minor discrepancies, B1 major ones.
    #[schema(min_length = 2, max_length = 2)]
    pub code: String,
    /// What was found, for the record.
    #[serde(default)]
    #[schema(max_length = 512)]
    pub remarks: Option<String>,
    /// Whether all seals were intact, where that was looked at.
    #[serde(default)]
    pub seals_intact: Option<bool>,
    /// The documents that were seen.
    #[serde(default)]
    #[schema(max_items = 99)]
    pub documents: Option<Vec<ControlDocument>>,
    /// With B1: the goods that are released all the same, by their item numbers in the declaration (IE025, partial
    /// release); the others are withheld until the discrepancies are solved (residual release).
    #[serde(default)]
    #[schema(max_items = 1_998)]
    pub released_items: Option<Vec<i32>>,
}

impl UseCase for RecordDestinationControl {
    type Output = Movement;
    const NAME: &'static str = "declarations.record-destination-control";
    const NEEDS: &'static str = "movement:discharge";
}

/// In which order an office's queue is read.
#[derive(Clone, Copy, Debug, Default, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QueueOrder {
    /// Longest waiting first.
    #[default]
    Waiting,
    /// Nearest deadline first; what has none comes last.
    Deadline,
}

/// The movements that wait for an officer at one office, longest waiting first unless asked otherwise.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfficeQueue {
    /// The officer's office.
    #[schema(min_length = 8, max_length = 8)]
    pub office: String,
    /// Only movements of this channel: `green` or `red`.
    #[serde(default)]
    #[schema(max_length = 10)]
    pub channel: Option<String>,
    /// Only movements for which the office is this: `departure`, `exit`, `transit` or `destination`.
    #[serde(default)]
    #[schema(max_length = 12)]
    pub role: Option<String>,
    /// Only movements whose deadline passes before this instant.
    #[serde(default)]
    pub due_before: Option<DateTime<Utc>>,
    /// In which order.
    #[serde(default)]
    pub order: Option<QueueOrder>,
    /// How many, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Cursor of the page before.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for OfficeQueue {
    type Output = QueuePage;
    const NAME: &'static str = "declarations.office-queue";
    const NEEDS: &'static str = "movement:queue";
}

/// A movement that waits for an officer.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueEntry {
    /// The movement.
    pub movement: Uuid,
    /// Movement reference number.
    pub mrn: Option<String>,
    /// What the office is for this movement: departure, exit, transit, destination.
    pub role: String,
    /// State of the movement.
    pub state: String,
    /// State of the office's own record.
    pub record_state: String,
    /// Channel that the risk decision gave.
    pub channel: Option<String>,
    /// The holder of the transit procedure.
    pub holder: String,
    /// Number of goods items.
    pub items: i32,
    /// What the first goods item is.
    pub goods: Option<String>,
    /// The vehicle at departure.
    pub vehicle: Option<String>,
    /// What the next deadline of the movement is for, such as `simplified-release`.
    pub deadline: Option<String>,
    /// When it passes.
    pub due_at: Option<DateTime<Utc>>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The movement's version, to be named when deciding.
    pub version: i64,
}

/// A page of an office's queue.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuePage {
    /// The entries.
    pub items: Vec<QueueEntry>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}
