//! The cache within one process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Clock;
use tokio::sync::broadcast;

use super::{Cache, Whisper};

/// When the number of keys passes this, what has expired is thrown out.
const SWEEP_AT: usize = 10_000;

/// The cache within one process.
pub struct LocalCache {
    clock: Arc<dyn Clock>,
    entries: Mutex<HashMap<String, (String, DateTime<Utc>)>>,
    whispers: broadcast::Sender<Whisper>,
}

impl LocalCache {
    /// An empty cache.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, entries: Mutex::default(), whispers: broadcast::channel(1024).0 }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, (String, DateTime<Utc>)>> {
        let mut entries = self.entries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if entries.len() > SWEEP_AT {
            let now = self.clock.now();
            entries.retain(|_, (_, until)| *until > now);
        }
        entries
    }

    fn until(&self, life: Duration) -> DateTime<Utc> {
        self.clock.now() + TimeDelta::from_std(life).unwrap_or(TimeDelta::days(1))
    }
}

#[async_trait]
impl Cache for LocalCache {
    async fn get(&self, key: &str) -> Option<String> {
        let now = self.clock.now();
        self.entries().get(key).filter(|(_, until)| *until > now).map(|(value, _)| value.clone())
    }

    async fn put(&self, key: &str, value: &str, life: Duration) {
        let until = self.until(life);
        self.entries().insert(key.to_owned(), (value.to_owned(), until));
    }

    async fn first(&self, key: &str, life: Duration) -> Option<bool> {
        let (now, until) = (self.clock.now(), self.until(life));
        let mut entries = self.entries();
        let known = entries.get(key).is_some_and(|(_, until)| *until > now);
        if !known {
            entries.insert(key.to_owned(), (String::new(), until));
        }
        Some(!known)
    }

    async fn count(&self, key: &str, life: Duration) -> Option<u64> {
        let (now, fresh) = (self.clock.now(), self.until(life));
        let mut entries = self.entries();
        let entry = entries.entry(key.to_owned()).or_insert_with(|| ("0".to_owned(), fresh));
        if entry.1 <= now {
            *entry = ("0".to_owned(), fresh);
        }
        let counted = entry.0.parse::<u64>().unwrap_or_default() + 1;
        entry.0 = counted.to_string();
        Some(counted)
    }

    async fn whisper(&self, topic: &str, text: &str) {
        // No listener is no failure: a whisper is only a wake-up.
        let _ = self.whispers.send(Whisper { topic: topic.to_owned(), text: text.to_owned() });
    }

    fn listen(&self) -> broadcast::Receiver<Whisper> {
        self.whispers.subscribe()
    }

    async fn ready(&self) -> bool {
        true
    }
}
