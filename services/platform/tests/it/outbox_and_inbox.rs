//! A fact leaves with the transaction that made it, and takes effect once.

use std::sync::Arc;

use customs_platform::outbox;

use crate::world::{Diary, World};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_committed_was_never_said() {
    World::both(async |world| {
        let diary = Arc::new(Diary::default());
        world.listen(&diary).await;
        let mut work = world.sender.begin("say", "c").await.unwrap();
        work.tell("test.said", "a", &"lost").unwrap();
        drop(work);
        assert_eq!(world.carry().await, 0);
        assert!(diary.heard().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_an_aggregate_take_effect_in_their_order() {
    World::both(async |world| {
        let diary = Arc::new(Diary::default());
        world.listen(&diary).await;
        world.say("a", &["1", "2"]).await;
        world.say("a", &["3"]).await;
        assert_eq!(world.carry().await, 3);
        assert_eq!(diary.heard(), ["1", "2", "3"]);
        assert_eq!(outbox::waiting(&world.sender).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_twice_takes_effect_once() {
    World::both(async |world| {
        let diary = Arc::new(Diary::default());
        let inbox = world.listen(&diary).await;
        let twice = message("again");
        inbox.deliver(vec![twice.clone(), message("other")]).await;
        inbox.deliver(vec![twice.clone()]).await;
        inbox.deliver(vec![twice, message("third")]).await;
        assert_eq!(diary.heard(), ["again", "other", "third"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_message_does_not_hold_up_its_batch() {
    World::both(async |world| {
        let diary = Arc::new(Diary::default());
        world.listen(&diary).await;
        diary.break_at("2");
        world.say("a", &["1", "2", "3"]).await;
        world.carry().await;
        let mut heard = diary.heard();
        // The batch was tried together first: what took effect in it was rolled back with it.
        heard.sort();
        heard.dedup();
        assert_eq!(heard, ["1", "3"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_leave_in_batches_without_loss() {
    World::both(async |world| {
        let diary = Arc::new(Diary::default());
        world.listen(&diary).await;
        let texts: Vec<String> = (0..700).map(|number| format!("{number:04}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        world.say("a", &texts).await;
        assert_eq!(world.carry().await, 700);
        assert_eq!(diary.heard(), texts);
    })
    .await;
}

pub(crate) fn message(text: &str) -> customs_platform::Message {
    let at = crate::world::START;
    customs_platform::Message {
        id: customs_kernel::id::uuid_at(at),
        name: "test.said".to_owned(),
        kind: customs_platform::Kind::Event,
        aggregate: "a".to_owned(),
        saga: None,
        correlation_id: "c".to_owned(),
        traceparent: None,
        occurred_at: at,
        body: format!("\"{text}\""),
    }
}
