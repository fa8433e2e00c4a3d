//! Statistics: counters fed by facts, reproducible by watermark.

mod bus;
mod transit;

use std::sync::Arc;

use customs_platform::{Ports, Service, Store, UseCases, bus::Subscription, page};
use customs_statistics_contract::{ListMonths, TransitCounters};

/// Name of the service: in logs, queues and the names of its use cases.
pub const NAME: &str = "statistics";

/// What the service hears.
pub const SUBSCRIPTION: Subscription = Subscription { service: NAME, names: bus::NAMES };

/// The service's state while it runs.
pub struct App {
    store: Store,
}

/// The service on the ports given to it.
pub fn service(ports: Ports) -> anyhow::Result<(Arc<App>, Service)> {
    let store = ports.store;
    let app = Arc::new(App { store: store.clone() });
    let use_cases = UseCases::new().answers::<TransitCounters>(&app).answers::<ListMonths>(&app);
    let receiver: Arc<App> = Arc::clone(&app);
    let service = Service::new(NAME, store, use_cases).hearing(SUBSCRIPTION, receiver);
    Ok((app, service))
}
