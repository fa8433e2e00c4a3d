//! The databases of an installation, read as an auditor reads them: beside the suite, while it runs.

use std::{collections::HashMap, path::Path};

use anyhow::Context as _;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement,
};
use tokio::runtime::{Builder, Runtime};

/// The services that keep data.
pub(crate) const SERVICES: [&str; 6] =
    ["references", "web-broker", "guarantees", "declarations", "notifications", "statistics"];

/// The databases of an installation.
pub(crate) struct Vault {
    runtime: Runtime,
    place: Place,
}

enum Place {
    /// One file a service in this directory.
    Sqlite(std::path::PathBuf),
    /// One schema a service behind this connection.
    Postgres(DatabaseConnection),
}

/// The databases, opened for one look.
pub(crate) struct Look<'a> {
    vault: &'a Vault,
    files: HashMap<&'static str, DatabaseConnection>,
}

impl Vault {
    /// The files in `directory`.
    pub(crate) fn sqlite(directory: &Path) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, place: Place::Sqlite(directory.to_owned()) })
    }

    /// The schemas of the database at `url`.
    pub(crate) fn postgres(url: &str) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let connection = runtime.block_on(connect(url))?;
        Ok(Self { runtime, place: Place::Postgres(connection) })
    }

    /// Opens the databases for one look. Files are closed after it: a database that nobody has open is
    /// recovered when a killed process comes back, and that is to be seen.
    pub(crate) fn look(&self) -> anyhow::Result<Look<'_>> {
        let mut files = HashMap::new();
        if let Place::Sqlite(directory) = &self.place {
            for service in SERVICES {
                let url =
                    format!("sqlite://{}?mode=rw", directory.join(format!("{service}.sqlite")).display());
                files.insert(service, self.runtime.block_on(connect(&url))?);
            }
        }
        Ok(Look { vault: self, files })
    }
}

impl Look<'_> {
    /// The rows of `sql` in the database of `service`, each read by `read`.
    pub(crate) fn rows<T>(
        &self,
        service: &str,
        sql: &str,
        read: impl Fn(&QueryResult) -> Result<T, sea_orm::DbErr>,
    ) -> anyhow::Result<Vec<T>> {
        let rows = self.vault.runtime.block_on(async {
            match &self.vault.place {
                Place::Sqlite(_) => {
                    let file = self.files.get(service).with_context(|| format!("there is no {service}"))?;
                    let statement = Statement::from_string(DbBackend::Sqlite, sql);
                    anyhow::Ok(file.query_all_raw(statement).await?)
                }
                Place::Postgres(connection) => {
                    let path = format!("SET search_path TO \"{service}\"");
                    connection.execute_unprepared(&path).await?;
                    Ok(connection.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?)
                }
            }
        });
        let rows = rows.with_context(|| format!("{service}: {sql}"))?;
        rows.iter().map(|row| read(row).with_context(|| format!("{service}: {sql}"))).collect()
    }

    /// The number that `sql` gives.
    pub(crate) fn number(&self, service: &str, sql: &str) -> anyhow::Result<i64> {
        let rows = self.rows(service, sql, |row| row.try_get_by_index::<i64>(0))?;
        rows.first().copied().with_context(|| format!("{service}: no number for {sql}"))
    }
}

impl Drop for Look<'_> {
    fn drop(&mut self) {
        for (_, file) in self.files.drain() {
            // Nothing was written; there is nothing to do about a file that does not close.
            drop(self.vault.runtime.block_on(file.close()));
        }
    }
}

async fn connect(url: &str) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}
