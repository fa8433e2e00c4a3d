//! Dead letters: messages that could not be acted on, kept with the reason until an operator replays them.
//!
//! Every service that hears has the operations `<service>.list-dead-letters`, `.read-dead-letter` and
//! `.replay-dead-letter`, which need the permission `bus:operate`.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use customs_kernel::{Caller, Problem, problem};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Failure, Message, Store, UseCases, bus::Delivers, desk::Operation, metrics, outbox};

const COLUMNS: &str = "id, name, kind, aggregate, saga, correlation_id, traceparent, occurred_at, body";

/// A message that could not be acted on.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetter {
    /// The message as it arrived.
    #[serde(flatten)]
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

/// How many dead letters wait for an operator.
pub async fn waiting(store: &Store) -> Result<i64, Failure> {
    let backend = store.reader().get_database_backend();
    let count = Statement::from_string(backend, "SELECT COUNT(*) AS waiting FROM dead_letters");
    let row = store.reader().query_one_raw(count).await?;
    Ok(row.map(|row| row.try_get("", "waiting")).transpose()?.unwrap_or_default())
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

/// Asks for the dead letters of a service, oldest first.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ListDeadLetters {
    /// How many, 1 to 100; 20 unless said.
    pub first: Option<u32>,
    /// The last one of the page before.
    pub after: Option<Uuid>,
}

/// A page of dead letters.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetterPage {
    /// The dead letters.
    pub items: Vec<DeadLetter>,
    /// What to name as `after` for the next page, if there is one.
    pub next: Option<Uuid>,
}

/// Names one dead letter, to read or replay it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NameDeadLetter {
    /// The message.
    pub id: Uuid,
}

#[derive(Clone, Copy)]
enum Deed {
    List,
    Read,
    Replay,
}

struct Desk {
    deed: Deed,
    store: Store,
    inbox: Arc<dyn Delivers>,
}

fn input<T: serde::de::DeserializeOwned>(ask: serde_json::Value) -> Result<T, Failure> {
    serde_json::from_value(ask)
        .map_err(|error| problem::INPUT_INVALID.because(error.to_string()).at("/").into())
}

#[async_trait]
impl Operation for Desk {
    fn needs(&self) -> &'static str {
        "bus:operate"
    }

    async fn call(&self, _: &Caller, ask: serde_json::Value) -> Result<serde_json::Value, Failure> {
        let letter = match self.deed {
            Deed::List => return Ok(serde_json::to_value(self.page(input(ask)?).await?)?),
            Deed::Read => find(&self.store, input::<NameDeadLetter>(ask)?.id).await?,
            Deed::Replay => {
                replay(&self.store, self.inbox.as_ref(), input::<NameDeadLetter>(ask)?.id).await?
            }
        };
        Ok(serde_json::to_value(letter)?)
    }
}

impl Desk {
    async fn page(&self, ask: ListDeadLetters) -> Result<DeadLetterPage, Failure> {
        let first = ask.first.unwrap_or(20);
        if !(1..=100).contains(&first) {
            return Err(problem::INPUT_INVALID.because("a page has 1 to 100 entries").at("/first").into());
        }
        let items = list(&self.store, ask.after, first).await?;
        let full = u32::try_from(items.len()) == Ok(first);
        let next = items.last().filter(|_| full).map(|letter| letter.message.id);
        Ok(DeadLetterPage { items, next })
    }
}

/// The operations on the dead letters of the service that owns `store` and acts by `inbox`.
#[must_use]
pub fn use_cases(store: &Store, inbox: &Arc<dyn Delivers>) -> UseCases {
    let deeds = [
        ("list-dead-letters", Deed::List),
        ("read-dead-letter", Deed::Read),
        ("replay-dead-letter", Deed::Replay),
    ];
    deeds.into_iter().fold(UseCases::new(), |table, (verb, deed)| {
        let desk = Desk { deed, store: store.clone(), inbox: Arc::clone(inbox) };
        table.plain(format!("{}.{verb}", store.service()), Arc::new(desk))
    })
}
