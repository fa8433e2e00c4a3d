//! Dead letters: messages that could not be acted on, kept with the reason until an operator replays them.

use chrono::{DateTime, Utc};
use customs_kernel::{Problem, problem};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Failure, Message, Store, bus::Delivers, metrics, outbox};

const COLUMNS: &str = "id, name, kind, aggregate, saga, correlation_id, traceparent, occurred_at, body";

/// A message that could not be acted on.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetter {
    /// The message as it arrived.
    pub message: Message,
    /// Why it was parked.
    pub reason: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was parked.
    pub parked_at: DateTime<Utc>,
}

/// Parks `message` with its `reason`; a second parking of the same message replaces the reason.
pub async fn park(store: &Store, message: &Message, reason: &str, attempts: u32) -> Result<(), Failure> {
    let work = store.begin("dead-letter.park", &message.correlation_id).await?;
    let mut values: Vec<Value> = outbox::columns(message).into();
    values.extend([reason.into(), i32::try_from(attempts).unwrap_or(i32::MAX).into(), work.now().into()]);
    let sql = format!(
        "INSERT INTO dead_letters ({COLUMNS}, reason, attempts, parked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, attempts = excluded.attempts"
    );
    let backend = work.txn().get_database_backend();
    work.txn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    work.commit().await?;
    metrics::parked(store.service(), &message.name);
    tracing::error!(service = store.service(), name = message.name, id = %message.id, reason, "a message was parked");
    Ok(())
}

/// The dead letters parked after the one with id `after`, oldest first, at most `limit`.
pub async fn list(store: &Store, after: Option<Uuid>, limit: u32) -> Result<Vec<DeadLetter>, Failure> {
    let sql = format!(
        "SELECT {COLUMNS}, reason, attempts, parked_at FROM dead_letters WHERE id > $1 ORDER BY id LIMIT {limit}"
    );
    let backend = store.reader().get_database_backend();
    let values = [Value::from(after.unwrap_or(Uuid::nil()))];
    let rows = store.reader().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(DeadLetter {
                message: outbox::message(row)?,
                reason: row.try_get("", "reason")?,
                attempts: row.try_get("", "attempts")?,
                parked_at: row.try_get("", "parked_at")?,
            })
        })
        .collect()
}

/// The dead letter `id`, or the problem that there is none.
pub async fn find(store: &Store, id: Uuid) -> Result<DeadLetter, Failure> {
    let before = Uuid::from_u128(id.as_u128().saturating_sub(1));
    let found = list(store, Some(before), 1).await?.pop().filter(|letter| letter.message.id == id);
    found.ok_or_else(|| Failure::from(missing(id)))
}

fn missing(id: Uuid) -> Problem {
    problem::NOT_FOUND.because(format!("there is no dead letter {id}"))
}

/// Tries the dead letter `id` again: what takes effect leaves the list, what fails stays with the new reason.
///
/// It is delivered before it is struck off, so that a crash between the two only tries it twice.
pub async fn replay(store: &Store, inbox: &dyn Delivers, id: Uuid) -> Result<DeadLetter, Failure> {
    let letter = find(store, id).await?;
    inbox.deliver(vec![letter.message.clone()]).await;
    strike_if_taken(store, id).await?;
    Ok(letter)
}

/// Strikes off the dead letter `id` if the inbox has recorded that it took effect.
async fn strike_if_taken(store: &Store, id: Uuid) -> Result<(), Failure> {
    let work = store.begin("dead-letter.strike", "").await?;
    let backend = work.txn().get_database_backend();
    let sql = "DELETE FROM dead_letters WHERE id = $1 AND EXISTS (SELECT 1 FROM inbox WHERE message_id = $1)";
    work.txn().execute_raw(Statement::from_sql_and_values(backend, sql, [Value::from(id)])).await?;
    work.commit().await
}
