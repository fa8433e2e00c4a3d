//! The suite in one process: services on stores, bus and cache, set going and stopped in order.

mod clock;
mod ports;

pub(crate) use ports::place;
pub use ports::write_private;

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::Context;
use customs_kernel::Clock;
use customs_platform::{
    Bus, Cache, Desk, Ports, SandboxClock, Service, Store, UseCases,
    bus::{Delivers, Subscription},
    dead_letter,
    internal::{Remote, Secret},
    service,
    store::create_schema,
};
use customs_signatures::{EvidenceKey, Seal};
use futures_util::future::join_all;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::Config;

/// How long a database may take to show that it is there.
const PROBE: Duration = Duration::from_secs(1);

/// The services that keep data, in the order in which they start.
pub const SERVICES: &[&str] = customs_migrations::SERVICES;

/// The service that keeps data and is named `name`.
pub(crate) fn known(name: &str) -> anyhow::Result<&'static str> {
    let known = SERVICES.iter().find(|known| **known == name);
    known
        .copied()
        .with_context(|| format!("there is no service {name}; there are gateway, {}", SERVICES.join(", ")))
}

/// What every service hears: the whole topology of the bus, known to every process.
#[must_use]
pub fn topology() -> Vec<Subscription> {
    vec![
        customs_references::SUBSCRIPTION,
        customs_guarantees::SUBSCRIPTION,
        customs_declarations::SUBSCRIPTION,
        customs_notifications::SUBSCRIPTION,
        customs_statistics::SUBSCRIPTION,
    ]
}

/// A suite, or a part of one, in this process.
pub struct Suite {
    /// The way to ask any service.
    pub desk: Desk,
    /// The clock of business.
    pub clock: Arc<SandboxClock>,
    /// Short-lived shared memory.
    pub cache: Arc<dyn Cache>,
    /// Carries messages between services.
    pub bus: Arc<dyn Bus>,
    /// The services of this process.
    pub services: Vec<Service>,
    /// What the processes of one installation share.
    pub secret: Secret,
    /// Seals the evidence of verified signatures.
    pub evidence_key: EvidenceKey,
    /// Seals papers and deliveries in the name of the suite, once it has a key.
    pub seal: Arc<Seal>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Suite {
    /// Opens the databases of `names`, migrating them if `migrate`, and builds the services; nothing runs yet.
    pub async fn build(
        config: &Config,
        names: &[&str],
        sandbox: bool,
        migrate: bool,
    ) -> anyhow::Result<Self> {
        let secret = ports::secret(config)?;
        let clock = Arc::new(SandboxClock::default());
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let cache = ports::cache(config, &clock, &tasks, &stop)?;
        let bus = ports::bus(config);
        let desk = Desk::new(remote(config, &secret)?);
        let evidence_key = ports::evidence_key(&secret)?;
        let mut suite = Self {
            desk,
            clock,
            cache,
            bus,
            services: Vec::new(),
            secret,
            evidence_key,
            seal: Arc::default(),
            tasks,
            stop,
        };
        for name in names {
            let store = suite.open(config, name, migrate).await?;
            suite.add(config, name, store, sandbox)?;
        }
        let mut use_cases = suite.use_cases();
        if sandbox {
            use_cases = use_cases.and(clock::use_cases(&suite));
            clock::follow(&suite);
        }
        suite.desk.open(use_cases);
        Ok(suite)
    }

    async fn open(&self, config: &Config, name: &str, migrate: bool) -> anyhow::Result<Store> {
        let name = known(name)?;
        let place = place(config, name)?;
        if migrate {
            create_schema(&place).await.map_err(|failure| anyhow::anyhow!("{name}: {failure:?}"))?;
        }
        let clock: Arc<dyn Clock> = Arc::<SandboxClock>::clone(&self.clock);
        let store = Store::open(name, &place, clock)
            .await
            .map_err(|failure| anyhow::anyhow!("{name}: {failure:?}"))?;
        if migrate {
            customs_migrations::migrate(name, store.reader()).await?;
        }
        Ok(store)
    }

    fn add(&mut self, config: &Config, name: &str, store: Store, sandbox: bool) -> anyhow::Result<()> {
        let clock: Arc<dyn Clock> = Arc::<SandboxClock>::clone(&self.clock);
        let ports = Ports { store, cache: Arc::clone(&self.cache), desk: self.desk.clone(), clock };
        let service = match name {
            "references" => customs_references::service(ports, config.references).1,
            "web-broker" => customs_web_broker::service(ports)?.1,
            "guarantees" => customs_guarantees::service(ports, &guarantees(config))?.1,
            "declarations" => {
                let unknown = config.declarations.unknown_messages();
                anyhow::ensure!(
                    unknown.is_empty(),
                    "declarations.signed_by: nobody sends {}",
                    unknown.join(", ")
                );
                let unknown = config.declarations.unknown_guarantees();
                anyhow::ensure!(
                    unknown.is_empty(),
                    "declarations.signed_by_guarantee: there is no type {}",
                    unknown.join(", ")
                );
                customs_declarations::service(ports, config.declarations.clone(), self.evidence_key.clone())
            }
            "notifications" => {
                let seal = Arc::clone(&self.seal);
                let settings =
                    customs_notifications::Config { loopback: sandbox, seal, ..Default::default() };
                let (app, service) = customs_notifications::service(ports, settings)?;
                self.tasks.spawn(customs_notifications::deliver_webhooks(app, self.stop.clone()));
                service
            }
            _ => customs_statistics::service(ports)?.1,
        };
        self.services.push(service);
        Ok(())
    }

    /// Takes the use cases out of the services: they are asked by the desk from now on.
    fn use_cases(&mut self) -> UseCases {
        let mut all = UseCases::new();
        for service in &mut self.services {
            all = all.and(std::mem::take(&mut service.use_cases));
            let inbox = service.inbox().unwrap_or_else(|| Arc::new(Deaf));
            all = all.and(dead_letter::use_cases(&service.store, &inbox));
        }
        all
    }

    /// Runs further work until the suite stops.
    pub(crate) fn spawn<F>(&self, work: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tasks.spawn(work(self.stop.clone()));
    }

    /// Sets relays, consumers and deadlines going.
    pub async fn start(&self) {
        service::start(&self.services, &self.bus, &self.tasks, &self.stop).await;
    }

    /// Stops everything that runs, after what is under way.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        let patience = Duration::from_secs(10);
        if tokio::time::timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::warn!("some tasks did not end in time");
        }
    }

    /// What is not ready, by name; empty when requests can be served.
    pub async fn missing(&self) -> Vec<String> {
        // Who asks for readiness wants to know now: a database that hangs is as good as gone.
        let probes = self.services.iter().map(|service| async move {
            let ping = tokio::time::timeout(PROBE, service.store.reader().ping()).await;
            (!matches!(ping, Ok(Ok(())))).then(|| format!("database of {}", service.name))
        });
        let mut missing: Vec<String> = join_all(probes).await.into_iter().flatten().collect();
        if !self.bus.ready().await {
            missing.push("bus".to_owned());
        }
        missing
    }
}

/// The inbox of a service that hears nothing, and so has no dead letters either.
struct Deaf;

#[async_trait::async_trait]
impl Delivers for Deaf {
    async fn deliver(&self, _: Vec<customs_platform::Message>) {}
}

fn remote(config: &Config, secret: &Secret) -> anyhow::Result<Option<Remote>> {
    let addresses: HashMap<String, String> = config.services.clone();
    if addresses.is_empty() {
        return Ok(None);
    }
    Ok(Some(Remote::new(addresses, secret.clone())?))
}

/// The settings of guarantees: the country that issues their numbers.
fn guarantees(config: &Config) -> customs_guarantees::Config {
    customs_guarantees::Config { country: config.declarations.country.clone(), utc_offset_minutes: 300 }
}
