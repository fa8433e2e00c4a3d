//! The conductor: carries sagas forward, waits, and undoes, one row a saga.

use std::{collections::HashMap, fmt::Write, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::{
    id::uuid_at,
    saga::{Action, Saga, Then, undoing},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use serde::{Serialize, de::DeserializeOwned};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Failure, Known, Message, Sheet, Store, Work, metrics};

/// What the service that owns a saga does at its steps.
#[async_trait]
pub trait Orchestrates: Send + Sync + 'static {
    /// What the saga keeps while it runs.
    type Facts: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The saga as data.
    fn saga(&self) -> &'static Saga<Self::Facts>;

    /// Whether `answer` is to what was asked last; one to an earlier question is passed over.
    fn counts(&self, _answer: &Message, _facts: &Self::Facts) -> Result<bool, Failure> {
        Ok(true)
    }

    /// Takes in an answer of another service, before the saga goes where the table says.
    async fn hear(
        &self,
        work: &mut Work,
        step: &'static str,
        answer: &Message,
        facts: &mut Self::Facts,
    ) -> Result<(), Failure>;

    /// Decides a step of its own.
    async fn decide(
        &self,
        work: &mut Work,
        step: &'static str,
        facts: &mut Self::Facts,
    ) -> Result<Then, Failure>;
}

/// A saga: where it stands and what it knows.
#[derive(Debug)]
struct Row<S> {
    id: Uuid,
    version: i32,
    aggregate: String,
    step: usize,
    facts: S,
    changed_at: DateTime<Utc>,
}

static SAGAS: Sheet = Sheet {
    table: "sagas",
    columns: &["id", "name", "version", "aggregate", "step", "status", "facts", "changed_at"],
    key: &["id"],
    known: Known::Replaced,
};

/// A saga's row, locked and read, or written, by the present work.
#[derive(Clone, Debug)]
struct Kept {
    name: String,
    version: i32,
    aggregate: String,
    step: String,
    status: String,
    facts: String,
    changed_at: DateTime<Utc>,
}

/// The rows of sagas that the present work has locked and read, or written.
#[derive(Default)]
struct Shelf(HashMap<Uuid, Kept>);

/// Locks and reads the sagas that wait for `answers`, in one statement; what is gathered is not read again.
pub async fn gather(work: &Work, answers: &[&Message]) -> Result<(), Failure> {
    gather_ids(work, answers.iter().filter_map(|answer| answer.saga).collect()).await
}

async fn gather_ids(work: &Work, mut ids: Vec<Uuid>) -> Result<(), Failure> {
    ids.sort_unstable();
    ids.dedup();
    let known: Vec<Uuid> = work.shelf(|shelf: &mut Shelf| shelf.0.keys().copied().collect());
    ids.retain(|id| !known.contains(id));
    if ids.is_empty() {
        return Ok(());
    }
    let backend = work.txn().get_database_backend();
    let mut sql =
        "SELECT id, name, version, aggregate, step, status, facts, changed_at FROM sagas WHERE id IN ("
            .to_owned();
    for place in 1..=ids.len() {
        let _ = write!(sql, "{}${place}", if place == 1 { "" } else { ", " });
    }
    sql.push_str(") ORDER BY id");
    if backend == sea_orm::DbBackend::Postgres {
        sql.push_str(" FOR UPDATE");
    }
    let values: Vec<Value> = ids.into_iter().map(Value::from).collect();
    let rows = work.txn().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let rows: Vec<(Uuid, Kept)> = rows.iter().map(kept).collect::<Result<_, Failure>>()?;
    work.shelf(|shelf: &mut Shelf| shelf.0.extend(rows));
    Ok(())
}

fn kept(row: &QueryResult) -> Result<(Uuid, Kept), Failure> {
    let kept = Kept {
        name: row.try_get("", "name")?,
        version: row.try_get("", "version")?,
        aggregate: row.try_get("", "aggregate")?,
        step: row.try_get("", "step")?,
        status: row.try_get("", "status")?,
        facts: row.try_get("", "facts")?,
        changed_at: row.try_get("", "changed_at")?,
    };
    Ok((row.try_get("", "id")?, kept))
}

/// The shortest patience of the steps of `saga`.
fn shortest_patience<S>(saga: &Saga<S>) -> TimeDelta {
    let patience = saga.steps.iter().filter_map(|step| match step.action {
        Action::Ask { patience_s, .. } => Some(patience_s),
        Action::Decide => None,
    });
    TimeDelta::seconds(i64::from(patience.min().unwrap_or_default()))
}

/// Carries the sagas of a service on that have waited too long for an answer.
#[async_trait]
pub trait Reminds: Send + Sync + 'static {
    /// Sends again what has had no answer; tells how many commands.
    async fn remind(&self) -> Result<u32, Failure>;
}

/// Reminds every half minute until told to stop.
pub async fn run(service: &'static str, reminds: Arc<dyn Reminds>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(30)) => {}
        }
        match reminds.remind().await {
            Ok(commands) => metrics::reminded(service, commands),
            Err(failure) => {
                tracing::warn!(service, ?failure, "sagas without an answer wait for the database");
            }
        }
    }
}

/// How many sagas of a service are `running` or `waiting`.
pub async fn under_way(store: &Store, status: &str) -> Result<i64, Failure> {
    let backend = store.reader().get_database_backend();
    let sql = "SELECT COUNT(*) AS under_way FROM sagas WHERE status = $1";
    let statement = Statement::from_sql_and_values(backend, sql, [Value::from(status)]);
    let row = store.reader().query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "under_way")).transpose()?.unwrap_or_default())
}

/// Carries the sagas of one kind.
#[derive(Debug)]
pub struct Conductor<O> {
    orchestrator: O,
}

impl<O: Orchestrates> Conductor<O> {
    /// A conductor that leaves the decisions to `orchestrator`.
    pub const fn new(orchestrator: O) -> Self {
        Self { orchestrator }
    }

    /// The one who decides.
    pub const fn orchestrator(&self) -> &O {
        &self.orchestrator
    }

    /// Starts a saga about `aggregate` and carries it as far as it goes by itself.
    pub async fn start(&self, work: &mut Work, aggregate: &str, facts: O::Facts) -> Result<Uuid, Failure> {
        let id = uuid_at(work.now());
        let version = i32::try_from(self.orchestrator.saga().version).unwrap_or(i32::MAX);
        let changed_at = work.now();
        self.go(work, Row { id, version, aggregate: aggregate.to_owned(), step: 0, facts, changed_at })
            .await?;
        Ok(id)
    }

    /// Takes in `answer`; one that no step waits for (late, repeated, of another saga) is passed over.
    pub async fn hear(&self, work: &mut Work, answer: &Message) -> Result<(), Failure> {
        let Some(id) = answer.saga else { return Ok(()) };
        let Some(mut row) = self.load(work, id).await? else { return Ok(()) };
        let Some(step) = self.orchestrator.saga().steps.get(row.step) else { return Ok(()) };
        let Action::Ask { answers, .. } = &step.action else { return Ok(()) };
        let Some(accepted) = answers.iter().find(|accepted| accepted.name == answer.name) else {
            return Ok(());
        };
        if !self.orchestrator.counts(answer, &row.facts)? {
            return Ok(());
        }
        self.orchestrator.hear(work, step.name, answer, &mut row.facts).await?;
        match accepted.then {
            Then::Next => {
                row.step += 1;
                self.go(work, row).await
            }
            Then::Wait => self.save(work, &row, "waiting"),
            Then::Unwind => self.undo(work, &row),
        }
    }

    /// Takes up the step where saga `id` waits, after `change` has been made to its facts.
    pub async fn resume(
        &self,
        work: &mut Work,
        id: Uuid,
        change: impl FnOnce(&mut O::Facts) + Send,
    ) -> Result<(), Failure> {
        let Some(mut row) = self.load(work, id).await? else { return Ok(()) };
        change(&mut row.facts);
        self.go(work, row).await
    }

    /// Goes on to the step after the one where saga `id` waits, after `change` has been made to its facts.
    pub async fn proceed(
        &self,
        work: &mut Work,
        id: Uuid,
        change: impl FnOnce(&mut O::Facts) + Send,
    ) -> Result<(), Failure> {
        let Some(mut row) = self.load(work, id).await? else { return Ok(()) };
        change(&mut row.facts);
        row.step += 1;
        self.go(work, row).await
    }

    /// Goes back from where saga `id` stands to the earlier `step`, after `change` has been made to its facts.
    pub async fn back_to(
        &self,
        work: &mut Work,
        id: Uuid,
        step: &str,
        change: impl FnOnce(&mut O::Facts) + Send,
    ) -> Result<(), Failure> {
        let Some(mut row) = self.load(work, id).await? else { return Ok(()) };
        let saga = self.orchestrator.saga();
        let known = saga.position(step).filter(|position| *position <= row.step);
        row.step = known
            .ok_or_else(|| Failure::Broken(anyhow::anyhow!("saga {} cannot go back to {step}", saga.name)))?;
        change(&mut row.facts);
        self.go(work, row).await
    }

    /// Undoes everything that saga `id` has done, last first; after its point of no return, nothing.
    pub async fn unwind(&self, work: &mut Work, id: Uuid) -> Result<(), Failure> {
        let Some(row) = self.load(work, id).await? else { return Ok(()) };
        self.undo(work, &row)
    }

    /// Sends again the commands that have had no answer for longer than their step's patience; tells how many.
    ///
    /// Outbox and inbox lose nothing: this mends what an operator has thrown away, or an answer that was
    /// parked and never replayed. A command may arrive twice, its effect does not.
    pub async fn remind(&self, store: &Store) -> Result<u32, Failure> {
        let saga = self.orchestrator.saga();
        let backend = store.reader().get_database_backend();
        let sql = "SELECT id FROM sagas WHERE status = 'running' AND changed_at <= $1 AND name = $2 \
                   ORDER BY changed_at LIMIT 100";
        let late = store.clock().now() - shortest_patience(saga);
        let values: [Value; 2] = [late.into(), saga.name.into()];
        let rows = store.reader().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        let mut reminded = 0;
        for row in rows {
            let id: Uuid = row.try_get("", "id")?;
            reminded += u32::from(self.remind_one(store, id).await?);
        }
        Ok(reminded)
    }

    async fn remind_one(&self, store: &Store, id: Uuid) -> Result<bool, Failure> {
        let mut work = store.begin("saga.remind", &id.to_string()).await?;
        let Some(row) = self.load(&work, id).await? else { return Ok(false) };
        let step = self.orchestrator.saga().steps.get(row.step);
        let Some(Action::Ask { command, patience_s, .. }) = step.map(|step| &step.action) else {
            return Ok(false);
        };
        if row.changed_at + TimeDelta::seconds(i64::from(*patience_s)) > work.now() {
            return Ok(false);
        }
        let command = command(&row.facts);
        tracing::warn!(saga = %id, command = command.name, "no answer in time, the command is sent again");
        work.send(&command, &row.aggregate, Some(id))?;
        self.save(&work, &row, "running")?;
        work.commit().await?;
        Ok(true)
    }

    async fn go(&self, work: &mut Work, mut row: Row<O::Facts>) -> Result<(), Failure> {
        let saga = self.orchestrator.saga();
        while let Some(step) = saga.steps.get(row.step) {
            let then = match &step.action {
                Action::Ask { command, .. } => {
                    let command = command(&row.facts);
                    work.send(&command, &row.aggregate, Some(row.id))?;
                    return self.save(work, &row, "running");
                }
                Action::Decide => self.orchestrator.decide(work, step.name, &mut row.facts).await?,
            };
            match then {
                Then::Next => row.step += 1,
                Then::Wait => return self.save(work, &row, "waiting"),
                Then::Unwind => return self.undo(work, &row),
            }
        }
        self.save(work, &row, "done")
    }

    /// The step in progress may have taken effect, or may yet: it is undone too, after what it sent.
    fn undo(&self, work: &mut Work, row: &Row<O::Facts>) -> Result<(), Failure> {
        for command in undoing(self.orchestrator.saga(), &row.facts, row.step + 1) {
            work.send(&command, &row.aggregate, Some(row.id))?;
        }
        self.save(work, row, "undone")
    }

    /// The saga `id` if it is of this kind and under way, locked for change.
    async fn load(&self, work: &Work, id: Uuid) -> Result<Option<Row<O::Facts>>, Failure> {
        let look = || work.shelf(|shelf: &mut Shelf| shelf.0.get(&id).cloned());
        let mut kept = look();
        if kept.is_none() {
            gather_ids(work, vec![id]).await?;
            kept = look();
        }
        let saga = self.orchestrator.saga();
        let Some(kept) = kept else { return Ok(None) };
        if kept.name != saga.name || !matches!(kept.status.as_str(), "running" | "waiting") {
            return Ok(None);
        }
        let step = saga.position(&kept.step).ok_or_else(|| {
            Failure::Broken(anyhow::anyhow!("saga {} knows no step {}", saga.name, kept.step))
        })?;
        let facts = serde_json::from_str(&kept.facts)?;
        let Kept { version, aggregate, changed_at, .. } = kept;
        Ok(Some(Row { id, version, aggregate, step, facts, changed_at }))
    }

    /// Writes where `row` stands with the commit.
    fn save(&self, work: &Work, row: &Row<O::Facts>, status: &str) -> Result<(), Failure> {
        let saga = self.orchestrator.saga();
        let step = saga.steps.get(row.step).or(saga.steps.last()).map_or("", |step| step.name);
        let kept = Kept {
            name: saga.name.to_owned(),
            version: row.version,
            aggregate: row.aggregate.clone(),
            step: step.to_owned(),
            status: status.to_owned(),
            facts: serde_json::to_string(&row.facts)?,
            changed_at: work.now(),
        };
        let values = vec![
            row.id.into(),
            kept.name.as_str().into(),
            kept.version.into(),
            kept.aggregate.as_str().into(),
            kept.step.as_str().into(),
            kept.status.as_str().into(),
            kept.facts.as_str().into(),
            kept.changed_at.into(),
        ];
        work.write(&SAGAS, row.id.to_string(), values);
        work.shelf(|shelf: &mut Shelf| shelf.0.insert(row.id, kept));
        Ok(())
    }
}
