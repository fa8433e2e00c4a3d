//! The bus between processes: RabbitMQ with quorum queues and publisher confirms.
//!
//! One direct exchange; a service has one quorum queue a partition with a single active consumer, so that
//! the messages of an aggregate, which all travel in one partition, are acted on in order by one replica.
//! What leaves an outbox together for one queue travels as one pack: the broker is paid once for it.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::StreamExt;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, Consumer, ExchangeKind,
    message::Delivery,
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, BasicRejectOptions,
        ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
    },
    types::{AMQPValue, FieldTable, LongString, ShortString},
    uri::AMQPUri,
};
use tokio::{
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    Bus, Delivers, Published, Subscription,
    pack::{self, Pack},
};
use crate::{Failure, Message, metrics, telemetry};

const EXCHANGE: &str = "ecustoms";
const UNREADABLE: &str = "ecustoms.unreadable";
/// How many packs wait at a consumer.
const PREFETCH: u16 = 32;
/// From how many messages on a service takes no more into one batch.
const BATCH_MAX: usize = 128;
const CONFIRM: Duration = Duration::from_secs(10);
/// The largest frame, in octets, unless the address says another. A connection keeps 64 of them at hand, sent or not, so that larger
/// ones cost memory in every process; what is longer travels in several.
const FRAME_MAX: u32 = 16 * 1024;
/// How many packs of all queues wait for the one who takes them.
const INLET: usize = 64;
/// How long after it began with one batch a service begins with the next at the earliest: what comes meanwhile goes
/// together, and what comes alone does not wait.
const PACE: Duration = Duration::from_millis(40);

/// The bus between processes.
pub struct RabbitBus {
    url: String,
    partitions: u32,
    topology: Vec<Subscription>,
    sender: Mutex<Option<(Connection, Channel)>>,
}

fn down(error: &lapin::Error) -> Failure {
    Failure::Down(format!("bus: {error}"))
}

impl RabbitBus {
    /// The bus at `url`, with `partitions` queues a service.
    ///
    /// Every process declares the whole `topology`, so that nothing is published before its queue exists.
    #[must_use]
    pub fn new(url: &str, partitions: u32, topology: Vec<Subscription>) -> Self {
        telemetry::carried_by("rabbitmq");
        Self { url: url.to_owned(), partitions, topology, sender: Mutex::default() }
    }

    async fn connect(&self) -> Result<Connection, lapin::Error> {
        let properties = ConnectionProperties::default().with_connection_name("ecustoms".into());
        let mut uri: AMQPUri = self.url.parse().map_err(io::Error::other)?;
        uri.query.frame_max.get_or_insert(FRAME_MAX);
        Connection::connect_uri(uri, properties).await
    }

    /// Opens the sending channel and declares exchanges, queues and bindings.
    async fn open(&self) -> Result<(Connection, Channel), lapin::Error> {
        let connection = self.connect().await?;
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        for (name, kind) in [(EXCHANGE, ExchangeKind::Direct), (UNREADABLE, ExchangeKind::Fanout)] {
            channel.exchange_declare(name.into(), kind, durable, FieldTable::default()).await?;
        }
        queue(&channel, UNREADABLE, quorum(false)).await?;
        bind(&channel, UNREADABLE, UNREADABLE, "").await?;
        for subscription in &self.topology {
            for number in 0..self.partitions {
                let name = queue_name(subscription.service, number);
                queue(&channel, &name, quorum(true)).await?;
                bind(&channel, &name, EXCHANGE, &name).await?;
            }
        }
        Ok((connection, channel))
    }

    /// The sending channel; it is opened anew after every failure.
    async fn sender(&self) -> Result<Channel, lapin::Error> {
        let mut sender = self.sender.lock().await;
        if let Some((connection, channel)) = sender.as_ref()
            && connection.status().connected()
            && channel.status().connected()
        {
            return Ok(channel.clone());
        }
        let opened = self.open().await?;
        let channel = opened.1.clone();
        *sender = Some(opened);
        Ok(channel)
    }

    /// Sends everything, then waits for the confirms: they are in flight together.
    async fn send(&self, batch: &[Message], confirmed: &mut usize) -> Result<(), Failure> {
        let channel = self.sender().await.map_err(|error| down(&error))?;
        let packs = pack::pack(batch, &self.topology, self.partitions)?;
        let mut tally = pack::Tally::of(batch.len(), &packs);
        *confirmed = tally.confirmed();
        let mut confirms = Vec::with_capacity(packs.len());
        for pack in &packs {
            let sent = channel
                .basic_publish(
                    EXCHANGE.into(),
                    queue_name(pack.service, pack.partition).as_str().into(),
                    BasicPublishOptions::default(),
                    &pack.body(),
                    properties(batch, pack),
                )
                .await
                .map_err(|error| down(&error))?;
            confirms.push(sent);
        }
        for (confirm, pack) in confirms.into_iter().zip(&packs) {
            match confirm.await.map_err(|error| down(&error))? {
                Confirmation::Ack(_) => *confirmed = tally.confirm(pack),
                Confirmation::Nack(_) | Confirmation::NotRequested => {
                    return Err(Failure::Down("bus: a message was not confirmed".to_owned()));
                }
            }
        }
        Ok(())
    }

    async fn forget_sender(&self) {
        *self.sender.lock().await = None;
    }

    /// Opens one queue. Each has a connection of its own: one that cannot be reached holds up no other.
    async fn consumer(&self, queue: &str) -> Result<(Connection, Consumer), lapin::Error> {
        self.sender().await?;
        let connection = self.connect().await?;
        let channel = connection.create_channel().await?;
        channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
        let consumer = channel
            .basic_consume(queue.into(), "".into(), BasicConsumeOptions::default(), FieldTable::default())
            .await?;
        Ok((connection, consumer))
    }

    /// Lets what comes from queue `number` of `service` flow into the inlet, opening it anew when it ends.
    async fn queue_into(&self, service: &str, number: u32, inlet: &Sender<(u32, Delivery)>) {
        let name = queue_name(service, number);
        loop {
            match self.consumer(&name).await {
                Ok((connection, mut consumer)) => {
                    while let Some(Ok(delivery)) = consumer.next().await {
                        if inlet.send((number, delivery)).await.is_err() {
                            return;
                        }
                    }
                    drop(connection);
                }
                Err(error) => tracing::warn!(queue = name, %error, "a queue cannot be reached"),
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}

/// Identity, correlation and trace of the first message of `pack`; each message carries its own inside.
fn properties(batch: &[Message], pack: &Pack) -> BasicProperties {
    let properties =
        BasicProperties::default().with_delivery_mode(2).with_content_type("application/json".into());
    let Some(message) = pack.messages.first().and_then(|place| batch.get(*place)) else { return properties };
    let mut headers = FieldTable::default();
    if let Some(traceparent) = &message.traceparent {
        headers.insert("traceparent".into(), AMQPValue::LongString(LongString::from(traceparent.as_str())));
    }
    headers.insert("kind".into(), AMQPValue::LongString(LongString::from(message.kind.as_str())));
    properties
        .with_message_id(message.id.to_string().as_str().into())
        .with_correlation_id(message.correlation_id.chars().take(255).collect::<String>().as_str().into())
        .with_headers(headers)
}

fn queue_name(service: &str, number: u32) -> String {
    format!("ecustoms.{service}.{number}")
}

fn quorum(single: bool) -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString(LongString::from("quorum")));
    if single {
        arguments.insert("x-single-active-consumer".into(), AMQPValue::Boolean(true));
        arguments
            .insert("x-dead-letter-exchange".into(), AMQPValue::LongString(LongString::from(UNREADABLE)));
    }
    arguments
}

async fn queue(channel: &Channel, name: &str, arguments: FieldTable) -> Result<(), lapin::Error> {
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(name.into(), durable, arguments).await?;
    Ok(())
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), lapin::Error> {
    let key = ShortString::from(key);
    channel
        .queue_bind(queue.into(), exchange.into(), key, QueueBindOptions::default(), FieldTable::default())
        .await
}

#[async_trait]
impl Bus for RabbitBus {
    async fn publish(&self, batch: Vec<Message>) -> Published {
        let mut confirmed = 0;
        // A publication or a confirm may hang for ever while a connection dies: a time-out counts as
        // unknown, the outbox keeps the messages and the inbox makes the repetition harmless.
        let failure = match tokio::time::timeout(CONFIRM, self.send(&batch, &mut confirmed)).await {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => Some(failure),
            Err(_) => Some(Failure::Down("bus: no confirm in time".to_owned())),
        };
        if failure.is_some() {
            self.forget_sender().await;
        }
        Published { confirmed, failure }
    }

    async fn consume(
        &self,
        subscription: Subscription,
        inbox: Arc<dyn Delivers>,
        stop: CancellationToken,
    ) -> Result<(), Failure> {
        let (into, inlet) = mpsc::channel(INLET);
        let queues = (0..self.partitions).map(|number| self.queue_into(subscription.service, number, &into));
        tokio::select! {
            () = flow(inlet, inbox.as_ref(), &stop) => {}
            _ = futures_util::future::join_all(queues) => {}
        }
        Ok(())
    }

    async fn ready(&self) -> bool {
        matches!(tokio::time::timeout(Duration::from_secs(2), self.sender()).await, Ok(Ok(_)))
    }
}

/// Delivers what comes until told to stop; whatever is at hand goes in one batch, from whichever queue: a service
/// pays one transaction for it.
async fn flow(mut inlet: Receiver<(u32, Delivery)>, inbox: &dyn Delivers, stop: &CancellationToken) {
    let mut next = Instant::now();
    loop {
        let first = tokio::select! {
            () = stop.cancelled() => return,
            first = inlet.recv() => first,
        };
        let Some((queue, first)) = first else { return };
        tokio::time::sleep_until(next).await;
        next = Instant::now() + PACE;
        let mut hand = Hand::default();
        hand.take(queue, first).await;
        while hand.batch.len() < BATCH_MAX
            && let Ok((queue, delivery)) = inlet.try_recv()
        {
            hand.take(queue, delivery).await;
        }
        hand.play(inbox).await;
    }
}

/// What a service has at hand.
#[derive(Default)]
struct Hand {
    batch: Vec<Message>,
    /// The last delivery of each queue: each has a channel of its own, on which deliveries come in order.
    last: BTreeMap<u32, Delivery>,
}

impl Hand {
    /// Takes `delivery` up, or rejects what cannot be read. One whose channel is gone is left: the broker gives it
    /// again, in its order, to whoever reads the queue by then.
    async fn take(&mut self, queue: u32, delivery: Delivery) {
        if !delivery.acker.usable() {
            return;
        }
        match pack::unpack(&delivery.data) {
            Ok(messages) => {
                self.batch.extend(messages);
                self.last.insert(queue, delivery);
            }
            Err(error) => {
                tracing::error!(%error, "a delivery is no message of ours and goes to {UNREADABLE}");
                metrics::unreadable(delivery.routing_key.as_str());
                note(delivery.reject(BasicRejectOptions { requeue: false }).await);
            }
        }
    }

    /// Acts on everything and acknowledges it, on each queue up to what was taken.
    async fn play(self, inbox: &dyn Delivers) {
        if !self.batch.is_empty() {
            inbox.deliver(self.batch).await;
        }
        for last in self.last.into_values() {
            note(last.ack(BasicAckOptions { multiple: true }).await);
        }
    }
}

/// What could not be acknowledged comes again, by another channel, and the inbox passes it over.
fn note(acknowledged: Result<bool, lapin::Error>) {
    if let Err(error) = acknowledged {
        tracing::debug!(%error, "a delivery could not be acknowledged");
    }
}
