//! One piece of work: a transaction, the messages it sends and the timers it sets, all or nothing.

use chrono::{DateTime, Utc};
use customs_kernel::{id::uuid_at, saga::Command};
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::{Failure, Kind, Message, Store, failpoint, outbox, telemetry};

/// One transaction and everything that takes effect with it.
///
/// Dropped without [`Work::commit`] it leaves no trace.
pub struct Work {
    store: Store,
    txn: DatabaseTransaction,
    _turn: Option<OwnedMutexGuard<()>>,
    /// Under which names failpoints know this work: its own, or those of the messages it answers.
    labels: Vec<String>,
    correlation_id: String,
    at: DateTime<Utc>,
    messages: Vec<Message>,
    timers_set: bool,
    told_once: Vec<&'static str>,
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
            timers_set: false,
            told_once: Vec::new(),
        }
    }

    /// The transaction, for reading and writing rows.
    #[must_use]
    pub const fn txn(&self) -> &DatabaseTransaction {
        &self.txn
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

    pub(crate) const fn note_timer(&mut self) {
        self.timers_set = true;
    }

    /// Makes everything durable at once, then wakes those who carry it further.
    pub async fn commit(self) -> Result<(), Failure> {
        let Self { store, txn, _turn, labels, messages, timers_set, .. } = self;
        outbox::append(&txn, &messages).await?;
        let pass = |stage| labels.iter().for_each(|label| failpoint::hit(stage, label, store.service()));
        pass("before-commit");
        txn.commit().await?;
        pass("after-commit");
        if !messages.is_empty() {
            store.posted().notify_one();
        }
        if timers_set {
            store.rung().notify_one();
        }
        Ok(())
    }
}
