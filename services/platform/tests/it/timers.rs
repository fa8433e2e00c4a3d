//! A deadline rings once after it has passed, by the clock that was given.

use std::sync::Mutex;

use async_trait::async_trait;
use chrono::TimeDelta;
use customs_platform::{Failure, Rings, Store, Timer, Work, timer::ring_due};

use crate::world::World;

#[derive(Default)]
struct Bell {
    rung: Mutex<Vec<String>>,
    broken: Mutex<bool>,
}

#[async_trait]
impl Rings for Bell {
    async fn ring(&self, _: &mut Work, timer: &Timer) -> Result<(), Failure> {
        if *self.broken.lock().unwrap() {
            return Err(Failure::Broken(anyhow::anyhow!("the bell is broken")));
        }
        self.rung.lock().unwrap().push(format!("{}/{}", timer.name, timer.aggregate));
        Ok(())
    }
}

async fn set(store: &Store, name: &str, aggregate: &str, seconds: i64) {
    let mut work = store.begin("set", "c").await.unwrap();
    let due = work.now() + TimeDelta::seconds(seconds);
    work.set_timer(name, aggregate, due);
    work.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_rings_once_when_it_has_passed() {
    World::both(async |world| {
        let bell = Bell::default();
        set(&world.sender, "late", "a", 60).await;
        set(&world.sender, "early", "a", 30).await;
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 0);
        world.advance(61);
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 2);
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 0);
        assert_eq!(*bell.rung.lock().unwrap(), ["early/a", "late/a"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_can_be_moved_and_struck_off() {
    World::both(async |world| {
        let bell = Bell::default();
        set(&world.sender, "moved", "a", 10).await;
        set(&world.sender, "moved", "a", 100).await;
        set(&world.sender, "struck", "a", 10).await;
        let mut work = world.sender.begin("strike", "c").await.unwrap();
        work.cancel_timer("struck", "a");
        work.commit().await.unwrap();
        world.advance(50);
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 0);
        world.advance(51);
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_cannot_be_acted_on_is_tried_again_later() {
    World::both(async |world| {
        let bell = Bell::default();
        set(&world.sender, "hard", "a", 1).await;
        world.advance(2);
        *bell.broken.lock().unwrap() = true;
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 1);
        *bell.broken.lock().unwrap() = false;
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 0, "not at once");
        world.advance(61);
        assert_eq!(ring_due(&world.sender, &bell).await.unwrap(), 1);
        assert_eq!(*bell.rung.lock().unwrap(), ["hard/a"]);
    })
    .await;
}
