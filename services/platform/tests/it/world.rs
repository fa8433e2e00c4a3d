//! Two stores, one clock: the ground of the tests, on SQLite and on PostgreSQL alike.

use std::{
    future::Future,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::{Clock, ManualClock};
use customs_platform::{
    Failure, Message, Receives, Store, Work,
    bus::{Bus, Delivers, Subscription, local::LocalBus},
    inbox::Inbox,
    outbox,
    store::{Place, create_schema},
};
use customs_testkit::{Servers, Space};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// What a store rests on, kept until the test is over.
enum Ground {
    Files(#[expect(dead_code, reason = "removed when dropped")] TempDir),
    Server(#[expect(dead_code, reason = "dropped when dropped")] Space),
}

/// A sender and a receiver with a bus between them.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    /// The store of the sender (its tables are those of guarantees, of which only the common ones are used).
    pub(crate) sender: Store,
    /// The store of the receiver.
    pub(crate) receiver: Store,
    pub(crate) bus: Arc<LocalBus>,
    _ground: Ground,
}

pub(crate) const START: DateTime<Utc> = match DateTime::from_timestamp(1_800_000_000, 0) {
    Some(start) => start,
    None => panic!("the start is an instant"),
};

impl World {
    async fn on(ground: Ground, place: impl Fn(&str) -> Place) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let open = async |service: &'static str| {
            let place = place(service);
            create_schema(&place).await.unwrap();
            let given: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
            let store = Store::open(service, &place, given).await.unwrap();
            customs_migrations::migrate(service, store.reader()).await.unwrap();
            store
        };
        let (sender, receiver) = (open("guarantees").await, open("statistics").await);
        Self { clock: Arc::clone(&clock), sender, receiver, bus: Arc::new(LocalBus::new()), _ground: ground }
    }

    /// On two SQLite files.
    pub(crate) async fn embedded() -> Self {
        let files = tempfile::tempdir().unwrap();
        let root = files.path().to_owned();
        Self::on(Ground::Files(files), move |service| Place::Sqlite(root.join(format!("{service}.sqlite"))))
            .await
    }

    /// On two schemas of a PostgreSQL database of its own.
    pub(crate) async fn on_server() -> Self {
        let space = tokio::task::spawn_blocking(|| Servers::start().unwrap().space().unwrap()).await.unwrap();
        let url = space.postgres_url().to_owned();
        Self::on(Ground::Server(space), move |service| Place::Postgres {
            url: url.clone(),
            schema: service.to_owned(),
            connections_max: 8,
        })
        .await
    }

    /// Runs `test` on both stores.
    pub(crate) async fn both<F: Future<Output = ()>>(test: impl Fn(Self) -> F) {
        test(Self::embedded().await).await;
        test(Self::on_server().await).await;
    }

    /// Lets the receiver act on messages by `diary`.
    pub(crate) async fn listen(&self, diary: &Arc<Diary>) -> Arc<dyn Delivers> {
        let receives: Arc<dyn Receives> = Arc::<Diary>::clone(diary);
        let inbox: Arc<dyn Delivers> = Arc::new(Inbox::new(self.receiver.clone(), receives));
        let subscription = Subscription { service: "statistics", names: &["test.said", "test.poison"] };
        self.bus.consume(subscription, Arc::clone(&inbox), CancellationToken::new()).await.unwrap();
        inbox
    }

    /// Says `texts` about `aggregate` in one piece of work of the sender.
    pub(crate) async fn say(&self, aggregate: &str, texts: &[&str]) {
        let mut work = self.sender.begin("say", "c").await.unwrap();
        for text in texts {
            work.tell("test.said", aggregate, text).unwrap();
        }
        work.commit().await.unwrap();
    }

    /// Carries the sender's messages to the receiver.
    pub(crate) async fn carry(&self) -> u64 {
        outbox::drain(&self.sender, self.bus.as_ref()).await.unwrap()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }
}

/// A receiver that writes down what took effect, and breaks where it is told to.
#[derive(Default)]
pub(crate) struct Diary {
    heard: Mutex<Vec<String>>,
    broken: Mutex<Vec<String>>,
}

impl Diary {
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// From now on acting on `text` fails.
    pub(crate) fn break_at(&self, text: &str) {
        self.broken.lock().unwrap().push(text.to_owned());
    }

    /// From now on nothing fails.
    pub(crate) fn mend(&self) {
        self.broken.lock().unwrap().clear();
    }
}

#[async_trait]
impl Receives for Diary {
    async fn receive(&self, _: &mut Work, message: &Message) -> Result<(), Failure> {
        let text: String = message.read()?;
        if self.broken.lock().unwrap().contains(&text) {
            return Err(Failure::Broken(anyhow::anyhow!("cannot act on {text}")));
        }
        self.heard.lock().unwrap().push(text);
        Ok(())
    }
}
