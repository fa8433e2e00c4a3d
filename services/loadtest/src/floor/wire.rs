//! The queues of the floor.

use anyhow::{Context as _, ensure};
use futures_util::{FutureExt as _, StreamExt as _};
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, Consumer,
    message::Delivery,
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
        QueueDeclareOptions, QueuePurgeOptions,
    },
    types::{AMQPValue, FieldTable, LongString},
};

use super::Letter;

/// Orders to guarantees.
pub(super) const GUARANTEES: &str = "floor.guarantees";
/// Answers to declarations.
pub(super) const DECLARATIONS: &str = "floor.declarations";
/// Facts for the third service.
pub(super) const RECORDS: &str = "floor.records";

const PREFETCH: u16 = 256;

/// One connection to the broker.
pub(super) struct Wire {
    _connection: Connection,
    channel: Channel,
}

/// Where messages come in.
pub(super) struct Inlet {
    _wire: Wire,
    consumer: Consumer,
    last: Option<Delivery>,
}

impl Wire {
    /// Connects.
    pub(super) async fn open(url: &str) -> anyhow::Result<Self> {
        let connection = Connection::connect(url, ConnectionProperties::default()).await?;
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(Self { _connection: connection, channel })
    }

    /// Makes the queues, empty.
    pub(super) async fn declare(&self) -> anyhow::Result<()> {
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        for queue in [GUARANTEES, DECLARATIONS, RECORDS] {
            let mut quorum = FieldTable::default();
            quorum.insert("x-queue-type".into(), AMQPValue::LongString(LongString::from("quorum")));
            self.channel.queue_declare(queue.into(), durable, quorum).await?;
            self.channel.queue_purge(queue.into(), QueuePurgeOptions::default()).await?;
        }
        Ok(())
    }

    /// Publishes all with their queues, and waits until all are confirmed.
    pub(super) async fn publish(&self, letters: impl Iterator<Item = (&str, &str)>) -> anyhow::Result<()> {
        let mut confirms = Vec::new();
        for (queue, body) in letters {
            let properties = BasicProperties::default().with_delivery_mode(2);
            let options = BasicPublishOptions::default();
            let sent = self
                .channel
                .basic_publish("".into(), queue.into(), options, body.as_bytes(), properties)
                .await?;
            confirms.push(sent);
        }
        for confirm in confirms {
            ensure!(matches!(confirm.await?, Confirmation::Ack(_)), "a message was not confirmed");
        }
        Ok(())
    }

    /// Lets the messages of `queue` come.
    pub(super) async fn consume(self, queue: &str) -> anyhow::Result<Inlet> {
        self.channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
        let options = BasicConsumeOptions::default();
        let consumer =
            self.channel.basic_consume(queue.into(), "".into(), options, FieldTable::default()).await?;
        Ok(Inlet { _wire: self, consumer, last: None })
    }
}

impl Inlet {
    /// What is at hand, at least one and at most `most`; nothing when the queue is gone.
    pub(super) async fn next(&mut self, most: usize) -> Option<Vec<Letter>> {
        let mut letters = Vec::new();
        let first = self.consumer.next().await?.ok()?;
        letters.push(self.read(first).ok()?);
        while letters.len() < most {
            match self.consumer.next().now_or_never() {
                Some(Some(Ok(delivery))) => letters.push(self.read(delivery).ok()?),
                Some(_) | None => break,
            }
        }
        Some(letters)
    }

    fn read(&mut self, delivery: Delivery) -> anyhow::Result<Letter> {
        let letter = serde_json::from_slice(&delivery.data).context("no letter of ours")?;
        self.last = Some(delivery);
        Ok(letter)
    }

    /// Acknowledges everything that came.
    pub(super) async fn acknowledge(&mut self) {
        if let Some(last) = self.last.take() {
            let _ = last.ack(BasicAckOptions { multiple: true }).await;
        }
    }
}
