//! Timers: deadlines kept as rows, so that they survive restarts and follow the clock that was given.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};
use tokio_util::sync::CancellationToken;

use crate::{Failure, Known, Sheet, Store, Work, store::skip_locked, writes::Writes};

/// How often due timers are looked for without being rung.
pub(crate) const LOOK_MS: i64 = 250;

static TIMERS: Sheet = Sheet {
    table: "timers",
    columns: &["name", "aggregate", "due_at", "correlation_id"],
    key: &["name", "aggregate"],
    known: Known::Replaced,
};

/// A deadline of one aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// What the deadline is for; an aggregate has one of each name.
    pub name: String,
    /// Whose deadline it is.
    pub aggregate: String,
    /// When it ends.
    pub due_at: DateTime<Utc>,
    /// Links what follows to the request that set it.
    pub correlation_id: String,
}

/// What a service does when a deadline has passed; a table from timer name to use case.
#[async_trait]
pub trait Rings: Send + Sync + 'static {
    /// Acts on the passed deadline within `work`.
    async fn ring(&self, work: &mut Work, timer: &Timer) -> Result<(), Failure>;
}

/// A deadline as it is set, beside its name and aggregate.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// When it ends.
    pub(crate) due_at: DateTime<Utc>,
    correlation_id: String,
}

impl Work {
    /// Sets the deadline `name` of `aggregate` with the commit; one that is already set is moved.
    pub fn set_timer(&mut self, name: &str, aggregate: &str, due_at: DateTime<Utc>) {
        let correlation_id = self.correlation_id().to_owned();
        self.note_timer(name, aggregate, Some(Setting { due_at, correlation_id }));
    }

    /// Strikes off the deadline `name` of `aggregate` with the commit, if it is set.
    pub fn cancel_timer(&mut self, name: &str, aggregate: &str) {
        self.note_timer(name, aggregate, None);
    }
}

/// Adds the deadlines that were set and struck off to `writes`.
pub(crate) fn write(writes: &mut Writes, timers: &BTreeMap<(String, String), Option<Setting>>) {
    let name = |(name, aggregate): &(String, String)| -> [Value; 2] {
        [name.as_str().into(), aggregate.as_str().into()]
    };
    let struck = timers.iter().filter(|(_, setting)| setting.is_none()).map(|(key, _)| name(key));
    writes.rows("DELETE FROM timers WHERE (name, aggregate) IN (VALUES ", struck, ")");
    let set = timers.iter().filter_map(|(key, setting)| {
        let (setting, [name, aggregate]) = (setting.as_ref()?, name(key));
        Some([name, aggregate, setting.due_at.into(), setting.correlation_id.as_str().into()])
    });
    writes.rows(&TIMERS.before(), set, &TIMERS.after());
}

/// Rings every deadline that has passed, each in its own transaction; tells how many.
///
/// Replicas share the work: a deadline that another one is ringing is passed over.
pub async fn ring_due(store: &Store, rings: &dyn Rings) -> Result<u32, Failure> {
    let mut rung = 0;
    while ring_next(store, rings).await? {
        rung += 1;
    }
    Ok(rung)
}

async fn any_due(store: &Store) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM timers WHERE due_at <= $1 ORDER BY due_at LIMIT 1";
    let backend = store.reader().get_database_backend();
    let values = [Value::from(store.clock().now())];
    Ok(store.reader().query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?.is_some())
}

async fn ring_next(store: &Store, rings: &dyn Rings) -> Result<bool, Failure> {
    if !any_due(store).await? {
        return Ok(false);
    }
    let mut work = store.begin("timer", "").await?;
    let backend = work.txn().get_database_backend();
    let sql = format!(
        "SELECT name, aggregate, due_at, correlation_id FROM timers WHERE due_at <= $1 ORDER BY due_at LIMIT 1{}",
        skip_locked(backend)
    );
    let values = [Value::from(work.now())];
    let row = work.txn().query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let Some(row) = row else { return Ok(false) };
    let timer = Timer {
        name: row.try_get("", "name")?,
        aggregate: row.try_get("", "aggregate")?,
        due_at: row.try_get("", "due_at")?,
        correlation_id: row.try_get("", "correlation_id")?,
    };
    work.rename(&format!("timer.{}", timer.name), &timer.correlation_id);
    work.cancel_timer(&timer.name, &timer.aggregate);
    match rings.ring(&mut work, &timer).await {
        Ok(()) => work.commit().await?,
        Err(Failure::Down(reason)) => return Err(Failure::Down(reason)),
        Err(failure) => {
            drop(work);
            postpone(store, &timer, &failure).await?;
        }
    }
    Ok(true)
}

/// A deadline whose use case broke is tried again in a minute, and someone is woken by the log.
async fn postpone(store: &Store, timer: &Timer, failure: &Failure) -> Result<(), Failure> {
    tracing::error!(
        service = store.service(),
        name = timer.name,
        ?failure,
        "a deadline could not be acted on"
    );
    let mut work = store.begin("timer.postpone", &timer.correlation_id).await?;
    let later = work.now() + TimeDelta::minutes(1);
    work.set_timer(&timer.name, &timer.aggregate, later);
    work.commit().await
}

/// Rings deadlines until told to stop.
pub async fn run(store: Store, rings: Arc<dyn Rings>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = store.rung().notified() => {}
            () = tokio::time::sleep(Duration::from_millis(LOOK_MS.unsigned_abs())) => {}
        }
        if let Err(failure) = ring_due(&store, rings.as_ref()).await {
            tracing::warn!(service = store.service(), ?failure, "deadlines wait for the database");
        }
    }
}
