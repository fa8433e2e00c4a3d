//! One piece of work: a transaction, the messages it sends and the timers it sets, all or nothing.

use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::{id::uuid_at, saga::Command};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    Failure, Kind, Message, Sheet, Store, failpoint, outbox, telemetry, timer,
    writes::{Pending, Writes},
};

/// What is done once everything is durable.
type Afterwards = Box<dyn FnOnce() + Send>;

/// One transaction and everything that takes effect with it.
///
/// Dropped without [`Work::commit`] it leaves no trace. What it writes may wait until then ([`Work::write`]): the
/// database is asked once for all of it, and rows that change twice are written once.
pub struct Work {
    store: Store,
    txn: DatabaseTransaction,
    _turn: Option<OwnedMutexGuard<()>>,
    /// Under which names failpoints know this work: its own, or those of the messages it answers.
    labels: Vec<String>,
    correlation_id: String,
    at: DateTime<Utc>,
    messages: Vec<Message>,
    waits: Mutex<Waits>,
    told_once: Vec<&'static str>,
    /// Whether it takes effect although the request is refused.
    stands: bool,
}

/// What waits for the commit.
#[derive(Default)]
struct Waits {
    rows: Pending,
    timers: BTreeMap<(String, String), Option<timer::Setting>>,
    shelf: HashMap<TypeId, Box<dyn Any + Send>>,
    afterwards: Vec<Afterwards>,
}

impl Work {
    pub(crate) fn new(
        store: Store,
        txn: DatabaseTransaction,
        turn: Option<OwnedMutexGuard<()>>,
        label: &str,
        correlation_id: &str,
    ) -> Self {
        let at = store.clock().now();
        Self {
            store,
            txn,
            _turn: turn,
            labels: vec![label.to_owned()],
            correlation_id: correlation_id.to_owned(),
            at,
            messages: Vec::new(),
            waits: Mutex::default(),
            told_once: Vec::new(),
            stands: false,
        }
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The transaction, for reading and writing rows. It does not show what waits: see [`Work::settled`].
    #[must_use]
    pub const fn txn(&self) -> &DatabaseTransaction {
        &self.txn
    }

    /// The transaction after everything that waits was written, for reading it back.
    pub async fn settled(&self) -> Result<&DatabaseTransaction, Failure> {
        let rows = std::mem::take(&mut self.waits().rows);
        if !rows.is_empty() {
            let mut writes = Writes::new(self.txn.get_database_backend());
            rows.into_writes(&mut writes);
            writes.run(&self.txn).await?;
        }
        Ok(&self.txn)
    }

    /// Writes `row` in the end; `key` tells it apart in its table, and what was written under it before is not
    /// written at all. Violated constraints show at the commit.
    pub fn write(&self, sheet: &'static Sheet, key: impl Into<String>, row: Vec<Value>) {
        self.waits().rows.put(sheet, key.into(), row);
    }

    /// Lets `use_it` work on what this work remembers of the kind `T`, such as rows that it has locked and read.
    pub fn shelf<T: Default + Send + 'static, R>(&self, use_it: impl FnOnce(&mut T) -> R) -> R {
        let mut waits = self.waits();
        let kept = waits.shelf.entry(TypeId::of::<T>()).or_insert_with(|| Box::<T>::default());
        match kept.downcast_mut::<T>() {
            Some(kept) => use_it(kept),
            None => use_it(&mut T::default()),
        }
    }

    /// Does `then` once everything is durable; it is forgotten if this work is.
    pub fn afterwards(&self, then: impl FnOnce() + Send + 'static) {
        self.waits().afterwards.push(Box::new(then));
    }

    pub(crate) fn note_timer(&self, name: &str, aggregate: &str, setting: Option<timer::Setting>) {
        self.waits().timers.insert((name.to_owned(), aggregate.to_owned()), setting);
    }

    /// The instant of this work: one for everything it writes.
    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.at
    }

    /// Links everything that follows from one request of a client.
    #[must_use]
    pub fn correlation_id(&self) -> &str {
        &self.correlation_id
    }

    /// From here on this work answers `message`: what it sends is linked to it, and failpoints know it by its name
    /// too.
    pub fn follow(&mut self, message: &Message) {
        if !self.labels.contains(&message.name) {
            self.labels.push(message.name.clone());
        }
        self.correlation_id.clone_from(&message.correlation_id);
    }

    /// From here on this work is known as `label` and belongs to `correlation_id`.
    pub(crate) fn rename(&mut self, label: &str, correlation_id: &str) {
        self.labels = vec![label.to_owned()];
        correlation_id.clone_into(&mut self.correlation_id);
    }

    /// Tells the fact `name` about `aggregate` to whoever wants to know.
    ///
    /// Change the aggregate's row before telling of it: that is what keeps the order of its messages.
    pub fn tell(&mut self, name: &str, aggregate: &str, body: &impl Serialize) -> Result<Uuid, Failure> {
        let body = serde_json::to_string(body)?;
        Ok(self.post(name, Kind::Event, aggregate, None, body))
    }

    /// Answers a command of the saga in `command`.
    pub fn reply(&mut self, command: &Message, name: &str, body: &impl Serialize) -> Result<Uuid, Failure> {
        let body = serde_json::to_string(body)?;
        Ok(self.post(name, Kind::Reply, &command.aggregate, command.saga, body))
    }

    /// Sends `command` about `aggregate`, for `saga` if there is one.
    pub fn send(&mut self, command: &Command, aggregate: &str, saga: Option<Uuid>) -> Result<Uuid, Failure> {
        let body = serde_json::to_string(&command.body)?;
        Ok(self.post(command.name, Kind::Command, aggregate, saga, body))
    }

    fn post(&mut self, name: &str, kind: Kind, aggregate: &str, saga: Option<Uuid>, body: String) -> Uuid {
        let id = uuid_at(self.at);
        self.messages.push(Message {
            id,
            name: name.to_owned(),
            kind,
            aggregate: aggregate.to_owned(),
            saga,
            correlation_id: self.correlation_id.clone(),
            traceparent: telemetry::traceparent(),
            occurred_at: self.at,
            body,
        });
        id
    }

    /// The field of the answer at `pointer` is told this once: it is not kept for a request that comes again.
    pub fn tell_once(&mut self, pointer: &'static str) {
        self.told_once.push(pointer);
    }

    /// What this work does takes effect although the request is refused, such as a record of the refusal itself; the
    /// refusal is kept like an answer for a request that comes again.
    pub const fn stand(&mut self) {
        self.stands = true;
    }

    /// Whether it takes effect although the request is refused.
    pub(crate) const fn stands(&self) -> bool {
        self.stands
    }

    /// The part of the answer `output` that is kept for a request that comes again.
    pub(crate) fn kept(&self, output: &serde_json::Value) -> serde_json::Value {
        let mut kept = output.clone();
        for pointer in &self.told_once {
            if let Some(field) = kept.pointer_mut(pointer) {
                *field = serde_json::Value::Null;
            }
        }
        kept
    }

    /// Makes everything durable at once, then wakes those who carry it further.
    pub async fn commit(self) -> Result<(), Failure> {
        self.commit_with(None).await.map(|_| ())
    }

    /// Makes everything durable unless the key of the row `once` is there already; whether it was made.
    pub(crate) async fn commit_once(self, once: (&'static Sheet, Vec<Value>)) -> Result<bool, Failure> {
        self.commit_with(Some(once)).await
    }

    async fn commit_with(self, once: Option<(&'static Sheet, Vec<Value>)>) -> Result<bool, Failure> {
        let service = self.store.service();
        let span = tracing::debug_span!(
            "commit",
            otel.kind = "client",
            otel.name = format!("COMMIT {service}"),
            db.system.name = if self.store.is_sqlite() { "sqlite" } else { "postgresql" },
            db.namespace = service,
            db.operation.name = "COMMIT"
        );
        self.make_durable(once).instrument(span).await
    }

    async fn make_durable(self, once: Option<(&'static Sheet, Vec<Value>)>) -> Result<bool, Failure> {
        let Self { store, txn, _turn, at, labels, messages, waits, .. } = self;
        let Waits { rows, timers, afterwards, .. } =
            waits.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut writes = Writes::new(txn.get_database_backend());
        rows.into_writes(&mut writes);
        timer::write(&mut writes, &timers);
        outbox::append(&mut writes, &messages);
        let is_once = once.is_some();
        if let Some((sheet, row)) = once {
            let mut last = Pending::default();
            last.put(sheet, String::new(), row);
            last.into_writes(&mut writes);
        }
        let written = writes.run(&txn).await?;
        if is_once && written == 0 {
            return Ok(false);
        }
        let pass = |stage| labels.iter().for_each(|label| failpoint::hit(stage, label, store.service()));
        pass("before-commit");
        txn.commit().await?;
        pass("after-commit");
        if !messages.is_empty() {
            store.posted().notify_one();
        }
        // A deadline further away is found by those who look for it anyway.
        let soon = at + TimeDelta::milliseconds(timer::LOOK_MS);
        if timers.values().flatten().any(|setting| setting.due_at <= soon) {
            store.rung().notify_one();
        }
        for then in afterwards {
            then();
        }
        Ok(true)
    }
}
