//! The cache between processes: Redis.

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use futures_util::StreamExt;
use redis::{
    AsyncCommands, Client, ExistenceCheck, RedisResult, Script, SetExpiry, SetOptions,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::{Cache, Whisper};
use crate::Failure;

/// A cache that answers slower than this is as good as gone.
const PATIENCE: Duration = Duration::from_millis(250);

/// The cache between processes.
pub struct RedisCache {
    client: Client,
    connection: ConnectionManager,
    channel: String,
    whispers: broadcast::Sender<Whisper>,
}

impl RedisCache {
    /// The cache at `url`; it need not be up yet.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let client = Client::open(url).map_err(|error| Failure::Broken(error.into()))?;
        let connection =
            ConnectionManager::new_lazy_with_config(client.clone(), ConnectionManagerConfig::new())
                .map_err(|error| Failure::Broken(error.into()))?;
        // Channels know no database number, but installations that share a server differ by it.
        let number = client.get_connection_info().redis_settings().db();
        let channel = format!("ecustoms.{number}.whispers");
        Ok(Self { client, connection, channel, whispers: broadcast::channel(1024).0 })
    }

    /// Hears what other processes whisper, until told to stop.
    pub async fn hear(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                heard = self.hear_once() => if let Err(error) = heard {
                    tracing::warn!(%error, "the cache cannot be heard");
                },
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn hear_once(&self) -> RedisResult<()> {
        let mut pubsub = self.client.get_async_pubsub().await?;
        pubsub.subscribe(&self.channel).await?;
        let mut stream = pubsub.into_on_message();
        while let Some(message) = stream.next().await {
            let payload: String = message.get_payload()?;
            if let Some((topic, text)) = payload.split_once('\n') {
                let _ = self.whispers.send(Whisper { topic: topic.to_owned(), text: text.to_owned() });
            }
        }
        Ok(())
    }

    fn connection(&self) -> ConnectionManager {
        self.connection.clone()
    }
}

async fn soon<T>(answer: impl Future<Output = RedisResult<T>> + Send) -> Option<T> {
    tokio::time::timeout(PATIENCE, answer).await.ok()?.ok()
}

fn seconds(life: Duration) -> u64 {
    life.as_secs().max(1)
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, key: &str) -> Option<String> {
        let mut connection = self.connection();
        soon(async { connection.get::<_, Option<String>>(key).await }).await.flatten()
    }

    async fn put(&self, key: &str, value: &str, life: Duration) {
        let mut connection = self.connection();
        soon(async { connection.set_ex::<_, _, ()>(key, value, seconds(life)).await }).await;
    }

    async fn first(&self, key: &str, life: Duration) -> Option<bool> {
        let options = SetOptions::default()
            .conditional_set(ExistenceCheck::NX)
            .with_expiration(SetExpiry::EX(seconds(life)));
        let mut connection = self.connection();
        let set =
            soon(async { connection.set_options::<_, _, Option<String>>(key, "", options).await }).await?;
        Some(set.is_some())
    }

    async fn count(&self, key: &str, life: Duration) -> Option<u64> {
        let script = Script::new(
            "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n",
        );
        let mut connection = self.connection();
        soon(async { script.key(key).arg(seconds(life)).invoke_async::<u64>(&mut connection).await }).await
    }

    async fn whisper(&self, topic: &str, text: &str) {
        let mut connection = self.connection();
        soon(async { connection.publish::<_, _, ()>(&self.channel, format!("{topic}\n{text}")).await }).await;
    }

    fn listen(&self) -> broadcast::Receiver<Whisper> {
        self.whispers.subscribe()
    }

    async fn ready(&self) -> bool {
        let mut connection = self.connection();
        soon(async { redis::cmd("PING").query_async::<String>(&mut connection).await }).await.is_some()
    }
}
