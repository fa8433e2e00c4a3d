//! Notifications: message boxes, webhooks and what wakes live streams.

mod asyncapi;
mod bus;
mod delivery;
mod mailbox;
mod webhook;

use std::{sync::Arc, time::Duration};

use customs_kernel::Clock;
use customs_notifications_contract::{
    AcknowledgeNotifications, ChangeWebhook, DeleteWebhook, ListWebhooks, PullNotifications,
    ReadNotification, ReadPreferences, ReadWebhook, RegisterWebhook, RotateWebhookSecret, SavePreferences,
    TestWebhook, WebhookDeliveries,
};
use customs_platform::{Cache, Ports, Service, Store, SystemClock, UseCases, bus::Subscription, page, sql};
use customs_signatures::Seal;
use tokio::sync::Notify;

pub use asyncapi::asyncapi;
pub use delivery::{deliver_due, deliver_webhooks};

use delivery::Sender;
use webhook::AddressPolicy;

/// Name of the service: in logs, queues and the names of its use cases.
pub const NAME: &str = "notifications";

/// What the service hears.
pub const SUBSCRIPTION: Subscription = Subscription { service: NAME, names: bus::NAMES };

/// How the service behaves where installations differ.
#[derive(Clone)]
pub struct Config {
    /// Whether webhooks may go to this machine itself, also without TLS; for sandboxes and tests only.
    pub loopback: bool,
    /// How long one delivery may take.
    pub attempt_timeout: Duration,
    /// Signs deliveries in the name of the suite (RFC 9421), beside the secret of the webhook; a seal without a key does not.
    pub seal: Arc<Seal>,
    /// The clock that receivers compare with their own; it stays true where that of business is moved.
    pub wire_clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            loopback: false,
            attempt_timeout: Duration::from_secs(10),
            seal: Arc::default(),
            wire_clock: Arc::new(SystemClock),
        }
    }
}

/// The service's state while it runs.
pub struct App {
    store: Store,
    cache: Arc<dyn Cache>,
    sender: Sender,
    addresses: AddressPolicy,
    /// Rung when deliveries may be due.
    due: Arc<Notify>,
}

/// The service on the ports given to it; [`deliver_webhooks`] is its work in the background.
pub fn service(ports: Ports, config: Config) -> anyhow::Result<(Arc<App>, Service)> {
    let store = ports.store;
    let due = Arc::new(Notify::new());
    let addresses = AddressPolicy::new(config.loopback);
    let app = Arc::new(App {
        cache: ports.cache,
        sender: Sender::new(addresses, config.attempt_timeout, config.seal, config.wire_clock)?,
        store: store.clone(),
        addresses,
        due,
    });
    let use_cases = UseCases::new()
        .answers::<PullNotifications>(&app)
        .answers::<ReadNotification>(&app)
        .acts::<AcknowledgeNotifications>(&app, &store)
        .plans::<RegisterWebhook>(&app, &store)
        .answers::<ListWebhooks>(&app)
        .answers::<ReadWebhook>(&app)
        .answers::<ReadPreferences>(&app)
        .acts::<SavePreferences>(&app, &store)
        .acts::<ChangeWebhook>(&app, &store)
        .acts::<RotateWebhookSecret>(&app, &store)
        .acts::<DeleteWebhook>(&app, &store)
        .acts::<TestWebhook>(&app, &store)
        .answers::<WebhookDeliveries>(&app);
    let receiver: Arc<App> = Arc::clone(&app);
    let service = Service::new(NAME, store, use_cases).hearing(SUBSCRIPTION, receiver);
    Ok((app, service))
}
