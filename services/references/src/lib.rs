//! References: dated, versioned code lists, customs offices, the register of parties, measures.

mod bus;
mod code;
mod dataset;
mod entry;
mod hot;
mod import;
mod label;
mod measure;
mod office;
mod page;
mod party;
mod proposal;
mod publication;
pub mod seed;
mod snapshot;
mod sql;
mod version;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use customs_platform::{Failure, Ports, Service, Store, UseCases, bus::Subscription};
use customs_references_contract as contract;
use serde::{Deserialize, Serialize};

use hot::Hot;

/// Name of the service.
pub const NAME: &str = "references";

/// What the service hears.
pub const SUBSCRIPTION: Subscription =
    Subscription { service: NAME, names: &[contract::bus::VERSION_ACTIVATED] };

/// How the service is run.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Whether an import counts only once somebody else than who proposed it has activated it.
    pub four_eyes: bool,
}

/// The service: what it needs to answer and to act.
pub struct App {
    ports: Ports,
    hot: Hot,
    config: Config,
}

impl App {
    pub(crate) const fn store(&self) -> &Store {
        &self.ports.store
    }

    pub(crate) const fn four_eyes(&self) -> bool {
        self.config.four_eyes
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.ports.clock.now()
    }

    pub(crate) const fn hot(&self) -> &Hot {
        &self.hot
    }

    /// The entity tag of an answer for `at`: the version that counts on that day.
    ///
    /// Asked for before the data are read, so that newer data may stand under an older tag, never the reverse.
    pub(crate) async fn etag(&self, at: Option<NaiveDate>) -> Result<String, Failure> {
        let version = self.hot.now().await?.version().to_owned();
        Ok(at.map_or_else(|| version.clone(), |day| format!("{version}-{}", day.format("%Y%m%d"))))
    }
}

/// Builds the service on `ports`; look-ups are loaded when they are first asked for.
#[must_use]
pub fn service(ports: Ports, config: Config) -> (Arc<App>, Service) {
    let store = ports.store.clone();
    let hot = Hot::new(store.clone(), Arc::clone(&ports.clock));
    let app = Arc::new(App { ports, hot, config });
    bus::listen(&app);
    let service = Service::new(NAME, store.clone(), use_cases(&app, &store))
        .hearing(SUBSCRIPTION, Arc::<App>::clone(&app))
        .ringing(Arc::<App>::clone(&app));
    (app, service)
}

fn use_cases(app: &Arc<App>, store: &Store) -> UseCases {
    UseCases::new()
        .answers::<contract::ListCodes>(app)
        .answers::<contract::FindCode>(app)
        .answers::<contract::FindCodes>(app)
        .answers::<contract::ListCodeLists>(app)
        .answers::<contract::FindOffice>(app)
        .answers::<contract::FindOffices>(app)
        .answers::<contract::ListOffices>(app)
        .answers::<contract::FindParty>(app)
        .answers::<contract::FindParties>(app)
        .answers::<contract::ListParties>(app)
        .answers::<contract::ListRestrictions>(app)
        .answers::<contract::ListRouteCountries>(app)
        .answers::<contract::ListVersions>(app)
        .answers::<contract::ListChanges>(app)
        .answers::<contract::TellSnapshotVersion>(app)
        .answers::<contract::TakeSnapshot>(app)
        .answers::<contract::ListProposals>(app)
        .answers::<contract::FindProposal>(app)
        .answers::<contract::ListProposedChanges>(app)
        .answers::<contract::ListPublications>(app)
        .answers::<contract::ListRates>(app)
        .acts::<contract::Publish>(app, store)
        .acts::<contract::EndPublication>(app, store)
        .acts::<contract::SetRates>(app, store)
        .acts::<contract::RegisterParty>(app, store)
        .acts::<contract::SuspendParty>(app, store)
        .acts::<contract::ReinstateParty>(app, store)
        .acts::<contract::AddRestriction>(app, store)
        .acts::<contract::EndRestriction>(app, store)
        .acts::<contract::AddRouteCountry>(app, store)
        .acts::<contract::EndRouteCountry>(app, store)
        .acts::<contract::BeginImport>(app, store)
        .acts::<contract::AddImportChunk>(app, store)
        .plans::<contract::FinishImport>(app, store)
        .plans::<contract::ProposeImport>(app, store)
        .plans::<contract::ActivateImport>(app, store)
        .acts::<contract::RefuseImport>(app, store)
}
