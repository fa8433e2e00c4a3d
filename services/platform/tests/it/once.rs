//! An effect asked for under one key happens once.

use std::sync::Arc;

use customs_kernel::{Actor, Caller, Once, UseCase, problem};
use customs_platform::{Acts, Desk, Failure, Plans, UseCases, Work};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};

use crate::world::World;

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Say {
    text: String,
}

impl UseCase for Say {
    type Output = u32;
    const NAME: &'static str = "test.say";
    const NEEDS: &'static str = "guarantee:hold";
}

#[derive(Default)]
struct Speaker(std::sync::atomic::AtomicU32);

impl Acts<Say> for Speaker {
    async fn act(&self, work: &mut Work, _: &Caller, ask: Say) -> Result<u32, Failure> {
        if ask.text == "no" {
            return Err(problem::INPUT_INVALID.because("no").at("/text").into());
        }
        if ask.text == "no, and that is on record" {
            work.tell("test.refused", "a", &ask.text)?;
            work.stand();
            return Err(problem::INPUT_INVALID.because("no").at("/text").into());
        }
        work.tell("test.said", "a", &ask.text)?;
        Ok(self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1)
    }
}

fn caller(key: &str, fingerprint: &str) -> Caller {
    let mut caller = Caller::new(Actor::service("test"), "c");
    caller.once = Some(Once { key: key.to_owned(), fingerprint: fingerprint.to_owned() });
    caller
}

fn desk(world: &World) -> Desk {
    let desk = Desk::new(None);
    desk.open(UseCases::new().acts::<Say>(&Arc::new(Speaker::default()), &world.sender));
    desk
}

fn say(text: &str) -> Say {
    Say { text: text.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_again_gets_the_same_answer_and_has_no_second_effect() {
    World::both(async |world| {
        let desk = desk(&world);
        assert_eq!(desk.ask(&caller("k", "f"), say("hello")).await, Ok(1));
        assert_eq!(desk.ask(&caller("k", "f"), say("hello")).await, Ok(1));
        assert_eq!(desk.ask(&caller("other", "f"), say("hello")).await, Ok(2));
        assert_eq!(customs_platform::outbox::waiting(&world.sender).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_not_good_for_another_request() {
    World::both(async |world| {
        let desk = desk(&world);
        desk.ask(&caller("k", "f"), say("hello")).await.unwrap();
        let refused = desk.ask(&caller("k", "g"), say("bye")).await.unwrap_err();
        assert!(refused.is(problem::KEY_REUSED), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_uses_no_key() {
    World::both(async |world| {
        let desk = desk(&world);
        let refused = desk.ask(&caller("k", "f"), say("no")).await.unwrap_err();
        assert!(refused.is(problem::INPUT_INVALID), "{refused}");
        assert_eq!(desk.ask(&caller("k", "f"), say("hello")).await, Ok(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_is_on_record_takes_effect_once_and_is_answered_alike() {
    World::both(async |world| {
        let desk = desk(&world);
        let recorded = "no, and that is on record";
        let first = desk.ask(&caller("k", "f"), say(recorded)).await.unwrap_err();
        assert!(first.is(problem::INPUT_INVALID), "{first}");
        assert_eq!(desk.ask(&caller("k", "f"), say(recorded)).await, Err(first.clone()));
        assert_eq!(customs_platform::outbox::waiting(&world.sender).await.unwrap(), 1);
        let other = desk.ask(&caller("k", "g"), say("hello")).await.unwrap_err();
        assert!(other.is(problem::KEY_REUSED), "{other}");
        let mut without = caller("k", "f");
        without.once = None;
        assert_eq!(desk.ask(&without, say(recorded)).await, Err(first));
        assert_eq!(customs_platform::outbox::waiting(&world.sender).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_twins_at_once_have_one_effect() {
    World::both(async |world| {
        let desk = desk(&world);
        let caller = caller("k", "f");
        let twins = (0..50).map(|_| desk.ask(&caller, say("hello")));
        let answers = futures_util::future::join_all(twins).await;
        let first = answers.iter().find_map(|answer| answer.as_ref().ok()).unwrap();
        for answer in &answers {
            match answer {
                Ok(number) => assert_eq!(number, first),
                Err(problem) => assert!(problem.is(problem::KEY_IN_FLIGHT), "{problem}"),
            }
        }
        assert_eq!(customs_platform::outbox::waiting(&world.sender).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lacks_the_permission_is_refused_before_anything_is_read() {
    World::both(async |world| {
        let desk = desk(&world);
        let nobody = Caller::new(Actor::anonymous(), "c");
        let refused = desk.ask(&nobody, say("hello")).await.unwrap_err();
        assert!(refused.is(problem::FORBIDDEN), "{refused}");
    })
    .await;
}

/// Gives its only ticket to whoever comes first; everybody waits for everybody before.
struct Counter(tokio::sync::Barrier);

impl Counter {
    async fn give(work: &Work) -> Result<u32, Failure> {
        let sql = "INSERT INTO timers (name, aggregate, due_at, correlation_id) VALUES ('ticket', 'a', $1, '') \
                   ON CONFLICT (name, aggregate) DO NOTHING";
        let values = [sea_orm::Value::from(work.now())];
        let backend = work.txn().get_database_backend();
        let taken = work.txn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        match taken.rows_affected() {
            1 => Ok(1),
            _ => Err(problem::VERSION_STALE.because("the ticket is gone").into()),
        }
    }
}

impl Plans<Book> for Counter {
    type Plan = ();

    async fn plan(&self, _: &Caller, _: Book) -> Result<(), Failure> {
        self.0.wait().await;
        Ok(())
    }

    async fn carry_out(&self, work: &mut Work, _: &Caller, (): ()) -> Result<u32, Failure> {
        Self::give(work).await
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Book {}

impl UseCase for Book {
    type Output = u32;
    const NAME: &'static str = "test.book";
    const NEEDS: &'static str = "guarantee:hold";
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_that_was_slower_gets_the_answer_of_the_faster_one() {
    World::both(async |world| {
        let desk = Desk::new(None);
        let counter = Arc::new(Counter(tokio::sync::Barrier::new(2)));
        desk.open(UseCases::new().plans::<Book>(&counter, &world.sender));
        let (one, other) = (caller("k", "f"), caller("k", "f"));
        let (one, other) = tokio::join!(desk.ask(&one, Book {}), desk.ask(&other, Book {}));
        assert_eq!((one, other), (Ok(1), Ok(1)), "the effect of the twin is no reason to refuse");
        let (one, other) = (caller("k2", "f"), caller("k3", "f"));
        let (one, other) = tokio::join!(desk.ask(&one, Book {}), desk.ask(&other, Book {}));
        assert!(one.is_err() && other.is_err(), "another request is refused");
    })
    .await;
}
