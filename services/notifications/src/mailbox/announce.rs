//! After a commit, whoever listens is told that a box has a new entry.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use customs_notifications_contract::whisper_topic;
use customs_platform::{Cache, Store};
use tokio::sync::Notify;

use super::store;

/// How often at most it is looked whether an entry can be seen, before it is given up as rolled back.
const LOOKS_MAX: u32 = 400;
/// How many boxes are looked at in one statement.
const BOXES_MAX: usize = 500;
const PAUSE: Duration = Duration::from_millis(5);

/// Tells of new entries as soon as they can be seen.
///
/// A receiver of messages cannot know when its transaction commits: it notes what it wrote, and one task,
/// which lives only while something is noted, waits until the store shows it.
#[derive(Clone)]
pub(crate) struct Announcer {
    store: Store,
    cache: Arc<dyn Cache>,
    due: Arc<Notify>,
    noted: Arc<Mutex<Noted>>,
}

#[derive(Default)]
struct Noted {
    awaited: HashMap<String, Awaited>,
    running: bool,
}

/// Numbers of one box that cannot be seen yet.
#[derive(Clone, Copy)]
struct Awaited {
    first: i64,
    last: i64,
    looks_left: u32,
}

impl Announcer {
    /// An announcer of what appears in `store`.
    pub(crate) fn new(store: Store, cache: Arc<dyn Cache>, due: Arc<Notify>) -> Self {
        Self { store, cache, due, noted: Arc::default() }
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the entry `number` is about to appear in the box of `owner`.
    pub(crate) fn note(&self, owner: &str, number: i64) {
        let mut noted = self.noted();
        let fresh = Awaited { first: number, last: number, looks_left: LOOKS_MAX };
        let awaited = noted.awaited.entry(owner.to_owned()).or_insert(fresh);
        let (first, last) = (awaited.first.min(number), awaited.last.max(number));
        *awaited = Awaited { first, last, looks_left: LOOKS_MAX };
        if !noted.running {
            noted.running = true;
            tokio::spawn(self.clone().run());
        }
    }

    async fn run(self) {
        loop {
            tokio::time::sleep(PAUSE).await;
            let Some(owners) = self.owners() else { return };
            for owners in owners.chunks(BOXES_MAX) {
                let seen = store::newest(self.store.reader(), owners).await.unwrap_or_default();
                for (owner, number) in self.strike_off(owners, seen) {
                    self.cache.whisper(&whisper_topic(&owner), &number.to_string()).await;
                }
                self.due.notify_one();
            }
        }
    }

    /// The boxes that are waited for; `None`, and the task ends, when there are none.
    fn owners(&self) -> Option<Vec<String>> {
        let mut noted = self.noted();
        noted.running = !noted.awaited.is_empty();
        noted.running.then(|| noted.awaited.keys().cloned().collect())
    }

    /// Strikes off what was `seen` and what was looked for in vain too often; tells what is new.
    fn strike_off(&self, owners: &[String], seen: Vec<(String, i64)>) -> Vec<(String, i64)> {
        let mut noted = self.noted();
        for owner in owners {
            if let Some(awaited) = noted.awaited.get_mut(owner) {
                awaited.looks_left = awaited.looks_left.saturating_sub(1);
            }
        }
        let mut news = Vec::new();
        for (owner, number) in seen {
            let Some(awaited) = noted.awaited.get_mut(&owner) else { continue };
            if number >= awaited.first {
                awaited.first = number.saturating_add(1);
                news.push((owner, number));
            }
        }
        noted.awaited.retain(|_, awaited| awaited.first <= awaited.last && awaited.looks_left > 0);
        news
    }
}
