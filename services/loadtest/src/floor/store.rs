//! The tables of the floor and the few statements on them.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    Value,
};
use uuid::Uuid;

use super::Letter;

/// How many messages a relay publishes together.
pub(super) const RELAY_MAX: usize = 256;

const TABLES: &str = "
    CREATE TABLE movements (id uuid PRIMARY KEY, state text NOT NULL, body text NOT NULL, at timestamptz NOT NULL);
    CREATE TABLE guarantees (number integer PRIMARY KEY, available bigint NOT NULL, held bigint NOT NULL);
    CREATE TABLE holds (id uuid PRIMARY KEY, movement uuid NOT NULL, guarantee integer NOT NULL,
        amount bigint NOT NULL, at timestamptz NOT NULL);
    CREATE TABLE records (id uuid PRIMARY KEY, movement uuid NOT NULL, text text NOT NULL, at timestamptz NOT NULL);
    CREATE TABLE inbox (message_id uuid PRIMARY KEY, received_at timestamptz NOT NULL);
    CREATE TABLE outbox (seq bigserial PRIMARY KEY, id uuid NOT NULL, queue text NOT NULL, body text NOT NULL,
        at timestamptz NOT NULL)";

/// An empty database in the schema `schema`.
pub(super) async fn open(url: &str, schema: &str, connections: u32) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .set_schema_search_path(schema.to_owned());
    let database = Database::connect(options).await?;
    database.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await?;
    database.execute_unprepared(&format!("CREATE SCHEMA {schema}")).await?;
    database.execute_unprepared(TABLES).await?;
    Ok(database)
}

/// Enters `count` guarantees.
pub(super) async fn fill_guarantees(database: &DatabaseConnection, count: usize) -> anyhow::Result<()> {
    let last = count.max(1) - 1;
    let sql = format!("INSERT INTO guarantees SELECT n, 9000000000, 0 FROM generate_series(0, {last}) AS n");
    database.execute_unprepared(&sql).await?;
    Ok(())
}

async fn execute(txn: &DatabaseTransaction, sql: &str, values: Vec<Value>) -> anyhow::Result<()> {
    txn.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}

/// `before`, one group of placeholders a row, and `after`, with the values of all rows.
async fn rows<const N: usize>(
    txn: &DatabaseTransaction,
    before: &str,
    rows: impl Iterator<Item = [Value; N]>,
    after: &str,
) -> anyhow::Result<()> {
    let (mut sql, mut values) = (before.to_owned(), Vec::new());
    for row in rows {
        let first = values.len() + 1;
        let places: Vec<String> = (first..first + N).map(|place| format!("${place}")).collect();
        let _ = write!(sql, "{}({})", if first == 1 { "" } else { ", " }, places.join(", "));
        values.extend(row);
    }
    if values.is_empty() {
        return Ok(());
    }
    sql.push_str(after);
    execute(txn, &sql, values).await
}

/// Keeps a declaration.
pub(super) async fn keep_movement(
    txn: &DatabaseTransaction,
    id: Uuid,
    body: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let sql = "INSERT INTO movements (id, state, body, at) VALUES ($1, 'accepted', $2, $3)";
    execute(txn, sql, vec![id.into(), body.into(), now.into()]).await
}

/// Puts `letters` into the outbox, for `queue`.
pub(super) async fn post(
    txn: &DatabaseTransaction,
    queue: &str,
    letters: &[Letter],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut list = Vec::with_capacity(letters.len());
    for letter in letters {
        let body = serde_json::to_string(letter)?;
        list.push([letter.id.into(), queue.into(), body.into(), now.into()]);
    }
    rows(txn, "INSERT INTO outbox (id, queue, body, at) VALUES ", list.into_iter(), "").await
}

/// Records the arrival of `letters`; those that are new.
pub(super) async fn record<'a>(
    txn: &DatabaseTransaction,
    letters: &'a [Letter],
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<&'a Letter>> {
    let mut sql = "INSERT INTO inbox (message_id, received_at) VALUES ".to_owned();
    let mut values: Vec<Value> = vec![now.into()];
    for (row, letter) in letters.iter().enumerate() {
        let _ = write!(sql, "{}(${}, $1)", if row == 0 { "" } else { ", " }, row + 2);
        values.push(letter.id.into());
    }
    sql.push_str(" ON CONFLICT (message_id) DO NOTHING RETURNING message_id");
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    let mut fresh = Vec::with_capacity(letters.len());
    for row in txn.query_all_raw(statement).await? {
        let id: Uuid = row.try_get("", "message_id")?;
        fresh.extend(letters.iter().find(|letter| letter.id == id));
    }
    Ok(fresh)
}

/// Charges the guarantees and keeps the holds.
pub(super) async fn hold(
    txn: &DatabaseTransaction,
    fresh: &[&Letter],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut charged: Vec<(i32, i64)> = Vec::new();
    let mut numbers: Vec<i32> = fresh.iter().map(|letter| letter.guarantee).collect();
    numbers.sort_unstable();
    for number in numbers {
        match charged.last_mut() {
            Some((last, amount)) if *last == number => *amount += 1_000,
            _ => charged.push((number, 1_000)),
        }
    }
    let list = charged.into_iter().map(|(number, amount)| [number.into(), amount.into()]);
    let before =
        "UPDATE guarantees SET available = available - v.column2, held = held + v.column2 FROM (VALUES ";
    rows(txn, before, list, ") AS v WHERE number = v.column1").await?;
    let list = fresh.iter().map(|letter| {
        [letter.id.into(), letter.movement.into(), letter.guarantee.into(), 1_000_i64.into(), now.into()]
    });
    rows(txn, "INSERT INTO holds (id, movement, guarantee, amount, at) VALUES ", list, "").await
}

/// Releases the movements.
pub(super) async fn release(
    txn: &DatabaseTransaction,
    fresh: &[&Letter],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let list = fresh.iter().map(|letter| [letter.movement.into(), now.into()]);
    let before = "UPDATE movements SET state = 'released', at = v.column2 FROM (VALUES ";
    rows(txn, before, list, ") AS v WHERE id = v.column1").await
}

/// Keeps the facts.
pub(super) async fn note(
    txn: &DatabaseTransaction,
    fresh: &[&Letter],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let list = fresh
        .iter()
        .map(|letter| [letter.id.into(), letter.movement.into(), letter.text.as_str().into(), now.into()]);
    rows(txn, "INSERT INTO records (id, movement, text, at) VALUES ", list, "").await
}

/// The oldest messages of the outbox: number, queue, body.
pub(super) async fn outbox(txn: &DatabaseTransaction) -> anyhow::Result<Vec<(i64, String, String)>> {
    let sql = format!("SELECT seq, queue, body FROM outbox ORDER BY seq LIMIT {RELAY_MAX}");
    let found = txn.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    found
        .iter()
        .map(|row| Ok((row.try_get("", "seq")?, row.try_get("", "queue")?, row.try_get("", "body")?)))
        .collect()
}
