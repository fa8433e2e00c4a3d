//! Webhooks: notifications pushed to a participant's own server, in the Standard Webhooks format.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::{Permission, UseCase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

const WRITE: Permission = "webhook:write";

/// Register an address to which the caller's notifications are pushed from now on.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterWebhook {
    /// Address of the receiver, https with a public host.
    #[schema(min_length = 9, max_length = 2000, pattern = "^https?://")]
    pub url: String,
    /// Types of event that are wanted; every type without it.
    #[schema(max_items = 20)]
    pub types: Option<Vec<String>>,
}

impl UseCase for RegisterWebhook {
    type Output = RegisteredWebhook;
    const NAME: &'static str = "notifications.register-webhook";
    const NEEDS: Permission = WRITE;
}

/// A fresh webhook with its secret, which is shown this once.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// Secret of the signatures: `whsec_` and Base64.
    #[schema(max_length = 100, pattern = "^whsec_")]
    pub secret: String,
}

/// List the caller's webhooks, oldest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListWebhooks {
    /// How many at most, 1 to 100; 50 without it.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Only what stands behind this cursor.
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListWebhooks {
    type Output = WebhookPage;
    const NAME: &'static str = "notifications.list-webhooks";
    const NEEDS: Permission = WRITE;
}

/// A part of the list of webhooks.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookPage {
    /// The webhooks.
    #[schema(max_items = 100)]
    pub items: Vec<Webhook>,
    /// Where to go on, if there is more.
    #[schema(max_length = 200)]
    pub next: Option<String>,
}

/// Read one of the caller's webhooks.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadWebhook {
    /// The webhook.
    pub id: Uuid,
}

impl UseCase for ReadWebhook {
    type Output = Webhook;
    const NAME: &'static str = "notifications.read-webhook";
    const NEEDS: Permission = WRITE;
}

/// One address to which notifications are pushed.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Identity.
    pub id: Uuid,
    /// Address of the receiver.
    #[schema(max_length = 2000)]
    pub url: String,
    /// Types of event that are wanted; every type if empty.
    #[schema(max_items = 20)]
    pub types: Vec<String>,
    /// `active`, or `gone` after the receiver answered 410.
    #[schema(max_length = 20)]
    pub state: String,
    /// How many deliveries in a row have failed; 0 after a success.
    pub failures: i32,
    /// Until when signatures by the secret before the last rotation are sent as well.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

/// Say anew which types of event go to a webhook; what is on its way already still goes.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeWebhook {
    /// The webhook.
    pub id: Uuid,
    /// Types of event that are wanted; every type if empty.
    #[schema(max_items = 20)]
    pub types: Vec<String>,
}

impl UseCase for ChangeWebhook {
    type Output = Webhook;
    const NAME: &'static str = "notifications.change-webhook";
    const NEEDS: Permission = WRITE;
}

/// Make a new secret; for 24 hours each delivery carries signatures by both.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RotateWebhookSecret {
    /// The webhook.
    pub id: Uuid,
}

impl UseCase for RotateWebhookSecret {
    type Output = RotatedWebhookSecret;
    const NAME: &'static str = "notifications.rotate-webhook-secret";
    const NEEDS: Permission = WRITE;
}

/// A fresh secret, which is shown this once.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RotatedWebhookSecret {
    /// The webhook.
    pub id: Uuid,
    /// Secret of the signatures: `whsec_` and Base64.
    #[schema(max_length = 100, pattern = "^whsec_")]
    pub secret: String,
    /// Until when signatures by the secret before are sent as well.
    pub previous_secret_until: DateTime<Utc>,
}

/// Forget a webhook with its deliveries; nothing more is sent.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteWebhook {
    /// The webhook.
    pub id: Uuid,
}

impl UseCase for DeleteWebhook {
    type Output = DeletedWebhook;
    const NAME: &'static str = "notifications.delete-webhook";
    const NEEDS: Permission = WRITE;
}

/// A webhook that is no more.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedWebhook {
    /// The webhook.
    pub id: Uuid,
}

/// Send a test event to one webhook; what came of it stands in the log of deliveries.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestWebhook {
    /// The webhook.
    pub id: Uuid,
}

impl UseCase for TestWebhook {
    type Output = TestedWebhook;
    const NAME: &'static str = "notifications.test-webhook";
    const NEEDS: Permission = WRITE;
}

/// A test event on its way.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TestedWebhook {
    /// The delivery, as it stands in the log.
    pub delivery: Uuid,
}

/// Read the log of deliveries to one webhook, newest first.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookDeliveries {
    /// The webhook.
    pub id: Uuid,
    /// How many at most, 1 to 100; 50 without it.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Only what stands behind this cursor.
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for WebhookDeliveries {
    type Output = WebhookDeliveryPage;
    const NAME: &'static str = "notifications.webhook-deliveries";
    const NEEDS: Permission = WRITE;
}

/// A part of the log of deliveries.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDeliveryPage {
    /// The deliveries.
    #[schema(max_items = 100)]
    pub items: Vec<WebhookDelivery>,
    /// Where to go on, if there is more.
    #[schema(max_length = 200)]
    pub next: Option<String>,
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// Identity.
    pub id: Uuid,
    /// The event; the header `webhook-id`.
    pub event: Uuid,
    /// Type of the event.
    #[schema(max_length = 100)]
    pub event_type: String,
    /// Number in the box; absent from a test.
    pub number: Option<i64>,
    /// `pending`, `delivered`, `expired` or `gone`.
    #[schema(max_length = 20)]
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, while it is pending.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// HTTP status of the last answer; absent when there was none.
    pub last_status: Option<i32>,
    /// How long the last attempt took, in milliseconds.
    pub last_duration_ms: Option<i64>,
    /// The first 200 characters of the last answer, or why there was none.
    #[schema(max_length = 200)]
    pub last_response: Option<String>,
    /// When it was put on its way.
    pub created_at: DateTime<Utc>,
    /// When the receiver took it.
    pub delivered_at: Option<DateTime<Utc>>,
}
