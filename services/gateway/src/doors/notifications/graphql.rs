//! Notifications over GraphQL.

use async_graphql::{Context, Object, Result, Subscription};
use customs_notifications_contract as contract;
use futures_util::{Stream, StreamExt as _};
use uuid::Uuid;

use crate::{
    graphql::{
        ask::{Asker, mutations, question},
        page::{Page, listed, page},
    },
    live::{self, BoxStart},
    problem,
};

listed! {
    contract::WebhookPage => contract::Webhook,
    contract::WebhookDeliveryPage => contract::WebhookDelivery,
}

/// Questions about notifications.
#[derive(Default)]
pub(crate) struct NotificationsQuery;

#[Object]
impl NotificationsQuery {
    /// A part of the caller's message box, from any place on.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which part.")] input: Option<contract::PullNotifications>,
    ) -> Result<contract::NotificationPage> {
        question(ctx, input.unwrap_or_default()).await
    }

    /// One notification of the caller's box.
    async fn notification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notification.")] id: Uuid,
        #[graphql(desc = "The customs office whose box an officer reads.")] office: Option<String>,
    ) -> Result<contract::Notification> {
        question(ctx, contract::ReadNotification { office, id }).await
    }

    /// Of which kinds of event the caller's organisation is told at the desk.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<contract::NotificationPreferences> {
        question(ctx, contract::ReadPreferences {}).await
    }

    /// The caller's webhooks, oldest first.
    async fn webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::Webhook>> {
        page(ctx, first, after, |first, after| contract::ListWebhooks { first, after }).await
    }

    /// One of the caller's webhooks.
    async fn webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook.")] id: Uuid,
    ) -> Result<contract::Webhook> {
        question(ctx, contract::ReadWebhook { id }).await
    }

    /// The log of deliveries to one webhook, newest first.
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook.")] id: Uuid,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::WebhookDelivery>> {
        page(ctx, first, after, |first, after| contract::WebhookDeliveries { id, first, after }).await
    }
}

mutations! {
    /// Effects on notifications.
    NotificationsMutation {
        /// Acknowledge notifications of the caller's box; again is no error.
        acknowledge_notifications(contract::AcknowledgeNotifications) -> AcknowledgeNotificationsPayload { acknowledged: contract::AcknowledgedNotifications }
        /// Register an address to which the caller's notifications are pushed.
        register_webhook(contract::RegisterWebhook) -> RegisterWebhookPayload { registered: contract::RegisteredWebhook }
        /// Say of which kinds of event the caller's organisation is not told at the desk.
        save_notification_preferences(contract::SavePreferences) -> SaveNotificationPreferencesPayload { preferences: contract::NotificationPreferences }
        /// Say anew which types of event go to a webhook.
        change_webhook(contract::ChangeWebhook) -> ChangeWebhookPayload { webhook: contract::Webhook }
        /// Make a new secret of a webhook.
        rotate_webhook_secret(contract::RotateWebhookSecret) -> RotateWebhookSecretPayload { rotated: contract::RotatedWebhookSecret }
        /// Forget a webhook with its deliveries.
        delete_webhook(contract::DeleteWebhook) -> DeleteWebhookPayload { deleted: contract::DeletedWebhook }
        /// Send a test event to one webhook.
        test_webhook(contract::TestWebhook) -> TestWebhookPayload { tested: contract::TestedWebhook }
    }
}

/// What can be followed of notifications.
#[derive(Default)]
pub(crate) struct NotificationsSubscription;

#[Subscription]
impl NotificationsSubscription {
    /// The caller's message box as it grows: each notification once, in order; behind a cursor or a number where
    /// one is named, from now on otherwise.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Behind which number; 0 is the beginning of the box.")] after_number: Option<i64>,
        #[graphql(desc = "The customs office whose box an officer follows.")] office: Option<String>,
    ) -> Result<impl Stream<Item = Result<contract::Notification>> + 'static> {
        let asker = Asker::of(ctx)?;
        let start = match (after, after_number) {
            (Some(cursor), _) => BoxStart::Cursor(cursor),
            (None, Some(number)) => BoxStart::Number(number),
            (None, None) => BoxStart::Now,
        };
        let correlation_id = asker.visit.correlation_id.clone();
        let stream = live::notifications(asker.gateway.clone(), asker.visit.clone(), office, start).await;
        let stream = stream.map_err(|refusal| asker.refuse(&refusal))?;
        Ok(stream.map(move |next| next.map_err(|refusal| problem::error(&refusal, &correlation_id))))
    }
}
