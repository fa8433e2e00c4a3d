//! What crosses the border of notifications: use cases, event types and problems.

pub mod boxes;
pub mod event;
pub mod preferences;
pub mod problems;
pub mod webhooks;

pub use boxes::{
    AcknowledgeNotifications, AcknowledgedNotifications, Notification, NotificationPage, PullNotifications,
    ReadNotification, whisper_topic,
};
pub use event::CloudEvent;
pub use preferences::{KindPreference, NotificationPreferences, ReadPreferences, SavePreferences};
pub use webhooks::{
    ChangeWebhook, DeleteWebhook, DeletedWebhook, ListWebhooks, ReadWebhook, RegisterWebhook,
    RegisteredWebhook, RotateWebhookSecret, RotatedWebhookSecret, TestWebhook, TestedWebhook, Webhook,
    WebhookDeliveries, WebhookDelivery, WebhookDeliveryPage, WebhookPage,
};
