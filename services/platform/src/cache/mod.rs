//! The cache port: what may be forgotten at any time without a wrong answer.

pub mod local;
pub mod redis;

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::broadcast;

/// Something said to every process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whisper {
    /// About what.
    pub topic: String,
    /// What.
    pub text: String,
}

/// Short-lived shared memory. Every answer may be missing: correctness never rests on it.
#[async_trait]
pub trait Cache: Send + Sync + 'static {
    /// The value of `key`, if it is remembered.
    async fn get(&self, key: &str) -> Option<String>;

    /// Remembers `value` under `key` for `life`.
    async fn put(&self, key: &str, value: &str, life: Duration);

    /// Remembers `key` if it is new; `false` if it was there, `None` if nobody can tell.
    async fn first(&self, key: &str, life: Duration) -> Option<bool>;

    /// Adds one to the counter `key`, which lives for `life` from its first count; `None` if nobody can tell.
    async fn count(&self, key: &str, life: Duration) -> Option<u64>;

    /// Tells every process about `topic`; a wake-up, which may get lost.
    async fn whisper(&self, topic: &str, text: &str);

    /// What is told from now on.
    fn listen(&self) -> broadcast::Receiver<Whisper>;

    /// Whether the cache can be reached.
    async fn ready(&self) -> bool;
}
