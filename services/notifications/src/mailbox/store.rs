//! Rows of boxes and entries.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use customs_notifications_contract::{CloudEvent, Notification};
use customs_platform::{Failure, Message};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use super::facts::Told;
use crate::{page, sql};

/// Fresh numbers in one box.
pub(crate) struct Place {
    /// The first of them.
    pub(crate) next: i64,
    /// How many webhooks the owner has.
    pub(crate) webhooks: i32,
    /// The kinds of which the owner is not told at the desk.
    pub(crate) quiet: Vec<String>,
}

/// How many rows one statement carries; SQLite bounds the number of variables.
const ROWS_MAX: usize = 1_000;

/// An entry to be written.
pub(crate) struct NewEntry<'a> {
    /// Whose box.
    pub(crate) owner: &'a str,
    /// The number in the box.
    pub(crate) number: i64,
    /// Identity.
    pub(crate) id: Uuid,
    /// The message on the bus that told it.
    pub(crate) message: &'a Message,
    /// What is told.
    pub(crate) told: &'a Told,
    /// When it is put into the box.
    pub(crate) recorded_at: DateTime<Utc>,
    /// Whether it counts as acknowledged from the beginning.
    pub(crate) quiet: bool,
}

/// What is known of a box as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BoxTotals {
    /// The newest number.
    pub(crate) last_number: i64,
    /// How many entries are still to be acknowledged.
    pub(crate) unacknowledged: i64,
}

const COLUMNS: &str = "owner, number, id, told, kind, source, subject, data, message, message_type, side, \
                       movement, lrn, mrn, grn, state, correlation_id, occurred_at, recorded_at";

/// The next numbers in the boxes of `counts`, as many as it says. The rows of the boxes stay locked until the
/// transaction ends, always in the order of their keys: whoever sees a number sees all before it, and nobody
/// deadlocks.
pub(crate) async fn next_numbers(
    txn: &impl ConnectionTrait,
    counts: &BTreeMap<&str, i64>,
) -> Result<BTreeMap<String, Place>, Failure> {
    let mut places = BTreeMap::new();
    let owners: Vec<(&str, i64)> = counts.iter().map(|(owner, count)| (*owner, *count)).collect();
    for owners in owners.chunks(ROWS_MAX) {
        let rows: Vec<String> = (1..=owners.len())
            .map(|row| format!("(${}, ${}, ${}, 0)", row * 2 - 1, row * 2, row * 2))
            .collect();
        let sql = format!(
            "INSERT INTO boxes (owner, last_number, unacknowledged, webhooks) VALUES {} \
             ON CONFLICT (owner) DO UPDATE SET last_number = boxes.last_number + excluded.last_number, \
             unacknowledged = boxes.unacknowledged + excluded.unacknowledged \
             RETURNING owner, last_number, webhooks, quiet",
            rows.join(", ")
        );
        let values = owners.iter().flat_map(|(owner, count)| [Value::from(*owner), (*count).into()]);
        for row in sql::rows(txn, &sql, values.collect()).await? {
            let (owner, last): (String, i64) = (row.try_get("", "owner")?, row.try_get("", "last_number")?);
            let count = counts.get(owner.as_str()).copied().unwrap_or_default();
            let quiet: Option<String> = row.try_get("", "quiet")?;
            let quiet = quiet.as_deref().map_or_else(|| Ok(Vec::new()), serde_json::from_str)?;
            let webhooks = row.try_get("", "webhooks")?;
            places.insert(owner, Place { next: last - count + 1, webhooks, quiet });
        }
    }
    Ok(places)
}

/// Writes `entries`.
pub(crate) async fn append(txn: &impl ConnectionTrait, entries: &[NewEntry<'_>]) -> Result<(), Failure> {
    for entries in entries.chunks(ROWS_MAX) {
        let mut values: Vec<Value> = Vec::with_capacity(entries.len() * 20);
        for entry in entries {
            values.extend(columns(entry)?);
        }
        let places = sql::places(entries.len(), 20);
        let sql = format!("INSERT INTO entries ({COLUMNS}, acknowledged_at) VALUES {places}");
        sql::execute(txn, &sql, values).await?;
    }
    forget_quiet(txn, entries).await
}

/// What is acknowledged from the beginning does not count.
async fn forget_quiet(txn: &impl ConnectionTrait, entries: &[NewEntry<'_>]) -> Result<(), Failure> {
    let mut counts = BTreeMap::<&str, i64>::new();
    for entry in entries.iter().filter(|entry| entry.quiet) {
        *counts.entry(entry.owner).or_default() += 1;
    }
    for (owner, count) in counts {
        let sql = "UPDATE boxes SET unacknowledged = unacknowledged - $1 WHERE owner = $2";
        sql::execute(txn, sql, vec![count.into(), owner.into()]).await?;
    }
    Ok(())
}

/// The kinds of which `owner` is not told at the desk.
pub(crate) async fn quiet(reader: &impl ConnectionTrait, owner: &str) -> Result<Vec<String>, Failure> {
    let row = sql::row(reader, "SELECT quiet FROM boxes WHERE owner = $1", vec![owner.into()]).await?;
    let quiet: Option<String> = row.map(|row| row.try_get("", "quiet")).transpose()?.flatten();
    Ok(quiet.as_deref().map_or_else(|| Ok(Vec::new()), serde_json::from_str)?)
}

/// Keeps of which kinds `owner` is not told at the desk.
pub(crate) async fn save_quiet(
    txn: &impl ConnectionTrait,
    owner: &str,
    quiet: &[String],
) -> Result<(), Failure> {
    let sql = "INSERT INTO boxes (owner, last_number, unacknowledged, webhooks, quiet) VALUES ($1, 0, 0, 0, $2) \
               ON CONFLICT (owner) DO UPDATE SET quiet = excluded.quiet";
    sql::execute(txn, sql, vec![owner.into(), serde_json::to_string(quiet)?.into()]).await?;
    Ok(())
}

fn columns(entry: &NewEntry<'_>) -> Result<[Value; 20], Failure> {
    let told = entry.told;
    Ok([
        entry.owner.into(),
        entry.number.into(),
        entry.id.into(),
        entry.message.id.into(),
        told.kind.into(),
        told.source.into(),
        told.subject.clone().into(),
        serde_json::to_string(&told.data)?.into(),
        told.message.into(),
        told.message_type.clone().into(),
        told.side.clone().into(),
        told.movement.into(),
        told.lrn.clone().into(),
        told.mrn.clone().into(),
        told.grn.clone().into(),
        told.state.clone().into(),
        entry.message.correlation_id.as_str().into(),
        told.occurred_at.into(),
        entry.recorded_at.into(),
        entry.quiet.then_some(entry.recorded_at).into(),
    ])
}

/// What is known of the box of `owner`; an unknown box is an empty one.
pub(crate) async fn totals(reader: &impl ConnectionTrait, owner: &str) -> Result<BoxTotals, Failure> {
    let sql = "SELECT last_number, unacknowledged FROM boxes WHERE owner = $1";
    match sql::row(reader, sql, vec![owner.into()]).await? {
        None => Ok(BoxTotals::default()),
        Some(row) => totals_of(&row),
    }
}

fn totals_of(row: &QueryResult) -> Result<BoxTotals, Failure> {
    Ok(BoxTotals {
        last_number: row.try_get("", "last_number")?,
        unacknowledged: row.try_get("", "unacknowledged")?,
    })
}

/// At most `limit` entries of `owner` behind `number`, in order.
pub(crate) async fn behind(
    reader: &impl ConnectionTrait,
    owner: &str,
    number: i64,
    unacknowledged_only: bool,
    limit: usize,
) -> Result<Vec<Notification>, Failure> {
    let only = if unacknowledged_only { "AND acknowledged_at IS NULL " } else { "" };
    let sql = format!(
        "SELECT {COLUMNS}, acknowledged_at FROM entries WHERE owner = $1 AND number > $2 {only}\
         ORDER BY number LIMIT $3"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = sql::rows(reader, &sql, vec![owner.into(), number.into(), limit.into()]).await?;
    rows.iter().map(notification).collect()
}

/// The entry `id` of `owner`, if there is one.
pub(crate) async fn find(
    reader: &impl ConnectionTrait,
    owner: &str,
    id: Uuid,
) -> Result<Option<Notification>, Failure> {
    let sql = format!("SELECT {COLUMNS}, acknowledged_at FROM entries WHERE id = $1 AND owner = $2");
    sql::row(reader, &sql, vec![id.into(), owner.into()]).await?.as_ref().map(notification).transpose()
}

fn notification(row: &QueryResult) -> Result<Notification, Failure> {
    let id: Uuid = row.try_get("", "id")?;
    let number: i64 = row.try_get("", "number")?;
    let data: String = row.try_get("", "data")?;
    let occurred_at: DateTime<Utc> = row.try_get("", "occurred_at")?;
    let event = CloudEvent {
        specversion: "1.0".to_owned(),
        id: id.to_string(),
        source: row.try_get("", "source")?,
        kind: row.try_get("", "kind")?,
        subject: row.try_get("", "subject")?,
        time: occurred_at,
        datacontenttype: "application/json".to_owned(),
        boxnumber: Some(number),
        correlationid: Some(row.try_get("", "correlation_id")?),
        data: serde_json::from_str(&data)?,
    };
    Ok(Notification {
        id,
        number,
        cursor: page::cursor(&number.to_string()),
        event,
        message: row.try_get("", "message")?,
        message_type: row.try_get("", "message_type")?,
        side: row.try_get("", "side")?,
        movement: row.try_get("", "movement")?,
        lrn: row.try_get("", "lrn")?,
        mrn: row.try_get("", "mrn")?,
        grn: row.try_get("", "grn")?,
        state: row.try_get("", "state")?,
        occurred_at,
        recorded_at: row.try_get("", "recorded_at")?,
        acknowledged_at: row.try_get("", "acknowledged_at")?,
    })
}

/// Locks the box of `owner` until the transaction ends and tells what is known of it.
pub(crate) async fn lock(txn: &impl ConnectionTrait, owner: &str) -> Result<BoxTotals, Failure> {
    // Writing the row is a lock on every store.
    let sql = "UPDATE boxes SET last_number = last_number WHERE owner = $1 \
               RETURNING last_number, unacknowledged";
    match sql::row(txn, sql, vec![owner.into()]).await? {
        None => Ok(BoxTotals::default()),
        Some(row) => totals_of(&row),
    }
}

/// The numbers of those of `ids` that stand in the box of `owner`.
pub(crate) async fn numbers_of(
    reader: &impl ConnectionTrait,
    owner: &str,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..ids.len() + 2).map(|place| format!("${place}")).collect();
    let sql = format!("SELECT id, number FROM entries WHERE owner = $1 AND id IN ({})", places.join(", "));
    let mut values: Vec<Value> = vec![owner.into()];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let rows = sql::rows(reader, &sql, values).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "number")?))).collect()
}

/// Acknowledges the entries of `owner` with `numbers` and all up to `up_to`; tells how many were open.
pub(crate) async fn acknowledge(
    txn: &impl ConnectionTrait,
    owner: &str,
    numbers: &[i64],
    up_to: i64,
    at: DateTime<Utc>,
) -> Result<i64, Failure> {
    let mut values: Vec<Value> = vec![at.into(), owner.into(), up_to.into()];
    let mut which = "number <= $3".to_owned();
    if !numbers.is_empty() {
        let places: Vec<String> = (4..numbers.len() + 4).map(|place| format!("${place}")).collect();
        which = format!("({which} OR number IN ({}))", places.join(", "));
        values.extend(numbers.iter().map(|number| Value::from(*number)));
    }
    let sql = format!(
        "UPDATE entries SET acknowledged_at = $1 WHERE owner = $2 AND acknowledged_at IS NULL AND {which}"
    );
    let acknowledged = i64::try_from(sql::execute(txn, &sql, values).await?).unwrap_or(i64::MAX);
    let sql = "UPDATE boxes SET unacknowledged = unacknowledged - $1 WHERE owner = $2";
    sql::execute(txn, sql, vec![acknowledged.into(), owner.into()]).await?;
    Ok(acknowledged)
}
