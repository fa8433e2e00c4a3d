//! The inbox: a message takes effect once, in the transaction that records its arrival.

use std::{collections::HashSet, fmt::Write, sync::Arc, time::Duration};

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Statement, Value};
use tracing::Instrument;

use crate::{
    Failure, Message, Store, Work, bus::Delivers, dead_letter, failpoint, metrics, outbox::MessageId,
    telemetry,
};

/// How often a message is tried before it is parked among the dead letters.
const ATTEMPTS_MAX: u32 = 5;

/// What a service does with a message; a table from message name to use case.
#[async_trait]
pub trait Receives: Send + Sync + 'static {
    /// Acts on `message` within `work`; it may arrive twice, late, or never.
    async fn receive(&self, work: &mut Work, message: &Message) -> Result<(), Failure>;

    /// Acts on the messages of one batch, in their order; a service that gains by seeing them together says how.
    async fn receive_batch(&self, work: &mut Work, batch: &[&Message]) -> Result<(), Failure> {
        for message in batch {
            let span = span(message);
            work.follow(message);
            self.receive(work, message).instrument(span).await?;
        }
        Ok(())
    }
}

/// The span in which `message` is acted on: it continues the trace of the sender.
#[must_use]
pub fn span(message: &Message) -> tracing::Span {
    let span = tracing::info_span!(
        "message",
        name = message.name,
        otel.kind = "consumer",
        otel.name = format!("process {}", message.name),
        messaging.system = telemetry::bus(),
        messaging.operation.name = "process",
        messaging.operation.type = "process",
        messaging.destination.template = message.name,
        messaging.message.id = %message.id,
        messaging.message.conversation_id = message.correlation_id,
        correlation_id = message.correlation_id
    );
    telemetry::continue_trace(&span, message.traceparent.as_deref());
    span
}

/// The way from the bus into a service.
pub struct Inbox {
    store: Store,
    receiver: Arc<dyn Receives>,
}

impl Inbox {
    /// The inbox of the service that owns `store`, acting by `receiver`.
    pub fn new(store: Store, receiver: Arc<dyn Receives>) -> Self {
        Self { store, receiver }
    }

    /// One transaction for the whole batch: the price of a commit is shared.
    async fn together(&self, batch: &[Message]) -> Result<(), Failure> {
        let first = batch.first().map_or("", |message| message.correlation_id.as_str());
        let mut work = self.store.begin("inbox", first).await?;
        let mut fresh = self.record(&work, batch).await?;
        // What is twice in one batch counts once, too.
        let fresh: Vec<&Message> = batch.iter().filter(|message| fresh.remove(&message.id)).collect();
        self.receiver.receive_batch(&mut work, &fresh).await?;
        work.commit().await
    }

    /// Records the arrival of `batch` and tells which messages are new.
    async fn record(&self, work: &Work, batch: &[Message]) -> Result<HashSet<MessageId>, Failure> {
        let mut sql = "INSERT INTO inbox (message_id, received_at) VALUES ".to_owned();
        let mut values: Vec<Value> = vec![work.now().into()];
        for (row, message) in batch.iter().enumerate() {
            let _ = write!(sql, "{}(${}, $1)", if row == 0 { "" } else { ", " }, row + 2);
            values.push(message.id.into());
        }
        sql.push_str(" ON CONFLICT (message_id) DO NOTHING RETURNING message_id");
        let backend = work.txn().get_database_backend();
        let rows = work.txn().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        rows.iter().map(|row| Ok(row.try_get("", "message_id")?)).collect()
    }

    /// Tries one message until it has taken effect or is parked.
    async fn alone(&self, message: &Message) {
        let mut attempt = 0;
        while let Err(failure) = self.together(std::slice::from_ref(message)).await {
            attempt += 1;
            let done = match fatal(failure, message, attempt) {
                Some(reason) => self.park(message, &reason, attempt).await,
                None => false,
            };
            if done {
                return;
            }
            pause(attempt).await;
        }
    }

    async fn park(&self, message: &Message, reason: &str, attempt: u32) -> bool {
        let parked = dead_letter::park(&self.store, message, reason, attempt).await;
        if let Err(failure) = &parked {
            tracing::error!(name = message.name, ?failure, "a dead letter could not be parked yet");
        }
        parked.is_ok()
    }
}

/// Why a message can never take effect; `None` where trying again may help.
fn fatal(failure: Failure, message: &Message, attempt: u32) -> Option<String> {
    match failure {
        Failure::Down(reason) => {
            tracing::warn!(name = message.name, attempt, reason, "a message waits for what is down");
            None
        }
        Failure::Broken(error) if attempt < ATTEMPTS_MAX => {
            tracing::warn!(name = message.name, attempt, error = format!("{error:#}"), "a message failed");
            None
        }
        Failure::Refused(problem) => Some(problem.to_string()),
        Failure::Broken(error) => Some(format!("{error:#}")),
    }
}

async fn pause(attempt: u32) {
    let ms = 50_u64.saturating_mul(1 << attempt.min(7));
    tokio::time::sleep(Duration::from_millis(ms.min(5_000))).await;
}

#[async_trait]
impl Delivers for Inbox {
    async fn deliver(&self, batch: Vec<Message>) {
        let service = self.store.service();
        let together = batch.len() > 1 && self.together(&batch).await.is_ok();
        for message in &batch {
            if !together {
                self.alone(message).await;
            }
            let age = (self.store.clock().now() - message.occurred_at).to_std().unwrap_or_default();
            metrics::message_age(service, age);
            failpoint::hit("before-ack", &message.name, service);
        }
        metrics::received(service, batch.len());
    }
}
