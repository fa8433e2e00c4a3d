//! Notifications over REST.

use actix_web::HttpResponse;
use customs_kernel::{Problem, UseCase};
use customs_notifications_contract as contract;
use futures_util::StreamExt as _;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    live::{BoxStart, Event, events, notifications},
    rest::{
        Call,
        Face::{Mutation, Query, Subscription},
        Operation, Output,
        Verb::{self, Delete, Post, Put},
    },
};

const TAG: &str = "Notifications";

/// Follow the caller's message box as server-sent events; resumed with `Last-Event-ID`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FollowBox {
    /// The customs office whose box an officer follows.
    #[schema(min_length = 8, max_length = 8, pattern = "^[A-Z]{2}[A-Z0-9]{6}$")]
    office: Option<String>,
    /// Only what stands behind this cursor.
    #[schema(max_length = 200)]
    after: Option<String>,
    /// Only what stands behind this number; 0 is the beginning of the box.
    #[schema(minimum = 0)]
    after_number: Option<i64>,
}

/// The operations of notifications.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        question::<contract::PullNotifications>("/notifications", "notifications"),
        Operation::own::<FollowBox>(
            Verb::Get,
            "/notifications/stream",
            "followNotifications",
            TAG,
            (contract::PullNotifications::NAME, contract::PullNotifications::NEEDS),
            Output::Text(&["text/event-stream"]),
            |call| Box::pin(follow(call)),
        )
        .face(Subscription("notifications")),
        question::<contract::ReadPreferences>("/notifications/preferences", "notificationPreferences"),
        effect::<contract::SavePreferences>(Put, "/notifications/preferences", "saveNotificationPreferences"),
        question::<contract::ReadNotification>("/notifications/{id}", "notification"),
        effect::<contract::AcknowledgeNotifications>(
            Post,
            "/notifications/acknowledgements",
            "acknowledgeNotifications",
        ),
        question::<contract::ListWebhooks>("/webhooks", "webhooks"),
        effect::<contract::RegisterWebhook>(Post, "/webhooks", "registerWebhook")
            .created("/webhooks/{webhook.id}"),
        question::<contract::ReadWebhook>("/webhooks/{id}", "webhook"),
        effect::<contract::ChangeWebhook>(Put, "/webhooks/{id}", "changeWebhook"),
        effect::<contract::DeleteWebhook>(Delete, "/webhooks/{id}", "deleteWebhook"),
        effect::<contract::RotateWebhookSecret>(Post, "/webhooks/{id}/secret", "rotateWebhookSecret"),
        effect::<contract::TestWebhook>(Post, "/webhooks/{id}/tests", "testWebhook"),
        question::<contract::WebhookDeliveries>("/webhooks/{id}/deliveries", "webhookDeliveries"),
    ]
}

fn question<U>(path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::question::<U>(path, id, TAG).face(Query(id))
}

fn effect<U>(verb: Verb, path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::effect::<U>(verb, path, id, TAG).face(Mutation(id))
}

async fn follow(call: Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    let ask: FollowBox = call.address()?;
    let resumed = call.header("last-event-id").map(str::to_owned).filter(|id| !id.is_empty());
    let start = match (resumed.or(ask.after), ask.after_number) {
        (Some(cursor), _) => BoxStart::Cursor(cursor),
        (None, Some(number)) => BoxStart::Number(number),
        (None, None) => BoxStart::Now,
    };
    let held = call.gateway.streams().hold(call.visit.counted_as())?;
    let stream = notifications(call.gateway.clone(), call.visit.clone(), ask.office, start).await?;
    let stream = stream.map(|next| {
        next.map(|notification| Event {
            id: notification.cursor.clone(),
            kind: "notification",
            data: serde_json::to_value(notification).unwrap_or_default(),
        })
    });
    Ok(events(stream, held))
}
