//! The outbox: messages leave in the transaction that caused them, and are published afterwards.
//!
//! Events that a broker has confirmed are kept for a while: a broker that is lost with what nobody has acted on yet may be
//! told again. Commands and answers are sent again by their sagas anyway.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TransactionTrait, Value};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Bus, Failure, Kind, Message, Store, failpoint, metrics, writes::Writes};

/// How many messages are published and confirmed together.
const BATCH_MAX: u64 = 256;
/// How often the outbox is looked into without being rung.
const LOOK_MS: u64 = 500;
/// How long the relay rests after a batch: what comes meanwhile goes together.
const REST_MS: u64 = 40;

const COLUMNS: &str = "id, name, kind, aggregate, saga, correlation_id, traceparent, occurred_at, body";

/// Adds `messages` for the outbox to `writes`, in their order.
pub(crate) fn append(writes: &mut Writes, messages: &[Message]) {
    writes.rows(&format!("INSERT INTO outbox ({COLUMNS}) VALUES "), messages.iter().map(columns), "");
}

/// The values of one message in the order of its columns.
pub(crate) fn columns(message: &Message) -> [Value; 9] {
    [
        message.id.into(),
        message.name.as_str().into(),
        message.kind.as_str().into(),
        message.aggregate.as_str().into(),
        message.saga.into(),
        message.correlation_id.as_str().into(),
        message.traceparent.clone().into(),
        message.occurred_at.into(),
        message.body.as_str().into(),
    ]
}

/// The message in a row that has its columns.
pub(crate) fn message(row: &QueryResult) -> Result<Message, Failure> {
    let kind: String = row.try_get("", "kind")?;
    Ok(Message {
        id: row.try_get("", "id")?,
        name: row.try_get("", "name")?,
        kind: match kind.as_str() {
            "command" => Kind::Command,
            "reply" => Kind::Reply,
            _ => Kind::Event,
        },
        aggregate: row.try_get("", "aggregate")?,
        saga: row.try_get("", "saga")?,
        correlation_id: row.try_get("", "correlation_id")?,
        traceparent: row.try_get("", "traceparent")?,
        occurred_at: row.try_get("", "occurred_at")?,
        body: row.try_get("", "body")?,
    })
}

/// Publishes what stands in the outbox of `store` until it is empty; tells how many messages went out.
///
/// Messages leave in the order of their numbers. On PostgreSQL one relay a service works at a time (an
/// advisory lock held by its transaction), because two would overtake each other within an aggregate;
/// another replica takes over as soon as that transaction ends.
pub async fn drain(store: &Store, bus: &dyn Bus) -> Result<u64, Failure> {
    let mut published = 0;
    loop {
        let sent = if store.is_sqlite() {
            batch_sqlite(store, bus).await?
        } else {
            batch_postgres(store, bus).await?
        };
        published += sent;
        if sent < BATCH_MAX {
            return Ok(published);
        }
    }
}

async fn read(connection: &impl ConnectionTrait, backend: DbBackend) -> Result<Vec<(i64, Message)>, Failure> {
    let sql = format!("SELECT seq, {COLUMNS} FROM outbox ORDER BY seq LIMIT {BATCH_MAX}");
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "seq")?, message(row)?))).collect()
}

/// Strikes `numbers` off the outbox.
async fn delete(connection: &impl ConnectionTrait, numbers: &[i64]) -> Result<(), Failure> {
    if numbers.is_empty() {
        return Ok(());
    }
    let sql = format!("DELETE FROM outbox WHERE seq IN ({})", list(numbers));
    connection.execute_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    Ok(())
}

/// Strikes `numbers` off the outbox and keeps the events among them, as told at `now`.
async fn file(connection: &impl ConnectionTrait, numbers: &[i64], now: DateTime<Utc>) -> Result<(), Failure> {
    if numbers.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "WITH gone AS (DELETE FROM outbox WHERE seq IN ({}) RETURNING seq, {COLUMNS}) \
         INSERT INTO told (seq, {COLUMNS}, told_at) SELECT seq, {COLUMNS}, $1 FROM gone WHERE kind = 'event' \
         ON CONFLICT (seq) DO UPDATE SET told_at = excluded.told_at",
        list(numbers)
    );
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [Value::from(now)]);
    connection.execute_raw(statement).await?;
    Ok(())
}

fn list(numbers: &[i64]) -> String {
    let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    list.join(", ")
}

/// Puts the events that were told since `since` back into the outbox, in their old places; tells how many.
///
/// Whoever has acted on one already does not again. Nothing is kept where there is no broker to lose it.
pub async fn tell_again(store: &Store, since: DateTime<Utc>) -> Result<u64, Failure> {
    if store.is_sqlite() {
        return Ok(0);
    }
    let sql = format!(
        "WITH again AS (DELETE FROM told WHERE told_at >= $1 RETURNING seq, {COLUMNS}) \
         INSERT INTO outbox (seq, {COLUMNS}) SELECT seq, {COLUMNS} FROM again"
    );
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [Value::from(since)]);
    let told = store.reader().execute_raw(statement).await?.rows_affected();
    store.posted().notify_one();
    Ok(told)
}

/// Publishes `rows` and tells which numbers are confirmed, stopping at the first that is not.
async fn publish(store: &Store, bus: &dyn Bus, rows: Vec<(i64, Message)>) -> (Vec<i64>, Option<Failure>) {
    let (numbers, messages): (Vec<i64>, Vec<Message>) = rows.into_iter().unzip();
    let names: Vec<String> = messages.iter().map(|message| message.name.clone()).collect();
    let outcome = bus.publish(messages).await;
    for name in names.iter().take(outcome.confirmed) {
        failpoint::hit("after-publish", name, store.service());
        metrics::published(store.service(), name);
    }
    (numbers.into_iter().take(outcome.confirmed).collect(), outcome.failure)
}

async fn batch_sqlite(store: &Store, bus: &dyn Bus) -> Result<u64, Failure> {
    let rows = read(store.reader(), DbBackend::Sqlite).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let (confirmed, failure) = publish(store, bus, rows).await;
    let work = store.begin("outbox.relay", "").await?;
    delete(work.txn(), &confirmed).await?;
    work.commit().await?;
    failure.map_or_else(|| Ok(u64::try_from(confirmed.len()).unwrap_or(u64::MAX)), Err)
}

async fn batch_postgres(store: &Store, bus: &dyn Bus) -> Result<u64, Failure> {
    // The table is short and soon mostly dead rows: the planner would read through all of them again and again.
    const LOCK: &str = "SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || '.outbox')) AS mine, \
         set_config('enable_seqscan', 'off', true) AS by_number";
    let txn = store.reader().begin().await?;
    let row = txn.query_one_raw(Statement::from_string(DbBackend::Postgres, LOCK)).await?;
    let mine = row.map(|row| row.try_get::<bool>("", "mine")).transpose()?.unwrap_or_default();
    let rows = if mine { read(&txn, DbBackend::Postgres).await? } else { Vec::new() };
    if rows.is_empty() {
        txn.rollback().await?;
        return Ok(0);
    }
    let (confirmed, failure) = publish(store, bus, rows).await;
    file(&txn, &confirmed, store.clock().now()).await?;
    txn.commit().await?;
    failure.map_or_else(|| Ok(u64::try_from(confirmed.len()).unwrap_or(u64::MAX)), Err)
}

/// Carries messages from the outbox to the bus until told to stop.
pub async fn relay(store: Store, bus: std::sync::Arc<dyn Bus>, stop: CancellationToken) {
    let mut pause_ms = LOOK_MS;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = store.posted().notified() => {}
            () = tokio::time::sleep(Duration::from_millis(pause_ms)) => {}
        }
        pause_ms = match drain(&store, bus.as_ref()).await {
            Ok(published) => {
                if published > 0 && !bus.is_local() {
                    tokio::time::sleep(Duration::from_millis(REST_MS)).await;
                }
                LOOK_MS
            }
            Err(failure) => {
                tracing::warn!(service = store.service(), ?failure, "the outbox waits for the bus");
                (pause_ms * 2).min(5_000)
            }
        };
    }
}

/// How many messages wait in the outbox.
pub async fn waiting(store: &Store) -> Result<i64, Failure> {
    let backend = store.reader().get_database_backend();
    let sql = "SELECT COUNT(*) AS waiting FROM outbox";
    let row = store.reader().query_one_raw(Statement::from_string(backend, sql)).await?;
    Ok(row.map(|row| row.try_get("", "waiting")).transpose()?.unwrap_or_default())
}

/// When the oldest message in the outbox was caused; `None` when nothing waits.
pub async fn oldest_at(store: &Store) -> Result<Option<DateTime<Utc>>, Failure> {
    let backend = store.reader().get_database_backend();
    let sql = "SELECT occurred_at FROM outbox ORDER BY seq LIMIT 1";
    let row = store.reader().query_one_raw(Statement::from_string(backend, sql)).await?;
    Ok(row.map(|row| row.try_get("", "occurred_at")).transpose()?)
}

/// The identity of a message, as the inbox keeps it.
pub(crate) type MessageId = Uuid;
