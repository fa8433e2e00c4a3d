//! A service of its own for one test: database, desk, clock.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use customs_kernel::{Actor, Caller, Clock, ManualClock, Problem, Role, UseCase};
use customs_platform::{
    Bus, Desk, Ports, Service, Store,
    bus::local::LocalBus,
    cache::local::LocalCache,
    outbox,
    store::{self, Place},
};
use customs_references::{Config, NAME, SUBSCRIPTION};
use customs_references_contract::{
    AddImportChunk, BeginImport, FinishImport, ImportReport, imports::CHUNK_BYTES_MAX,
};
use sea_orm::{ConnectionTrait, Statement};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

static SPACES: AtomicU32 = AtomicU32::new(0);

pub(crate) struct House {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Store,
    pub(crate) service: Service,
    desk: Desk,
    bus: LocalBus,
    cache: Arc<LocalCache>,
    _dir: tempfile::TempDir,
}

/// 2026-11-20, noon.
pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// Runs `test` on SQLite and, where `ECUSTOMS_TEST_POSTGRES_URL` names one, on PostgreSQL.
pub(crate) fn on_both<T: Future<Output = ()>>(test: impl Fn(House) -> T) {
    on_both_with(Config::default(), test);
}

/// The same for a service that is run as `config` says.
pub(crate) fn on_both_with<T: Future<Output = ()>>(config: Config, test: impl Fn(House) -> T) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::Sqlite(dir.path().join("references.db"));
        test(House::open(&place, dir, config).await).await;
        let Ok(url) = std::env::var("ECUSTOMS_TEST_POSTGRES_URL") else {
            println!("not tried on PostgreSQL: ECUSTOMS_TEST_POSTGRES_URL is not set");
            return;
        };
        let number = SPACES.fetch_add(1, Ordering::SeqCst);
        let schema = format!("references_{}_{number}", std::process::id());
        let place = Place::Postgres { url, schema, connections_max: 4 };
        test(House::open(&place, tempfile::tempdir().unwrap(), config).await).await;
    });
}

impl House {
    async fn open(place: &Place, dir: tempfile::TempDir, config: Config) -> Self {
        store::create_schema(place).await.unwrap();
        let clock = Arc::new(ManualClock::at(noon()));
        let time: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let store = Store::open(NAME, place, Arc::clone(&time)).await.unwrap();
        customs_migrations::migrate(NAME, store.reader()).await.unwrap();
        let cache = Arc::new(LocalCache::new(Arc::clone(&time)));
        let ports = Ports {
            store: store.clone(),
            cache: Arc::<LocalCache>::clone(&cache),
            desk: Desk::new(None),
            clock: time,
        };
        let desk = ports.desk.clone();
        let (_, mut service) = customs_references::service(ports, config);
        desk.open(std::mem::take(&mut service.use_cases));
        let bus = LocalBus::new();
        bus.consume(SUBSCRIPTION, service.inbox().unwrap(), CancellationToken::new()).await.unwrap();
        Self { clock, store, service, desk, bus, cache, _dir: dir }
    }

    /// Another replica on the same database and cache.
    pub(crate) fn replica(&self) -> Desk {
        let ports = Ports {
            store: self.store.clone(),
            cache: Arc::<LocalCache>::clone(&self.cache),
            desk: Desk::new(None),
            clock: Arc::<ManualClock>::clone(&self.clock),
        };
        let desk = ports.desk.clone();
        let (_, service) = customs_references::service(ports, Config::default());
        desk.open(service.use_cases);
        desk
    }

    pub(crate) async fn ask<U: UseCase>(&self, ask: U) -> Result<U::Output, Problem> {
        self.desk.ask(&administrator(), ask).await
    }

    pub(crate) async fn ask_as<U: UseCase>(&self, caller: &Caller, ask: U) -> Result<U::Output, Problem> {
        self.desk.ask(caller, ask).await
    }

    /// Lets what was told reach everybody who hears it; tells the names.
    pub(crate) async fn deliver(&self) -> Vec<String> {
        let backend = self.store.reader().get_database_backend();
        let sql = "SELECT name FROM outbox ORDER BY seq";
        let rows = self.store.reader().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        outbox::drain(&self.store, &self.bus).await.unwrap();
        rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
    }

    pub(crate) async fn count(&self, table: &str) -> i64 {
        let backend = self.store.reader().get_database_backend();
        let sql = format!("SELECT COUNT(*) AS n FROM {table}");
        let row = self.store.reader().query_one_raw(Statement::from_string(backend, sql)).await.unwrap();
        row.unwrap().try_get("", "n").unwrap()
    }

    pub(crate) async fn import(&self, file_name: &str, file: &[u8]) -> Result<ImportReport, Problem> {
        self.import_into(None, file_name, file).await
    }

    pub(crate) async fn import_into(
        &self,
        dataset: Option<&str>,
        file_name: &str,
        file: &[u8],
    ) -> Result<ImportReport, Problem> {
        let import = self.announce(&administrator(), dataset, file_name, file).await?;
        self.ask(FinishImport { import }).await
    }

    /// Announces `file` and sends it whole.
    pub(crate) async fn announce(
        &self,
        caller: &Caller,
        dataset: Option<&str>,
        file_name: &str,
        file: &[u8],
    ) -> Result<Uuid, Problem> {
        let begun = self
            .ask_as(
                caller,
                BeginImport {
                    dataset: dataset.map(ToOwned::to_owned),
                    file_name: file_name.to_owned(),
                    sha256: hex::encode(Sha256::digest(file)),
                    size: i64::try_from(file.len()).unwrap(),
                },
            )
            .await?;
        for (position, chunk) in (0..).zip(file.chunks(CHUNK_BYTES_MAX)) {
            let base64 = STANDARD.encode(chunk);
            self.ask_as(caller, AddImportChunk { import: begun.import, position, base64 }).await?;
        }
        Ok(begun.import)
    }
}

/// An administrator with the patience for a large import.
pub(crate) fn administrator() -> Caller {
    caller("admin-1", Role::Administrator)
}

pub(crate) fn caller(subject: &str, role: Role) -> Caller {
    let actor = Actor { subject: subject.to_owned(), party: None, roles: vec![role], offices: Vec::new() };
    Caller { patience_ms: 600_000, ..Caller::new(actor, "test") }
}

/// The published file `name`, where the shared test data are at hand.
pub(crate) fn published(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/refdata").join(name);
    let file = std::fs::read(&path).ok();
    if file.is_none() {
        println!("skipped: {} is not here", path.display());
    }
    file
}
