//! Rows of deliveries.

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::id::uuid_at;
use customs_notifications_contract::WebhookDelivery;
use customs_platform::{Failure, Work};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use uuid::Uuid;

use super::{schedule, state::DeliveryState};
use crate::{sql, webhook::Secret};

/// For how long an attempt has its delivery to itself; longer than any attempt takes.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How many rows one INSERT carries; SQLite bounds the number of variables.
const ROWS_MAX: usize = 500;

const PENDING: &str = DeliveryState::Pending.as_str();

/// An event for one webhook.
pub(crate) struct Parcel {
    /// The webhook.
    pub(crate) webhook: Uuid,
    /// Within which order is kept.
    pub(crate) order_key: String,
    /// The event.
    pub(crate) event: Uuid,
    /// Its type.
    pub(crate) event_type: String,
    /// Its number in the box.
    pub(crate) number: Option<i64>,
    /// The body to send.
    pub(crate) body: String,
}

/// A delivery that is this worker's to try.
#[derive(Debug)]
pub(crate) struct Claimed {
    /// Its place in the order.
    pub(crate) seq: i64,
    /// The webhook.
    pub(crate) webhook: Uuid,
    /// Whether deliveries to the webhook have failed lately.
    pub(crate) failing: bool,
    /// Within which order is kept.
    pub(crate) order_key: String,
    /// The event.
    pub(crate) event: Uuid,
    /// The body to send.
    pub(crate) body: String,
    /// How often it was tried, this time included.
    pub(crate) attempts: i32,
    /// When it is given up.
    pub(crate) expires_at: DateTime<Utc>,
    /// Where to.
    pub(crate) url: String,
    /// What it is signed with.
    pub(crate) secrets: Vec<Secret>,
}

/// Queues `parcel` and tells the delivery's id.
pub(crate) async fn queue_one(work: &Work, parcel: Parcel) -> Result<Uuid, Failure> {
    let id = uuid_at(work.now());
    insert(work, &[(id, &parcel)]).await?;
    Ok(id)
}

/// Queues `parcels` in their order.
pub(crate) async fn queue(work: &Work, parcels: &[Parcel]) -> Result<(), Failure> {
    let lines: Vec<(Uuid, &Parcel)> = parcels.iter().map(|parcel| (uuid_at(work.now()), parcel)).collect();
    for lines in lines.chunks(ROWS_MAX) {
        insert(work, lines).await?;
    }
    Ok(())
}

async fn insert(work: &Work, lines: &[(Uuid, &Parcel)]) -> Result<(), Failure> {
    let mut values: Vec<Value> = Vec::with_capacity(lines.len() * 12);
    for (id, parcel) in lines {
        values.extend([
            (*id).into(),
            parcel.webhook.into(),
            parcel.order_key.as_str().into(),
            parcel.event.into(),
            parcel.event_type.as_str().into(),
            parcel.number.into(),
            parcel.body.as_str().into(),
            PENDING.into(),
            0_i32.into(),
            work.now().into(),
            (work.now() + schedule::LIFE).into(),
            work.now().into(),
        ]);
    }
    let sql = format!(
        "INSERT INTO deliveries (id, webhook, order_key, event, event_type, number, body, state, attempts, \
         next_attempt_at, expires_at, created_at) VALUES {}",
        sql::places(lines.len(), 12)
    );
    sql::execute(work.txn(), &sql, values).await?;
    Ok(())
}

/// Deliveries that are due, whose webhook is not one of `busy`, and before which nothing of the same order
/// is pending; at most `limit`, the longest due first. On PostgreSQL other workers' ones are passed over.
pub(crate) async fn due(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
    busy: &[Uuid],
    limit: usize,
    lock: bool,
) -> Result<Vec<Claimed>, Failure> {
    let mut values: Vec<Value> = vec![PENDING.into(), now.into(), limit_value(limit)];
    let mut others = String::new();
    if !busy.is_empty() {
        let places: Vec<String> = (4..busy.len() + 4).map(|place| format!("${place}")).collect();
        others = format!("AND deliveries.webhook NOT IN ({}) ", places.join(", "));
        values.extend(busy.iter().map(|webhook| Value::from(*webhook)));
    }
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let lock = if lock && postgres { " FOR UPDATE OF deliveries SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT deliveries.seq, deliveries.webhook, deliveries.order_key, deliveries.event, deliveries.body, \
         deliveries.attempts, deliveries.expires_at, webhooks.url, webhooks.secret, \
         webhooks.previous_secret, webhooks.previous_until, webhooks.failures FROM deliveries \
         JOIN webhooks ON webhooks.id = deliveries.webhook \
         WHERE deliveries.state = $1 AND deliveries.next_attempt_at <= $2 {others}AND NOT EXISTS \
         (SELECT 1 FROM deliveries earlier WHERE earlier.webhook = deliveries.webhook AND \
         earlier.order_key = deliveries.order_key AND earlier.state = $1 AND earlier.seq < deliveries.seq) \
         ORDER BY deliveries.next_attempt_at, deliveries.seq LIMIT $3{lock}"
    );
    sql::rows(connection, &sql, values).await?.iter().map(|row| claimed(row, now)).collect()
}

fn limit_value(limit: usize) -> Value {
    i64::try_from(limit).unwrap_or(i64::MAX).into()
}

fn claimed(row: &QueryResult, now: DateTime<Utc>) -> Result<Claimed, Failure> {
    let secret: String = row.try_get("", "secret")?;
    let previous: Option<String> = row.try_get("", "previous_secret")?;
    let until: Option<DateTime<Utc>> = row.try_get("", "previous_until")?;
    let previous = previous.filter(|_| until.is_some_and(|until| until > now));
    let secrets = [Some(secret), previous].into_iter().flatten();
    let failures: i32 = row.try_get("", "failures")?;
    Ok(Claimed {
        seq: row.try_get("", "seq")?,
        webhook: row.try_get("", "webhook")?,
        failing: failures > 0,
        order_key: row.try_get("", "order_key")?,
        event: row.try_get("", "event")?,
        body: row.try_get("", "body")?,
        attempts: row.try_get("", "attempts")?,
        expires_at: row.try_get("", "expires_at")?,
        url: row.try_get("", "url")?,
        secrets: secrets.filter_map(|text| Secret::parse(&text)).collect(),
    })
}

/// Counts an attempt at each of `chosen` and keeps other workers off it for the time of the attempt.
pub(crate) async fn lease(work: &Work, chosen: &mut [Claimed]) -> Result<(), Failure> {
    if chosen.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = (2..chosen.len() + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "UPDATE deliveries SET attempts = attempts + 1, next_attempt_at = $1 WHERE seq IN ({})",
        places.join(", ")
    );
    let mut values: Vec<Value> = vec![(work.now() + LEASE).into()];
    values.extend(chosen.iter().map(|claimed| Value::from(claimed.seq)));
    sql::execute(work.txn(), &sql, values).await?;
    for claimed in chosen {
        claimed.attempts = claimed.attempts.saturating_add(1);
    }
    Ok(())
}

/// What is written of a delivery after an attempt.
pub(crate) struct Settled<'a> {
    /// The new state.
    pub(crate) state: DeliveryState,
    /// When it is tried next.
    pub(crate) next_attempt_at: DateTime<Utc>,
    /// HTTP status of the answer.
    pub(crate) status: Option<u16>,
    /// How long the attempt took, in milliseconds.
    pub(crate) duration_ms: i64,
    /// What is kept of the answer.
    pub(crate) response: &'a str,
}

/// Writes what came of the attempt at `claimed`; `false` if the delivery is no longer this attempt's.
pub(crate) async fn settle(work: &Work, claimed: &Claimed, settled: &Settled<'_>) -> Result<bool, Failure> {
    let delivered_at = (settled.state == DeliveryState::Delivered).then(|| work.now());
    let values: Vec<Value> = vec![
        settled.state.as_str().into(),
        settled.next_attempt_at.into(),
        delivered_at.into(),
        settled.status.map(i32::from).into(),
        settled.duration_ms.into(),
        settled.response.into(),
        claimed.seq.into(),
        PENDING.into(),
        claimed.attempts.into(),
    ];
    let sql = "UPDATE deliveries SET state = $1, next_attempt_at = $2, delivered_at = $3, last_status = $4, \
               last_duration_ms = $5, last_response = $6 WHERE seq = $7 AND state = $8 AND attempts = $9";
    Ok(sql::execute(work.txn(), sql, values).await? == 1)
}

/// Lets what stands behind `claimed` in the same order be due at `at` and no earlier.
pub(crate) async fn move_followers(work: &Work, claimed: &Claimed, at: DateTime<Utc>) -> Result<(), Failure> {
    let sql = "UPDATE deliveries SET next_attempt_at = $1 \
               WHERE webhook = $2 AND order_key = $3 AND state = $4 AND seq > $5 AND next_attempt_at <> $1";
    let values: Vec<Value> = vec![
        at.into(),
        claimed.webhook.into(),
        claimed.order_key.as_str().into(),
        PENDING.into(),
        claimed.seq.into(),
    ];
    sql::execute(work.txn(), sql, values).await?;
    Ok(())
}

/// Gives up everything that is pending for `webhook`.
pub(crate) async fn give_up(work: &Work, webhook: Uuid) -> Result<(), Failure> {
    let sql = "UPDATE deliveries SET state = $1 WHERE webhook = $2 AND state = $3";
    let values: Vec<Value> = vec![DeliveryState::Gone.as_str().into(), webhook.into(), PENDING.into()];
    sql::execute(work.txn(), sql, values).await?;
    Ok(())
}

/// Forgets every delivery to `webhook`.
pub(crate) async fn forget(txn: &impl ConnectionTrait, webhook: Uuid) -> Result<(), Failure> {
    sql::execute(txn, "DELETE FROM deliveries WHERE webhook = $1", vec![webhook.into()]).await?;
    Ok(())
}

/// Throws out what was queued before `before`; all of that has ended. Tells how many rows.
pub(crate) async fn sweep(work: &Work, before: DateTime<Utc>) -> Result<u64, Failure> {
    sql::execute(work.txn(), "DELETE FROM deliveries WHERE created_at < $1", vec![before.into()]).await
}

/// At most `limit` deliveries to `webhook` before `before`, newest first, each with its place.
pub(crate) async fn log(
    reader: &impl ConnectionTrait,
    webhook: Uuid,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<(i64, WebhookDelivery)>, Failure> {
    let sql = "SELECT seq, id, event, event_type, number, state, attempts, next_attempt_at, last_status, \
               last_duration_ms, last_response, created_at, delivered_at FROM deliveries \
               WHERE webhook = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    let values: Vec<Value> = vec![webhook.into(), before.unwrap_or(i64::MAX).into(), limit_value(limit)];
    let rows = sql::rows(reader, sql, values).await?;
    rows.iter().map(|row| Ok((row.try_get("", "seq")?, line(row)?))).collect()
}

fn line(row: &QueryResult) -> Result<WebhookDelivery, Failure> {
    let state: String = row.try_get("", "state")?;
    let next: DateTime<Utc> = row.try_get("", "next_attempt_at")?;
    Ok(WebhookDelivery {
        id: row.try_get("", "id")?,
        event: row.try_get("", "event")?,
        event_type: row.try_get("", "event_type")?,
        number: row.try_get("", "number")?,
        next_attempt_at: (state == PENDING).then_some(next),
        state,
        attempts: row.try_get("", "attempts")?,
        last_status: row.try_get("", "last_status")?,
        last_duration_ms: row.try_get("", "last_duration_ms")?,
        last_response: row.try_get("", "last_response")?,
        created_at: row.try_get("", "created_at")?,
        delivered_at: row.try_get("", "delivered_at")?,
    })
}
