//! Message boxes: pull, acknowledge, replay from a cursor.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::{Permission, UseCase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::CloudEvent;

/// The topic of the cache's whispers about the box of `owner`; the text whispered is the newest number.
///
/// A whisper may come early, late or never: whoever listens reads by number and looks every second as well.
#[must_use]
pub fn whisper_topic(owner: &str) -> String {
    format!("box:{owner}")
}

/// Read the caller's message box in the order of its numbers, from any place on, as often as liked.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PullNotifications {
    /// The customs office whose box an officer reads; a participant's own box is meant without it.
    #[schema(min_length = 8, max_length = 8, pattern = "^[A-Z]{2}[A-Z0-9]{6}$")]
    pub office: Option<String>,
    /// Only what has not been acknowledged; everything without it.
    pub unacknowledged_only: Option<bool>,
    /// Only what stands behind this number; not together with `after`.
    #[schema(minimum = 0)]
    pub after_number: Option<i64>,
    /// How many at most, 1 to 100; 50 without it.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Only what stands behind this cursor.
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for PullNotifications {
    type Output = NotificationPage;
    const NAME: &'static str = "notifications.pull";
    const NEEDS: Permission = "notification:read";
}

/// Read one notification of the caller's box.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadNotification {
    /// The customs office whose box an officer reads; a participant's own box is meant without it.
    #[schema(min_length = 8, max_length = 8, pattern = "^[A-Z]{2}[A-Z0-9]{6}$")]
    pub office: Option<String>,
    /// The notification.
    pub id: Uuid,
}

impl UseCase for ReadNotification {
    type Output = Notification;
    const NAME: &'static str = "notifications.read";
    const NEEDS: Permission = "notification:read";
}

/// Acknowledge notifications of the caller's box, by id, by number or all up to a number; again is no error.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcknowledgeNotifications {
    /// The customs office whose box an officer reads; a participant's own box is meant without it.
    #[schema(min_length = 8, max_length = 8, pattern = "^[A-Z]{2}[A-Z0-9]{6}$")]
    pub office: Option<String>,
    /// By id, at most 500.
    #[schema(max_items = 500)]
    pub ids: Option<Vec<Uuid>>,
    /// By number in the box, at most 500.
    #[schema(max_items = 500)]
    pub numbers: Option<Vec<i64>>,
    /// Everything up to and including this number.
    #[schema(minimum = 1)]
    pub up_to: Option<i64>,
}

impl UseCase for AcknowledgeNotifications {
    type Output = AcknowledgedNotifications;
    const NAME: &'static str = "notifications.acknowledge";
    const NEEDS: Permission = "notification:read";
}

/// What an acknowledgement did.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AcknowledgedNotifications {
    /// How many were acknowledged just now.
    pub acknowledged: i64,
    /// How many of the box are still to be acknowledged.
    pub unacknowledged: i64,
}

/// A part of a message box.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationPage {
    /// Whose box: an EORI, or `office:` and the code of a customs office; see [`whisper_topic`].
    #[schema(max_length = 30)]
    pub owner: String,
    /// The notifications in the order of their numbers.
    #[schema(max_items = 100)]
    pub items: Vec<Notification>,
    /// Where to go on, if there is more.
    #[schema(max_length = 200)]
    pub next: Option<String>,
    /// The newest number of the box, 0 when it is empty; numbers have no gaps.
    pub last_number: i64,
    /// How many of the box are still to be acknowledged.
    pub unacknowledged: i64,
}

/// One entry of a message box.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Identity; also the id of the event and of a webhook's message.
    pub id: Uuid,
    /// Number in the box, from 1 without gaps.
    pub number: i64,
    /// The cursor behind which the next entry stands.
    #[schema(max_length = 200)]
    pub cursor: String,
    /// The event as `CloudEvents` 1.0 has it.
    pub event: CloudEvent,
    /// The message of the procedure, readable under this id, where the event tells of one.
    pub message: Option<Uuid>,
    /// Type of that message, such as `CC029C`.
    #[schema(max_length = 10)]
    pub message_type: Option<String>,
    /// `departure` or `arrival`, as the participant knows the movement.
    #[schema(max_length = 10)]
    pub side: Option<String>,
    /// The movement.
    pub movement: Option<Uuid>,
    /// Local reference number.
    #[schema(max_length = 22)]
    pub lrn: Option<String>,
    /// Movement reference number.
    #[schema(max_length = 18)]
    pub mrn: Option<String>,
    /// Guarantee reference number.
    #[schema(max_length = 24)]
    pub grn: Option<String>,
    /// The new state of what changed.
    #[schema(max_length = 100)]
    pub state: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was put into the box.
    pub recorded_at: DateTime<Utc>,
    /// When it was acknowledged.
    pub acknowledged_at: Option<DateTime<Utc>>,
}
