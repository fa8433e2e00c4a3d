//! RabbitMQ: what is confirmed arrives, in order, once in effect, also after the broker was killed.

use std::{sync::Arc, time::Duration};

use customs_platform::{
    Receives,
    bus::{Bus, Delivers, Subscription, rabbit::RabbitBus},
    inbox::Inbox,
    outbox,
};
use customs_testkit::{Server, Servers};
use tokio_util::sync::CancellationToken;

use crate::world::{Diary, World};

const SUBSCRIPTION: Subscription = Subscription { service: "statistics", names: &["test.said"] };

fn flows(world: &World, bus: Arc<dyn Bus>, diary: &Arc<Diary>, stop: &CancellationToken) {
    let receives: Arc<dyn Receives> = Arc::<Diary>::clone(diary);
    let inbox: Arc<dyn Delivers> = Arc::new(Inbox::new(world.receiver.clone(), receives));
    let until = stop.clone();
    tokio::spawn(async move { bus.consume(SUBSCRIPTION, inbox, until).await });
}

async fn heard(diary: &Diary, count: usize) -> Vec<String> {
    let patience = tokio::time::Instant::now() + Duration::from_mins(1);
    while diary.heard().len() < count && tokio::time::Instant::now() < patience {
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    diary.heard()
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmed_messages_arrive_in_the_order_of_their_aggregate() {
    let world = World::embedded().await;
    let space = tokio::task::spawn_blocking(|| Servers::start().unwrap().space().unwrap()).await.unwrap();
    let bus: Arc<dyn Bus> = Arc::new(RabbitBus::new(space.rabbitmq_url(), 2, vec![SUBSCRIPTION]));
    let (diary, stop) = (Arc::new(Diary::default()), CancellationToken::new());
    flows(&world, Arc::clone(&bus), &diary, &stop);
    let texts: Vec<String> = (0..300).map(|number| format!("{number:04}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    world.say("a", &texts).await;
    assert_eq!(outbox::drain(&world.sender, bus.as_ref()).await.unwrap(), 300);
    assert_eq!(heard(&diary, 300).await, texts);
    assert!(bus.ready().await);
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_the_broker_is_killed() {
    let world = World::embedded().await;
    let servers = tokio::task::spawn_blocking(|| Servers::private().unwrap()).await.unwrap();
    let (servers, space) =
        tokio::task::spawn_blocking(move || servers.space().map(|space| (servers, space)).unwrap())
            .await
            .unwrap();
    let bus: Arc<dyn Bus> = Arc::new(RabbitBus::new(space.rabbitmq_url(), 2, vec![SUBSCRIPTION]));
    let (diary, stop) = (Arc::new(Diary::default()), CancellationToken::new());
    flows(&world, Arc::clone(&bus), &diary, &stop);
    world.say("a", &["before"]).await;
    outbox::drain(&world.sender, bus.as_ref()).await.unwrap();
    assert_eq!(heard(&diary, 1).await, ["before"]);

    let servers =
        tokio::task::spawn_blocking(move || servers.kill(Server::RabbitMq).map(|()| servers).unwrap())
            .await
            .unwrap();
    world.say("a", &["during"]).await;
    assert!(outbox::drain(&world.sender, bus.as_ref()).await.is_err());
    assert_eq!(outbox::waiting(&world.sender).await.unwrap(), 1, "the outbox keeps what is not confirmed");

    let _servers =
        tokio::task::spawn_blocking(move || servers.revive(Server::RabbitMq).map(|()| servers).unwrap())
            .await
            .unwrap();
    let patience = tokio::time::Instant::now() + Duration::from_mins(1);
    while outbox::drain(&world.sender, bus.as_ref()).await.is_err() && tokio::time::Instant::now() < patience
    {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(heard(&diary, 2).await, ["before", "during"]);
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lost_broker_had_confirmed_is_told_again_and_takes_effect_once() {
    let world = World::on_server().await;
    let empty = || async {
        tokio::task::spawn_blocking(|| Servers::start().unwrap().space().unwrap()).await.unwrap()
    };
    let (lost, fresh) = (empty().await, empty().await);
    let to = |url: &str| -> Arc<dyn Bus> { Arc::new(RabbitBus::new(url, 2, vec![SUBSCRIPTION])) };
    let (diary, stop) = (Arc::new(Diary::default()), CancellationToken::new());
    // One is acted on; two are confirmed while nobody listens, and one waits still when the broker is lost.
    let before = to(lost.rabbitmq_url());
    world.say("a", &["one"]).await;
    outbox::drain(&world.sender, before.as_ref()).await.unwrap();
    flows(&world, Arc::clone(&before), &diary, &stop);
    assert_eq!(heard(&diary, 1).await, ["one"]);
    stop.cancel();
    let nobody = empty().await;
    let elsewhere = to(nobody.rabbitmq_url());
    world.advance(60);
    let since = customs_kernel::Clock::now(world.clock.as_ref());
    world.say("a", &["two", "three"]).await;
    outbox::drain(&world.sender, elsewhere.as_ref()).await.unwrap();
    world.say("a", &["four"]).await;

    assert_eq!(outbox::tell_again(&world.sender, since).await.unwrap(), 2);
    assert_eq!(outbox::tell_again(&world.sender, since).await.unwrap(), 0, "they wait already");
    let (after, stop) = (to(fresh.rabbitmq_url()), CancellationToken::new());
    flows(&world, Arc::clone(&after), &diary, &stop);
    outbox::drain(&world.sender, after.as_ref()).await.unwrap();
    assert_eq!(heard(&diary, 4).await, ["one", "two", "three", "four"], "in their old order");

    // And all of it once more: nobody acts twice.
    assert_eq!(outbox::tell_again(&world.sender, crate::world::START).await.unwrap(), 4);
    world.say("a", &["five"]).await;
    outbox::drain(&world.sender, after.as_ref()).await.unwrap();
    assert_eq!(heard(&diary, 5).await, ["one", "two", "three", "four", "five"]);
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_kept_for_three_days_after_they_were_told() {
    let world = World::on_server().await;
    world.say("a", &["one"]).await;
    world.carry().await;
    world.advance(3 * 86_400 - 1);
    customs_platform::housekeeping::sweep(&world.sender).await.unwrap();
    assert_eq!(outbox::tell_again(&world.sender, crate::world::START).await.unwrap(), 1);
    world.carry().await;
    world.advance(3 * 86_400 + 1);
    customs_platform::housekeeping::sweep(&world.sender).await.unwrap();
    assert_eq!(outbox::tell_again(&world.sender, crate::world::START).await.unwrap(), 0);
}
