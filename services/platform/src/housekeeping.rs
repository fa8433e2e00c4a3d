//! What has served its time is thrown out: inbox records, idempotency keys.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Statement, Value};
use tokio_util::sync::CancellationToken;

use crate::{Failure, Store, metrics, outbox};

/// How long the inbox remembers a message; no broker repeats one after that.
const INBOX_DAYS: i64 = 30;
/// How long an idempotency key is good for.
const KEYS_DAYS: i64 = 7;
const EVERY: Duration = Duration::from_secs(5);

/// Throws out what has served its time; tells how many rows.
pub async fn sweep(store: &Store) -> Result<u64, Failure> {
    let mut swept = 0;
    let now = store.clock().now();
    for (sql, days) in [
        ("DELETE FROM inbox WHERE received_at < $1", INBOX_DAYS),
        ("DELETE FROM idempotency WHERE kept_at < $1", KEYS_DAYS),
    ] {
        let work = store.begin("housekeeping", "").await?;
        let backend = work.txn().get_database_backend();
        let values = [Value::from(now - TimeDelta::days(days))];
        swept += work
            .txn()
            .execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?
            .rows_affected();
        work.commit().await?;
    }
    Ok(swept)
}

/// Measures the outbox every few seconds and sweeps every hour, until told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    let mut turns = 0_u32;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Ok(waiting) = outbox::waiting(&store).await {
            metrics::outbox_waiting(store.service(), waiting);
        }
        turns += 1;
        if turns.is_multiple_of(720)
            && let Err(failure) = sweep(&store).await
        {
            tracing::warn!(service = store.service(), ?failure, "housekeeping waits");
        }
    }
}
