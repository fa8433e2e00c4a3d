//! What has served its time is thrown out: inbox records, idempotency keys, events that were told.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Statement, Value};
use tokio_util::sync::CancellationToken;

use crate::{Failure, Store, dead_letter, metrics, outbox, saga};

/// How long the inbox remembers a message; no broker repeats one after that.
const INBOX_DAYS: i64 = 30;
/// How long an idempotency key is good for.
const KEYS_DAYS: i64 = 7;
/// How long an event is kept that a broker has confirmed; whoever lost the broker has come back by then.
const TOLD_DAYS: i64 = 3;
const EVERY: Duration = Duration::from_secs(5);

/// Throws out what has served its time; tells how many rows.
pub async fn sweep(store: &Store) -> Result<u64, Failure> {
    let mut swept = 0;
    let now = store.clock().now();
    for (sql, days) in [
        ("DELETE FROM inbox WHERE received_at < $1", INBOX_DAYS),
        ("DELETE FROM idempotency WHERE kept_at < $1", KEYS_DAYS),
        ("DELETE FROM told WHERE told_at < $1", TOLD_DAYS),
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

/// Notes what waits in the tables that every service has.
pub async fn measure(store: &Store) -> Result<(), Failure> {
    let (service, now) = (store.service(), store.clock().now());
    let oldest_s = outbox::oldest_at(store).await?.map_or(0, |at| (now - at).num_seconds().max(0));
    metrics::outbox_waiting(service, outbox::waiting(store).await?, oldest_s);
    metrics::dead_letters(service, dead_letter::waiting(store).await?);
    for status in ["running", "waiting"] {
        metrics::sagas(service, status, saga::under_way(store, status).await?);
    }
    Ok(())
}

/// What a service measures of its own, about once a minute.
#[async_trait]
pub trait Measures: Send + Sync + 'static {
    /// Measures it and notes it.
    async fn measure(&self) -> Result<(), Failure>;
}

/// Measures every few seconds and sweeps every hour, until told to stop.
pub async fn run(store: Store, measures: Option<Arc<dyn Measures>>, stop: CancellationToken) {
    let mut turns = 0_u32;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        // What cannot be measured now is told as it was; who scrapes sees by other signs that the database is away.
        let _ = measure(&store).await;
        if turns.is_multiple_of(12)
            && let Some(measures) = &measures
        {
            let _ = measures.measure().await;
        }
        turns += 1;
        if turns.is_multiple_of(720)
            && let Err(failure) = sweep(&store).await
        {
            tracing::warn!(service = store.service(), ?failure, "housekeeping waits");
        }
    }
}
