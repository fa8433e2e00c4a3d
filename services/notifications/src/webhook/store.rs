//! Rows of webhooks.

use chrono::{DateTime, Utc};
use customs_notifications_contract::Webhook;
use customs_platform::Failure;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use super::Secret;
use customs_platform::sql;

/// The webhook takes deliveries.
pub(crate) const ACTIVE: &str = "active";
/// The receiver answered that it is gone.
pub(crate) const GONE: &str = "gone";

const COLUMNS: &str = "id, url, types, state, failures, previous_until, registered_at";

/// A webhook of somebody for whom something was put into a box.
pub(crate) struct Target {
    /// The webhook.
    pub(crate) id: Uuid,
    /// Whose.
    pub(crate) owner: String,
    types: Vec<String>,
}

impl Target {
    /// Whether events of the type `kind` are wanted.
    pub(crate) fn wants(&self, kind: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|wanted| wanted == kind)
    }
}

/// A webhook to be written.
pub(crate) struct NewWebhook<'a> {
    /// Identity.
    pub(crate) id: Uuid,
    /// Whose.
    pub(crate) owner: &'a str,
    /// Address of the receiver.
    pub(crate) url: &'a str,
    /// Types that are wanted; all if empty.
    pub(crate) types: &'a [String],
    /// What its deliveries are signed with.
    pub(crate) secret: &'a Secret,
    /// When it is registered.
    pub(crate) registered_at: DateTime<Utc>,
}

/// Counts one more webhook (or, with -1, one less) of `owner` and tells how many there are.
pub(crate) async fn count(txn: &impl ConnectionTrait, owner: &str, step: i32) -> Result<i32, Failure> {
    let sql = "INSERT INTO boxes (owner, last_number, unacknowledged, webhooks) VALUES ($1, 0, 0, $2) \
               ON CONFLICT (owner) DO UPDATE SET webhooks = boxes.webhooks + excluded.webhooks \
               RETURNING webhooks";
    let row = sql::row(txn, sql, vec![owner.into(), step.into()]).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("the box was not counted"))?;
    Ok(row.try_get("", "webhooks")?)
}

/// Writes a webhook.
pub(crate) async fn insert(txn: &impl ConnectionTrait, webhook: &NewWebhook<'_>) -> Result<(), Failure> {
    let sql = "INSERT INTO webhooks (id, owner, url, types, secret, state, failures, registered_at) \
               VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
    let values: Vec<Value> = vec![
        webhook.id.into(),
        webhook.owner.into(),
        webhook.url.into(),
        serde_json::to_string(webhook.types)?.into(),
        webhook.secret.reveal().into(),
        ACTIVE.into(),
        webhook.registered_at.into(),
    ];
    sql::execute(txn, sql, values).await?;
    Ok(())
}

fn webhook(row: &QueryResult, now: DateTime<Utc>) -> Result<Webhook, Failure> {
    let types: String = row.try_get("", "types")?;
    let previous: Option<DateTime<Utc>> = row.try_get("", "previous_until")?;
    Ok(Webhook {
        id: row.try_get("", "id")?,
        url: row.try_get("", "url")?,
        types: serde_json::from_str(&types)?,
        state: row.try_get("", "state")?,
        failures: row.try_get("", "failures")?,
        previous_secret_until: previous.filter(|until| *until > now),
        registered_at: row.try_get("", "registered_at")?,
    })
}

/// The webhook `id` of `owner`, if there is one, as it is at `now`.
pub(crate) async fn find(
    reader: &impl ConnectionTrait,
    owner: &str,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Webhook>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE id = $1 AND owner = $2");
    let row = sql::row(reader, &sql, vec![id.into(), owner.into()]).await?;
    row.as_ref().map(|row| webhook(row, now)).transpose()
}

/// At most `limit` webhooks of `owner` behind `after`, oldest first, as they are at `now`.
pub(crate) async fn list(
    reader: &impl ConnectionTrait,
    owner: &str,
    after: Uuid,
    limit: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Webhook>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE owner = $1 AND id > $2 ORDER BY id LIMIT $3");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = sql::rows(reader, &sql, vec![owner.into(), after.into(), limit.into()]).await?;
    rows.iter().map(|row| webhook(row, now)).collect()
}

/// The active webhooks of `owners`.
pub(crate) async fn targets(reader: &impl ConnectionTrait, owners: &[&str]) -> Result<Vec<Target>, Failure> {
    let places: Vec<String> = (2..owners.len() + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT id, owner, types FROM webhooks WHERE state = $1 AND owner IN ({}) ORDER BY owner, id",
        places.join(", ")
    );
    let mut values: Vec<Value> = vec![ACTIVE.into()];
    values.extend(owners.iter().map(|owner| Value::from(*owner)));
    let rows = sql::rows(reader, &sql, values).await?;
    rows.iter()
        .map(|row| {
            let types: String = row.try_get("", "types")?;
            let types = serde_json::from_str(&types)?;
            Ok(Target { id: row.try_get("", "id")?, owner: row.try_get("", "owner")?, types })
        })
        .collect()
}

/// Gives the webhook `id` of `owner` the secret `fresh`; the one before stays good until `until`.
pub(crate) async fn rotate(
    txn: &impl ConnectionTrait,
    owner: &str,
    id: Uuid,
    fresh: &Secret,
    until: DateTime<Utc>,
) -> Result<bool, Failure> {
    let sql = "UPDATE webhooks SET previous_secret = secret, previous_until = $1, secret = $2 \
               WHERE id = $3 AND owner = $4";
    let values: Vec<Value> = vec![until.into(), fresh.reveal().into(), id.into(), owner.into()];
    Ok(sql::execute(txn, sql, values).await? == 1)
}

/// Keeps which types the webhook `id` of `owner` wants; tells whether it was there.
pub(crate) async fn change(
    txn: &impl ConnectionTrait,
    owner: &str,
    id: Uuid,
    types: &[String],
) -> Result<bool, Failure> {
    let sql = "UPDATE webhooks SET types = $1 WHERE id = $2 AND owner = $3";
    let values: Vec<Value> = vec![serde_json::to_string(types)?.into(), id.into(), owner.into()];
    Ok(sql::execute(txn, sql, values).await? == 1)
}

/// Deletes the webhook `id` of `owner`; tells whether it was there.
pub(crate) async fn delete(txn: &impl ConnectionTrait, owner: &str, id: Uuid) -> Result<bool, Failure> {
    let sql = "DELETE FROM webhooks WHERE id = $1 AND owner = $2";
    Ok(sql::execute(txn, sql, vec![id.into(), owner.into()]).await? == 1)
}

/// A delivery to the webhook failed.
pub(crate) async fn failed(txn: &impl ConnectionTrait, id: Uuid) -> Result<(), Failure> {
    let sql = "UPDATE webhooks SET failures = failures + 1 WHERE id = $1";
    sql::execute(txn, sql, vec![id.into()]).await?;
    Ok(())
}

/// A delivery to the webhook succeeded.
pub(crate) async fn recovered(txn: &impl ConnectionTrait, id: Uuid) -> Result<(), Failure> {
    let sql = "UPDATE webhooks SET failures = 0 WHERE id = $1 AND failures > 0";
    sql::execute(txn, sql, vec![id.into()]).await?;
    Ok(())
}

/// The receiver of the webhook is gone.
pub(crate) async fn gone(txn: &impl ConnectionTrait, id: Uuid) -> Result<(), Failure> {
    let sql = "UPDATE webhooks SET state = $1, failures = failures + 1 WHERE id = $2";
    sql::execute(txn, sql, vec![GONE.into(), id.into()]).await?;
    Ok(())
}
