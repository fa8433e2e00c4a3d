//! The conductor: carries sagas forward, waits, and undoes, one row a saga.

use std::{sync::Arc, time::Duration};

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

use crate::{Failure, Message, Store, Work, metrics};

/// What the service that owns a saga does at its steps.
#[async_trait]
pub trait Orchestrates: Send + Sync + 'static {
    /// What the saga keeps while it runs.
    type Facts: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The saga as data.
    fn saga(&self) -> &'static Saga<Self::Facts>;

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

/// A saga's row: where it stands and what it knows.
#[derive(Debug)]
struct Row<S> {
    id: Uuid,
    aggregate: String,
    step: usize,
    facts: S,
    changed_at: DateTime<Utc>,
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
        let saga = self.orchestrator.saga();
        let sql = "INSERT INTO sagas (id, name, version, aggregate, step, status, facts, changed_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values: [Value; 8] = [
            id.into(),
            saga.name.into(),
            i32::try_from(saga.version).unwrap_or(i32::MAX).into(),
            aggregate.into(),
            saga.steps.first().map_or("", |step| step.name).into(),
            "running".into(),
            serde_json::to_string(&facts)?.into(),
            work.now().into(),
        ];
        let backend = work.txn().get_database_backend();
        work.txn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        self.go(work, Row { id, aggregate: aggregate.to_owned(), step: 0, facts, changed_at: work.now() })
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
        self.orchestrator.hear(work, step.name, answer, &mut row.facts).await?;
        match accepted.then {
            Then::Next => {
                row.step += 1;
                self.go(work, row).await
            }
            Then::Wait => self.save(work, &row, "waiting").await,
            Then::Unwind => self.undo(work, row).await,
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

    /// Undoes everything that saga `id` has done, last first; after its point of no return, nothing.
    pub async fn unwind(&self, work: &mut Work, id: Uuid) -> Result<(), Failure> {
        let Some(row) = self.load(work, id).await? else { return Ok(()) };
        self.undo(work, row).await
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
        self.save(&work, &row, "running").await?;
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
                    return self.save(work, &row, "running").await;
                }
                Action::Decide => self.orchestrator.decide(work, step.name, &mut row.facts).await?,
            };
            match then {
                Then::Next => row.step += 1,
                Then::Wait => return self.save(work, &row, "waiting").await,
                Then::Unwind => return self.undo(work, row).await,
            }
        }
        self.save(work, &row, "done").await
    }

    /// The step in progress may have taken effect, or may yet: it is undone too, after what it sent.
    async fn undo(&self, work: &mut Work, row: Row<O::Facts>) -> Result<(), Failure> {
        for command in undoing(self.orchestrator.saga(), &row.facts, row.step + 1) {
            work.send(&command, &row.aggregate, Some(row.id))?;
        }
        self.save(work, &row, "undone").await
    }

    async fn load(&self, work: &Work, id: Uuid) -> Result<Option<Row<O::Facts>>, Failure> {
        let backend = work.txn().get_database_backend();
        let lock = if backend == sea_orm::DbBackend::Postgres { " FOR UPDATE" } else { "" };
        let sql = format!(
            "SELECT id, aggregate, step, facts, changed_at FROM sagas \
             WHERE id = $1 AND name = $2 AND status IN ('running', 'waiting'){lock}"
        );
        let values: [Value; 2] = [id.into(), self.orchestrator.saga().name.into()];
        let row = work.txn().query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        row.map(|row| self.read(&row)).transpose()
    }

    fn read(&self, row: &QueryResult) -> Result<Row<O::Facts>, Failure> {
        let step: String = row.try_get("", "step")?;
        let facts: String = row.try_get("", "facts")?;
        let position = self.orchestrator.saga().position(&step).ok_or_else(|| {
            Failure::Broken(anyhow::anyhow!("saga {} knows no step {step}", self.orchestrator.saga().name))
        })?;
        Ok(Row {
            id: row.try_get("", "id")?,
            aggregate: row.try_get("", "aggregate")?,
            step: position,
            facts: serde_json::from_str(&facts)?,
            changed_at: row.try_get("", "changed_at")?,
        })
    }

    async fn save(&self, work: &Work, row: &Row<O::Facts>, status: &str) -> Result<(), Failure> {
        let sql = "UPDATE sagas SET step = $2, status = $3, facts = $4, changed_at = $5 WHERE id = $1";
        let steps = self.orchestrator.saga().steps;
        let step = steps.get(row.step).or(steps.last()).map_or("", |step| step.name);
        let values: [Value; 5] = [
            row.id.into(),
            step.into(),
            status.into(),
            serde_json::to_string(&row.facts)?.into(),
            work.now().into(),
        ];
        let backend = work.txn().get_database_backend();
        work.txn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }
}
