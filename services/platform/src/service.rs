//! A service as the process sees it, and how it is set going.

use std::sync::Arc;

use customs_kernel::Clock;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Bus, Cache, Desk, Receives, Reminds, Rings, Store, UseCases,
    bus::{Delivers, Subscription},
    housekeeping::{self, Measures},
    inbox::Inbox,
    outbox, saga, timer,
};

/// What the outside gives to a service: the same in one process and in many.
#[derive(Clone)]
pub struct Ports {
    /// The service's own database.
    pub store: Store,
    /// Short-lived shared memory.
    pub cache: Arc<dyn Cache>,
    /// Other services.
    pub desk: Desk,
    /// The clock of business: in a sandbox it may be moved.
    pub clock: Arc<dyn Clock>,
}

/// One service: its data, what it can be asked, what it hears and its deadlines.
pub struct Service {
    /// Name in logs, queues and charts.
    pub name: &'static str,
    /// Its database.
    pub store: Store,
    /// What it can be asked.
    pub use_cases: UseCases,
    /// What it hears, and what it does then.
    pub hears: Option<(Subscription, Arc<dyn Receives>)>,
    /// What it does when a deadline has passed.
    pub rings: Option<Arc<dyn Rings>>,
    /// What it does for sagas that have waited too long for an answer.
    pub reminds: Option<Arc<dyn Reminds>>,
    /// What it measures of its own.
    pub measures: Option<Arc<dyn Measures>>,
}

impl Service {
    /// A service that can only be asked.
    #[must_use]
    pub fn new(name: &'static str, store: Store, use_cases: UseCases) -> Self {
        Self { name, store, use_cases, hears: None, rings: None, reminds: None, measures: None }
    }

    /// The same service, hearing messages.
    #[must_use]
    pub fn hearing(mut self, subscription: Subscription, receiver: Arc<dyn Receives>) -> Self {
        self.hears = Some((subscription, receiver));
        self
    }

    /// The same service, with deadlines.
    #[must_use]
    pub fn ringing(mut self, rings: Arc<dyn Rings>) -> Self {
        self.rings = Some(rings);
        self
    }

    /// The same service, reminding others of answers that its sagas wait for.
    #[must_use]
    pub fn reminding(mut self, reminds: Arc<dyn Reminds>) -> Self {
        self.reminds = Some(reminds);
        self
    }

    /// The same service, measuring something of its own.
    #[must_use]
    pub fn measuring(mut self, measures: Arc<dyn Measures>) -> Self {
        self.measures = Some(measures);
        self
    }

    /// The way into this service from the bus.
    #[must_use]
    pub fn inbox(&self) -> Option<Arc<dyn Delivers>> {
        let (_, receiver) = self.hears.as_ref()?;
        Some(Arc::new(Inbox::new(self.store.clone(), Arc::clone(receiver))))
    }
}

/// Sets relay, consumers, deadlines and housekeeping of `services` going until `stop`; use cases go by the desk.
pub async fn start(services: &[Service], bus: &Arc<dyn Bus>, tasks: &TaskTracker, stop: &CancellationToken) {
    for service in services {
        let store = &service.store;
        if let (Some((subscription, _)), Some(inbox)) = (&service.hears, service.inbox()) {
            let (bus, subscription, stop) = (Arc::clone(bus), *subscription, stop.clone());
            if bus.is_local() {
                let _ = bus.consume(subscription, inbox, stop).await;
            } else {
                tasks.spawn(async move { bus.consume(subscription, inbox, stop).await });
            }
        }
        if let Some(rings) = &service.rings {
            tasks.spawn(timer::run(store.clone(), Arc::clone(rings), stop.clone()));
        }
        if let Some(reminds) = &service.reminds {
            tasks.spawn(saga::run(service.name, Arc::clone(reminds), stop.clone()));
        }
        tasks.spawn(outbox::relay(store.clone(), Arc::clone(bus), stop.clone()));
        tasks.spawn(housekeeping::run(store.clone(), service.measures.clone(), stop.clone()));
    }
}
