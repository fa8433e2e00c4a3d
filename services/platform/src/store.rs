//! A service's own database: SQLite in one process, PostgreSQL in many.

use std::{path::PathBuf, sync::Arc, time::Duration};

use customs_kernel::Clock;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::{Mutex, Notify};

use crate::{Failure, Work};

/// Where a service's data is kept.
#[derive(Clone, Debug)]
pub enum Place {
    /// One SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, in a schema of the service's own.
    Postgres {
        /// Connection URL without the schema.
        url: String,
        /// Schema, named like the service.
        schema: String,
        /// How many connections at most.
        connections_max: u32,
    },
}

/// A service's database and the clock its rows are stamped with.
#[derive(Clone)]
pub struct Store {
    service: &'static str,
    database: DatabaseConnection,
    clock: Arc<dyn Clock>,
    writer: Arc<Mutex<()>>,
    posted: Arc<Notify>,
    rung: Arc<Notify>,
}

impl Store {
    /// Opens the database of `service` at `place`.
    pub async fn open(service: &'static str, place: &Place, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let database = Database::connect(options(place)).await?;
        Ok(Self {
            service,
            database,
            clock,
            writer: Arc::default(),
            posted: Arc::default(),
            rung: Arc::default(),
        })
    }

    /// The service whose data this is.
    #[must_use]
    pub const fn service(&self) -> &'static str {
        self.service
    }

    /// For reading outside a transaction.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.database
    }

    /// The clock rows are stamped with.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Whether this is SQLite, which knows one writer at a time.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.database.get_database_backend() == DbBackend::Sqlite
    }

    /// Begins a transaction that may write; `label` names it for failpoints and traces.
    ///
    /// SQLite has one writer: the transaction begins immediate and waits for its turn in memory, because a
    /// deferred one fails with "database is locked" as soon as two read before they write.
    pub async fn begin(&self, label: &str, correlation_id: &str) -> Result<Work, Failure> {
        let sqlite = self.is_sqlite();
        let turn = if sqlite { Some(Arc::clone(&self.writer).lock_owned().await) } else { None };
        let options = TransactionOptions {
            sqlite_transaction_mode: sqlite.then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let txn = self.database.begin_with_options(options).await?;
        Ok(Work::new(self.clone(), txn, turn, label, correlation_id))
    }

    /// Rung when a transaction has put messages into the outbox.
    #[must_use]
    pub fn posted(&self) -> &Notify {
        &self.posted
    }

    /// Rung when a timer was set or the clock was moved.
    #[must_use]
    pub fn rung(&self) -> &Notify {
        &self.rung
    }
}

fn options(place: &Place) -> ConnectOptions {
    match place {
        Place::Sqlite(path) => {
            let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
            // FULL, because a commit is a promise: NORMAL may lose the last commits at a power cut.
            options.max_connections(4).min_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(
                |sqlite| {
                    sqlite
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .busy_timeout(Duration::from_secs(5))
                        .foreign_keys(true)
                },
            );
            options
        }
        Place::Postgres { url, schema, connections_max } => {
            let mut options = ConnectOptions::new(url.clone());
            options
                .max_connections(*connections_max)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(5))
                .connect_timeout(Duration::from_secs(5))
                .sqlx_logging(false)
                .set_schema_search_path(schema.clone());
            options
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("service", &self.service).finish_non_exhaustive()
    }
}

/// The words in which PostgreSQL and SQLite differ.
#[must_use]
pub fn skip_locked(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "",
    }
}

/// Creates the schema a service lives in, where the database has schemas.
pub async fn create_schema(place: &Place) -> Result<(), Failure> {
    if let Place::Postgres { url, schema, .. } = place {
        let mut options = ConnectOptions::new(url.clone());
        options.max_connections(1).sqlx_logging(false);
        let database = Database::connect(options).await?;
        database.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"")).await?;
        database.close().await?;
    }
    Ok(())
}
