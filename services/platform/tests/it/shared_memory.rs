//! The cache, in one process and between processes.

use std::{sync::Arc, time::Duration};

use customs_kernel::ManualClock;
use customs_platform::{
    Cache,
    cache::{local::LocalCache, redis::RedisCache},
};
use customs_testkit::Servers;
use tokio_util::sync::CancellationToken;

const LIFE: Duration = Duration::from_mins(1);

async fn behaves(cache: &dyn Cache) {
    assert_eq!(cache.get("a").await, None);
    cache.put("a", "1", LIFE).await;
    assert_eq!(cache.get("a").await.as_deref(), Some("1"));
    assert_eq!(cache.first("nonce", LIFE).await, Some(true));
    assert_eq!(cache.first("nonce", LIFE).await, Some(false));
    assert_eq!(cache.count("n", LIFE).await, Some(1));
    assert_eq!(cache.count("n", LIFE).await, Some(2));
    assert!(cache.ready().await);
}

#[tokio::test]
async fn memory_of_one_process() {
    let clock = Arc::new(ManualClock::at(crate::world::START));
    let given: Arc<dyn customs_kernel::Clock> = Arc::<ManualClock>::clone(&clock);
    let cache = LocalCache::new(given);
    behaves(&cache).await;
    clock.advance(chrono::TimeDelta::seconds(61));
    assert_eq!(cache.get("a").await, None);
    assert_eq!(cache.first("nonce", LIFE).await, Some(true));
    let mut ear = cache.listen();
    cache.whisper("topic", "text").await;
    assert_eq!(ear.recv().await.unwrap().topic, "topic");
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_between_processes() {
    let space = tokio::task::spawn_blocking(|| Servers::start().unwrap().space().unwrap()).await.unwrap();
    let cache = Arc::new(RedisCache::new(space.redis_url()).unwrap());
    behaves(cache.as_ref()).await;
    let (hearing, stop) = (Arc::clone(&cache), CancellationToken::new());
    let mut ear = cache.listen();
    let until = stop.clone();
    tokio::spawn(async move { hearing.hear(until).await });
    // A whisper may get lost until the other side listens: it is repeated until it is heard.
    let heard = async {
        loop {
            cache.whisper(space.name(), "text").await;
            if let Ok(Ok(whisper)) = tokio::time::timeout(Duration::from_millis(50), ear.recv()).await
                && whisper.topic == space.name()
            {
                return whisper.text;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(10), heard).await.unwrap(), "text");
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_is_down_answers_nothing_and_soon() {
    let cache = RedisCache::new("redis://127.0.0.1:1/0").unwrap();
    cache.put("a", "1", LIFE).await;
    assert_eq!(cache.get("a").await, None);
    assert_eq!(cache.first("nonce", LIFE).await, None);
    assert!(!cache.ready().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn installations_on_one_server_do_not_hear_each_other() {
    let spaces = tokio::task::spawn_blocking(|| {
        let servers = Servers::start().unwrap();
        [servers.space().unwrap(), servers.space().unwrap()]
    });
    let [ours, theirs] = spaces.await.unwrap();
    let [ours, theirs] =
        [ours.redis_url(), theirs.redis_url()].map(|url| Arc::new(RedisCache::new(url).unwrap()));
    let (hearing, stop) = (Arc::clone(&ours), CancellationToken::new());
    let (mut ear, until) = (ours.listen(), stop.clone());
    tokio::spawn(async move { hearing.hear(until).await });
    let heard = async {
        loop {
            theirs.whisper("topic", "not for us").await;
            ours.whisper("topic", "for us").await;
            if let Ok(Ok(whisper)) = tokio::time::timeout(Duration::from_millis(50), ear.recv()).await {
                return whisper.text;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(10), heard).await.unwrap(), "for us");
    theirs.whisper("topic", "not for us").await;
    ours.whisper("topic", "the end").await;
    let mut last = String::new();
    while last != "the end" {
        last = ear.recv().await.unwrap().text;
        assert_ne!(last, "not for us");
    }
    stop.cancel();
}
