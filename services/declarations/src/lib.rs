//! Declarations: transit movements from lodging to discharge, their rules, risk and control; it leads the sagas.

mod archive;
mod arrival;
mod bus;
mod config;
mod correspondence;
mod deadline;
mod document;
mod enquiry;
mod pages;
mod query;
mod reference;
mod risk;
mod saga;
mod shared;
mod store;
mod transit;

use std::sync::Arc;

use customs_declarations_contract as contract;
use customs_platform::{Conductor, Failure, Ports, Reminds, Service, UseCases};
use customs_signatures::EvidenceKey;

pub use archive::{ArchiveSettings, Keeper, Stamps, Trust};
pub use arrival::{ArrivalEvent, ArrivalState};
pub use bus::SUBSCRIPTION;
pub use config::Settings;
pub use deadline::DEADLINES;
pub use pages::states_page;
pub use store::{Standing, standings};
pub use transit::{
    FURTHER_MESSAGES, MovementEvent, MovementState, RecordState, Signer, Withdrawals, asks_for,
};

use saga::{ClaimSteps, DischargeSteps, ReleaseSteps};
use shared::Shared;

/// Name of the service.
pub const NAME: &str = "declarations";

/// The use cases of declarations.
pub(crate) struct App {
    shared: Arc<Shared>,
    transit_release: Conductor<ReleaseSteps>,
    discharge: Conductor<DischargeSteps>,
    claim: Conductor<ClaimSteps>,
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
        claim: Conductor::new(ClaimSteps),
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
        .acts::<contract::AcceptDeclaration>(&app, &store)
        .acts::<contract::RejectDeclaration>(&app, &store)
        .acts::<contract::AnnounceControl>(&app, &store)
        .acts::<contract::RequestAmendment>(&app, &store)
        .acts::<contract::AnswerWithdrawal>(&app, &store)
        .acts::<contract::InvalidateMovement>(&app, &store)
        .acts::<contract::SolveDiscrepancies>(&app, &store)
        .acts::<contract::OpenEnquiry>(&app, &store)
        .acts::<contract::AcceptProof>(&app, &store)
        .acts::<contract::RejectAnswer>(&app, &store)
        .acts::<contract::BeginRecovery>(&app, &store)
        .acts::<contract::RecordRecoveryPayment>(&app, &store)
        .acts::<contract::ClaimGuarantor>(&app, &store)
        .acts::<contract::OrderOfficeControl>(&app, &store)
        .acts::<contract::RecordOfficeControl>(&app, &store)
        .acts::<contract::ReportIncident>(&app, &store)
        .acts::<contract::RecordIncident>(&app, &store)
        .acts::<contract::DivertMovement>(&app, &store)
        .acts::<contract::RecordArrival>(&app, &store)
        .acts::<contract::PermitUnloading>(&app, &store)
        .acts::<contract::WriteNote>(&app, &store)
        .acts::<contract::AttachFile>(&app, &store)
        .answers::<contract::CheckMessage>(&app)
        .answers::<contract::FindMovement>(&app)
        .answers::<contract::FindRelease>(&app)
        .answers::<contract::ListMovements>(&app)
        .answers::<contract::ListArrivals>(&app)
        .answers::<contract::ListMessages>(&app)
        .answers::<contract::FindMessage>(&app)
        .answers::<contract::FindEvidence>(&app)
        .answers::<contract::MovementTimeline>(&app)
        .answers::<contract::ListActs>(&app)
        .answers::<contract::FindDeclaration>(&app)
        .answers::<contract::ListNotes>(&app)
        .answers::<contract::ListFiles>(&app)
        .answers::<contract::ReadFile>(&app)
        .answers::<contract::FollowMovement>(&app)
        .answers::<contract::QueryGuarantees>(&app)
        .answers::<contract::OfficeQueue>(&app);
    let receiver: Arc<App> = Arc::clone(&app);
    let reminder: Arc<App> = Arc::clone(&app);
    Service::new(NAME, store, use_cases).hearing(SUBSCRIPTION, receiver).reminding(reminder).ringing(app)
}

#[async_trait::async_trait]
impl Reminds for App {
    async fn remind(&self) -> Result<u32, Failure> {
        let store = &self.shared.store;
        let before = self.transit_release.remind(store).await? + self.discharge.remind(store).await?;
        Ok(before + self.claim.remind(store).await?)
    }
}
