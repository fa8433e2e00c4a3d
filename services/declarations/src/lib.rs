//! Declarations: transit movements from lodging to discharge, their rules, risk and control; it leads the sagas.

mod arrival;
mod bus;
mod config;
mod reference;
mod risk;
mod saga;
mod shared;
mod store;
mod timers;
mod transit;

use std::sync::Arc;

use customs_declarations_contract as contract;
use customs_platform::{Conductor, Failure, Ports, Reminds, Service, UseCases};
use customs_signatures::EvidenceKey;

pub use arrival::{ArrivalEvent, ArrivalState};
pub use bus::SUBSCRIPTION;
pub use config::Settings;
pub use transit::{MovementEvent, MovementState};

use saga::{DischargeSteps, ReleaseSteps};
use shared::Shared;

/// Name of the service.
pub const NAME: &str = "declarations";

/// The use cases of declarations.
pub(crate) struct App {
    shared: Arc<Shared>,
    transit_release: Conductor<ReleaseSteps>,
    discharge: Conductor<DischargeSteps>,
}

/// The service over `ports`; `evidence_key` is shared with the edge that verifies signatures.
#[must_use]
pub fn service(ports: Ports, settings: Settings, evidence_key: EvidenceKey) -> Service {
    let store = ports.store;
    let shared = Arc::new(Shared {
        store: store.clone(),
        desk: ports.desk,
        clock: ports.clock,
        evidence_key,
        settings,
        reference: reference::Reference::default(),
    });
    reference::listen(&shared, ports.cache.as_ref());
    let app = Arc::new(App {
        transit_release: Conductor::new(ReleaseSteps(Arc::clone(&shared))),
        discharge: Conductor::new(DischargeSteps(Arc::clone(&shared))),
        shared,
    });
    let use_cases = UseCases::new()
        .plans::<contract::SubmitDeclaration>(&app, &store)
        .plans::<contract::SendDepartureMessage>(&app, &store)
        .plans::<contract::NotifyArrival>(&app, &store)
        .plans::<contract::SendArrivalMessage>(&app, &store)
        .acts::<contract::ReleaseMovement>(&app, &store)
        .acts::<contract::RefuseRelease>(&app, &store)
        .acts::<contract::OrderControl>(&app, &store)
        .acts::<contract::RecordControl>(&app, &store)
        .acts::<contract::RecordCrossing>(&app, &store)
        .acts::<contract::RecordDestinationControl>(&app, &store)
        .answers::<contract::CheckMessage>(&app)
        .answers::<contract::FindMovement>(&app)
        .answers::<contract::ListMovements>(&app)
        .answers::<contract::ListArrivals>(&app)
        .answers::<contract::ListMessages>(&app)
        .answers::<contract::FindMessage>(&app)
        .answers::<contract::MovementTimeline>(&app)
        .answers::<contract::OfficeQueue>(&app);
    let receiver: Arc<App> = Arc::clone(&app);
    let reminder: Arc<App> = Arc::clone(&app);
    Service::new(NAME, store, use_cases).hearing(SUBSCRIPTION, receiver).reminding(reminder).ringing(app)
}

#[async_trait::async_trait]
impl Reminds for App {
    async fn remind(&self) -> Result<u32, Failure> {
        let store = &self.shared.store;
        Ok(self.transit_release.remind(store).await? + self.discharge.remind(store).await?)
    }
}
