//! The desk: one way to ask any service, whether it stands in this process or in another.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use customs_kernel::{Caller, Problem, UseCase, problem};
use serde::Serialize;
use serde_json::Value;
use tracing::Instrument;

use crate::{Failure, Store, Work, internal::Remote, metrics, once};

/// Answers a question without changing anything.
pub trait Answers<U: UseCase>: Send + Sync + 'static {
    /// The answer, or why there is none.
    fn answer(&self, caller: &Caller, ask: U) -> impl Future<Output = Result<U::Output, Failure>> + Send;
}

/// Carries out a request within one transaction.
pub trait Acts<U: UseCase>: Send + Sync + 'static {
    /// What was done, or why nothing was done.
    fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: U,
    ) -> impl Future<Output = Result<U::Output, Failure>> + Send;
}

/// Prepares a request outside the transaction (reading, checking, computing), then carries it out inside.
pub trait Plans<U: UseCase>: Send + Sync + 'static {
    /// What was prepared.
    type Plan: Send;
    /// Prepares; nothing may be changed here.
    fn plan(&self, caller: &Caller, ask: U) -> impl Future<Output = Result<Self::Plan, Failure>> + Send;
    /// Carries out what was prepared.
    fn carry_out(
        &self,
        work: &mut Work,
        caller: &Caller,
        plan: Self::Plan,
    ) -> impl Future<Output = Result<U::Output, Failure>> + Send;
}

/// A use case with its types forgotten.
#[async_trait]
pub(crate) trait Operation: Send + Sync {
    /// Permission required.
    fn needs(&self) -> &'static str;
    /// Serves a call in JSON.
    async fn call(&self, caller: &Caller, ask: Value) -> Result<Value, Failure>;
}

struct Question<A, U>(Arc<A>, std::marker::PhantomData<fn() -> U>);
struct Effect<A, U>(Arc<A>, Store, std::marker::PhantomData<fn() -> U>);
struct Planned<A, U>(Arc<A>, Store, std::marker::PhantomData<fn() -> U>);

fn read<U: UseCase>(ask: Value) -> Result<U, Failure> {
    serde_json::from_value(ask)
        .map_err(|error| problem::INPUT_INVALID.because(error.to_string()).at("/").into())
}

fn write(output: &impl Serialize) -> Result<Value, Failure> {
    Ok(serde_json::to_value(output)?)
}

#[async_trait]
impl<A: Answers<U>, U: UseCase> Operation for Question<A, U> {
    fn needs(&self) -> &'static str {
        U::NEEDS
    }

    async fn call(&self, caller: &Caller, ask: Value) -> Result<Value, Failure> {
        write(&self.0.answer(caller, read::<U>(ask)?).await?)
    }
}

#[async_trait]
impl<A: Acts<U>, U: UseCase> Operation for Effect<A, U> {
    fn needs(&self) -> &'static str {
        U::NEEDS
    }

    async fn call(&self, caller: &Caller, ask: Value) -> Result<Value, Failure> {
        let ask = read::<U>(ask)?;
        if let Some(output) = once::replayed(&self.1, caller, U::NAME).await? {
            return Ok(output);
        }
        let mut work = self.1.begin(U::NAME, &caller.correlation_id).await?;
        match self.0.act(&mut work, caller, ask).await {
            Ok(output) => once::commit(work, &self.1, caller, U::NAME, write(&output)?).await,
            Err(Failure::Refused(problem)) if work.stands() => {
                once::commit_refusal(work, &self.1, caller, U::NAME, *problem).await
            }
            Err(failure) => {
                drop(work);
                once::refuse(&self.1, caller, U::NAME, failure).await
            }
        }
    }
}

#[async_trait]
impl<A: Plans<U>, U: UseCase> Operation for Planned<A, U> {
    fn needs(&self) -> &'static str {
        U::NEEDS
    }

    async fn call(&self, caller: &Caller, ask: Value) -> Result<Value, Failure> {
        let ask = read::<U>(ask)?;
        if let Some(output) = once::replayed(&self.1, caller, U::NAME).await? {
            return Ok(output);
        }
        let plan = self.0.plan(caller, ask).await?;
        let mut work = self.1.begin(U::NAME, &caller.correlation_id).await?;
        match self.0.carry_out(&mut work, caller, plan).await {
            Ok(output) => once::commit(work, &self.1, caller, U::NAME, write(&output)?).await,
            Err(Failure::Refused(problem)) if work.stands() => {
                once::commit_refusal(work, &self.1, caller, U::NAME, *problem).await
            }
            Err(failure) => {
                drop(work);
                once::refuse(&self.1, caller, U::NAME, failure).await
            }
        }
    }
}

/// The use cases of one service: a table from name to the code that serves it.
#[derive(Default)]
pub struct UseCases {
    table: HashMap<String, Arc<dyn Operation>>,
}

impl UseCases {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same table with a question.
    #[must_use]
    pub fn answers<U: UseCase>(mut self, app: &Arc<impl Answers<U>>) -> Self {
        self.table.insert(
            U::NAME.to_owned(),
            Arc::new(Question::<_, U>(Arc::clone(app), std::marker::PhantomData)),
        );
        self
    }

    /// The same table with an effect, carried out in a transaction of `store`.
    #[must_use]
    pub fn acts<U: UseCase>(mut self, app: &Arc<impl Acts<U>>, store: &Store) -> Self {
        let operation = Effect::<_, U>(Arc::clone(app), store.clone(), std::marker::PhantomData);
        self.table.insert(U::NAME.to_owned(), Arc::new(operation));
        self
    }

    /// The same table with an effect that is prepared before its transaction of `store`.
    #[must_use]
    pub fn plans<U: UseCase>(mut self, app: &Arc<impl Plans<U>>, store: &Store) -> Self {
        let operation = Planned::<_, U>(Arc::clone(app), store.clone(), std::marker::PhantomData);
        self.table.insert(U::NAME.to_owned(), Arc::new(operation));
        self
    }

    /// The same table with an operation that is known only by its JSON, such as those of the plumbing.
    #[must_use]
    pub(crate) fn plain(mut self, name: String, operation: Arc<dyn Operation>) -> Self {
        self.table.insert(name, operation);
        self
    }

    /// The names in the table.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(String::as_str)
    }

    /// Both tables in one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        self
    }
}

struct Room {
    here: OnceLock<UseCases>,
    elsewhere: Option<Remote>,
}

/// The way to ask a service for something.
#[derive(Clone)]
pub struct Desk(Arc<Room>);

impl Desk {
    /// A desk for the services of this process, and for those at the addresses of `elsewhere`.
    #[must_use]
    pub fn new(elsewhere: Option<Remote>) -> Self {
        Self(Arc::new(Room { here: OnceLock::new(), elsewhere }))
    }

    /// Opens the desk with the use cases of this process; only the first opening counts.
    pub fn open(&self, here: UseCases) {
        if self.0.here.set(here).is_err() {
            tracing::warn!("the desk is already open");
        }
    }

    /// Asks for `ask` on behalf of `caller`.
    pub async fn ask<U: UseCase>(&self, caller: &Caller, ask: U) -> Result<U::Output, Problem> {
        let input = serde_json::to_value(&ask).map_err(|error| broken(caller, U::NAME, error.into()))?;
        let output = self.call(caller, U::NAME, input).await?;
        serde_json::from_value(output).map_err(|error| broken(caller, U::NAME, error.into()))
    }

    /// Asks for the use case `name` with its input as JSON.
    pub async fn call(&self, caller: &Caller, name: &str, ask: Value) -> Result<Value, Problem> {
        match (self.0.here.get().and_then(|here| here.table.get(name)), &self.0.elsewhere) {
            (Some(operation), _) => self.here(operation.as_ref(), caller, name, ask).await,
            (None, Some(remote)) => remote.call(caller, name, ask).await,
            (None, None) => Err(problem::NOT_FOUND.because(format!("there is no operation {name}"))),
        }
    }

    /// Asks the use case `name` of this process only, as another process does over the wire.
    pub async fn call_here(&self, caller: &Caller, name: &str, ask: Value) -> Result<Value, Problem> {
        match self.0.here.get().and_then(|here| here.table.get(name)) {
            Some(operation) => self.here(operation.as_ref(), caller, name, ask).await,
            None => Err(problem::NOT_FOUND.because(format!("there is no operation {name} here"))),
        }
    }

    async fn here(
        &self,
        operation: &dyn Operation,
        caller: &Caller,
        name: &str,
        ask: Value,
    ) -> Result<Value, Problem> {
        if !caller.actor.may(operation.needs()) {
            return Err(problem::FORBIDDEN.because(format!("{name} needs {}", operation.needs())));
        }
        let span = tracing::info_span!("use-case", name, correlation_id = caller.correlation_id);
        let patience = Duration::from_millis(caller.patience_ms);
        let timed = metrics::time_use_case(name);
        let call = operation.call(caller, ask).instrument(span.clone());
        let answer = tokio::time::timeout(patience, call).await;
        let result = match answer {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(failure)) => Err(failure.into_problem(name, &caller.correlation_id)),
            Err(_) => {
                Err(problem::DEADLINE.because(format!("{name} took longer than {} ms", caller.patience_ms)))
            }
        };
        let code = result.as_ref().err().map(|problem| problem.code.as_ref());
        span.in_scope(|| tracing::debug!(outcome = code.unwrap_or("ok"), "asked"));
        timed.done(code);
        result
    }
}

fn broken(caller: &Caller, name: &str, error: anyhow::Error) -> Problem {
    Failure::Broken(error).into_problem(name, &caller.correlation_id)
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}
