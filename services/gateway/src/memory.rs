//! Short-lived shared memory that goes on, within this process, when the cache is gone.

use std::{sync::Arc, time::Duration};

use customs_kernel::Clock;
use customs_platform::{
    Cache,
    cache::{Whisper, local::LocalCache},
};
use tokio::sync::broadcast;

/// The cache of all processes, with one of this process behind it: log-in and limits do not need the first.
pub(crate) struct Memory {
    shared: Arc<dyn Cache>,
    own: LocalCache,
}

impl Memory {
    /// Memory over the `shared` cache.
    pub(crate) fn new(shared: Arc<dyn Cache>, clock: Arc<dyn Clock>) -> Self {
        Self { shared, own: LocalCache::new(clock) }
    }

    /// Adds one to the counter `key`, which lives for `life`.
    pub(crate) async fn count(&self, key: &str, life: Duration) -> u64 {
        match self.shared.count(key, life).await {
            Some(count) => count,
            None => self.own.count(key, life).await.unwrap_or_default(),
        }
    }

    /// Remembers `key` for `life`.
    pub(crate) async fn put(&self, key: &str, life: Duration) {
        self.own.put(key, "1", life).await;
        self.shared.put(key, "1", life).await;
    }

    /// Whether `key` is remembered in this process or in any.
    pub(crate) async fn has(&self, key: &str) -> bool {
        self.own.get(key).await.is_some() || self.shared.get(key).await.is_some()
    }

    /// What is whispered from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Whisper> {
        self.shared.listen()
    }
}
