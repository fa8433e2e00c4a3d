//! Whether a program may work with a database: it waits for an older schema and refuses one that is too new.
//!
//! The rule behind it: a change of the schema is made in two versions, first what both can live with, then the rest.
//! So a program works with its own epoch and with the next, and with nothing later.

use std::collections::BTreeSet;

use sea_orm_migration::{
    MigratorTrait,
    sea_orm::{
        ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
        TransactionTrait, Value,
    },
};

/// The epoch of this version's schema: one more in every version that changes a schema.
pub const EPOCH: i32 = 1;

/// What a program finds in a database.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Schema {
    /// Migrations of this program are missing: wait for `ecustoms migrate`.
    Older,
    /// Everything that this program needs is there, and nothing it does not know.
    Present,
    /// The schema of the next version, which this program can live with.
    Next,
    /// A schema of this epoch, too new to live with.
    TooNew(i32),
}

/// What a program that knows the migrations `known` finds in `database`; changes nothing.
pub(crate) async fn look(known: &[String], database: &DatabaseConnection) -> Result<Schema, DbErr> {
    let backend = database.get_database_backend();
    let applied = applied(database, backend).await?;
    if known.iter().any(|name| !applied.contains(name)) {
        // A later version may have struck off what it replaced, but never within one epoch.
        let reached = epoch(database, backend).await?;
        return Ok(if reached > EPOCH + 1 { Schema::TooNew(reached) } else { Schema::Older });
    }
    let reached = epoch(database, backend).await?;
    Ok(match reached - EPOCH {
        ..=0 if applied.len() == known.len() => Schema::Present,
        ..=1 => Schema::Next,
        _ => Schema::TooNew(reached),
    })
}

async fn applied(database: &DatabaseConnection, backend: DbBackend) -> Result<BTreeSet<String>, DbErr> {
    if !has_table(database, backend, "seaql_migrations").await? {
        return Ok(BTreeSet::new());
    }
    let sql = "SELECT version FROM seaql_migrations";
    let rows = database.query_all_raw(Statement::from_string(backend, sql)).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

async fn epoch(database: &DatabaseConnection, backend: DbBackend) -> Result<i32, DbErr> {
    if !has_table(database, backend, "schema_epoch").await? {
        return Ok(0);
    }
    let sql = "SELECT epoch FROM schema_epoch WHERE id = 1";
    let row = database.query_one_raw(Statement::from_string(backend, sql)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "epoch"))
}

async fn has_table(database: &DatabaseConnection, backend: DbBackend, name: &str) -> Result<bool, DbErr> {
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT 1 AS found FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = $1"
        }
        _ => "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = $1",
    };
    let statement = Statement::from_sql_and_values(backend, sql, [Value::from(name)]);
    Ok(database.query_one_raw(statement).await?.is_some())
}

/// Applies what is missing of `M`, one process at a time, and notes the epoch; refuses a schema that is too new.
pub(crate) async fn bring<M: MigratorTrait>(database: &DatabaseConnection) -> Result<(), DbErr> {
    let backend = database.get_database_backend();
    let turn = database.begin().await?;
    take_turn(&turn, backend).await?;
    // SQLite has one writer, and the process that owns the file is the only one to migrate it.
    let turn =
        if backend == DbBackend::Postgres { Some(turn) } else { turn.rollback().await.map(|()| None)? };
    let known = names::<M>();
    match look(&known, database).await? {
        Schema::Older => {
            M::up(database, None).await?;
            note(database, backend).await?;
        }
        Schema::Present => note(database, backend).await?,
        Schema::Next => {}
        Schema::TooNew(reached) => return Err(too_new(reached)),
    }
    if let Some(turn) = turn {
        turn.commit().await?;
    }
    Ok(())
}

async fn take_turn(turn: &DatabaseTransaction, backend: DbBackend) -> Result<(), DbErr> {
    if backend == DbBackend::Postgres {
        let sql = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.migrate'))";
        turn.execute_unprepared(sql).await?;
    }
    Ok(())
}

async fn note(database: &DatabaseConnection, backend: DbBackend) -> Result<(), DbErr> {
    let sql = "INSERT INTO schema_epoch (id, epoch) VALUES (1, $1) \
               ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch WHERE schema_epoch.epoch < excluded.epoch";
    database.execute_raw(Statement::from_sql_and_values(backend, sql, [Value::from(EPOCH)])).await?;
    Ok(())
}

pub(crate) fn names<M: MigratorTrait>() -> Vec<String> {
    M::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// Why a program does not start on a schema of epoch `reached`.
#[must_use]
pub fn too_new(reached: i32) -> DbErr {
    DbErr::Custom(format!(
        "the schema is of epoch {reached}; this program supports {EPOCH} and {}: start the present version",
        EPOCH + 1
    ))
}
