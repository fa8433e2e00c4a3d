//! A saga goes forward, waits, and undoes what it has done.

use std::sync::Mutex;

use async_trait::async_trait;
use customs_kernel::{
    id::uuid_at,
    saga::{Answer, Command, Saga, Step, Then, Undo},
};
use customs_platform::{Conductor, Failure, Kind, Message, Orchestrates, Store, Work, saga};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::world::World;

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Trip {
    town: String,
    /// What the traveller decides when packing.
    pack: String,
}

static SAGA: Saga<Trip> = Saga {
    name: "trip",
    version: 1,
    steps: &[
        Step::ask(
            "book",
            |trip| Command::new("hotel.book", &trip.town),
            &[Answer::new("hotel.booked", Then::Next), Answer::new("hotel.full", Then::Wait)],
            Undo::Ask(|trip| Command::new("hotel.cancel", &trip.town)),
        ),
        Step::decide("pack", Undo::Nothing("a bag may stay packed")),
        Step::decide("leave", Undo::NeverAgain),
    ],
};

const _: () = SAGA.check();

#[derive(Default)]
struct Traveller {
    decided: Mutex<Vec<&'static str>>,
}

#[async_trait]
impl Orchestrates for Traveller {
    type Facts = Trip;

    fn saga(&self) -> &'static Saga<Trip> {
        &SAGA
    }

    async fn hear(&self, _: &mut Work, _: &'static str, _: &Message, _: &mut Trip) -> Result<(), Failure> {
        Ok(())
    }

    async fn decide(&self, _: &mut Work, step: &'static str, trip: &mut Trip) -> Result<Then, Failure> {
        self.decided.lock().unwrap().push(step);
        Ok(match (step, trip.pack.as_str()) {
            ("pack", "wait") => Then::Wait,
            ("pack", "stay") => Then::Unwind,
            _ => Then::Next,
        })
    }
}

fn answer(saga: Uuid, name: &str) -> Message {
    let at = crate::world::START;
    Message {
        id: uuid_at(at),
        name: name.to_owned(),
        kind: Kind::Reply,
        aggregate: "trip".to_owned(),
        saga: Some(saga),
        correlation_id: "c".to_owned(),
        traceparent: None,
        occurred_at: at,
        body: "null".to_owned(),
    }
}

async fn start(conductor: &Conductor<Traveller>, store: &Store, pack: &str) -> Uuid {
    let mut work = store.begin("start", "c").await.unwrap();
    let trip = Trip { town: "Taraz".to_owned(), pack: pack.to_owned() };
    let id = conductor.start(&mut work, "trip", trip).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn hear(conductor: &Conductor<Traveller>, store: &Store, message: &Message) {
    let mut work = store.begin("hear", "c").await.unwrap();
    conductor.hear(&mut work, message).await.unwrap();
    work.commit().await.unwrap();
}

async fn column(store: &Store, sql: &str) -> Vec<String> {
    let backend = store.reader().get_database_backend();
    let rows = store.reader().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn commands(store: &Store) -> Vec<String> {
    column(store, "SELECT name FROM outbox ORDER BY seq").await
}

async fn status(store: &Store) -> Vec<String> {
    column(store, "SELECT status FROM sagas").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saga_goes_forward_by_the_answers_it_accepts() {
    World::both(async |world| {
        let conductor = Conductor::new(Traveller::default());
        let id = start(&conductor, &world.sender, "now").await;
        hear(&conductor, &world.sender, &answer(id, "hotel.unheard-of")).await;
        assert_eq!(status(&world.sender).await, ["running"]);
        hear(&conductor, &world.sender, &answer(id, "hotel.booked")).await;
        assert_eq!(status(&world.sender).await, ["done"]);
        hear(&conductor, &world.sender, &answer(id, "hotel.booked")).await;
        assert_eq!(*conductor.orchestrator().decided.lock().unwrap(), ["pack", "leave"]);
        assert_eq!(commands(&world.sender).await, ["hotel.book"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_saga_asks_again_when_it_is_resumed() {
    World::both(async |world| {
        let conductor = Conductor::new(Traveller::default());
        let id = start(&conductor, &world.sender, "now").await;
        hear(&conductor, &world.sender, &answer(id, "hotel.full")).await;
        assert_eq!(status(&world.sender).await, ["waiting"]);
        let mut work = world.sender.begin("resume", "c").await.unwrap();
        conductor.resume(&mut work, id, |trip| "Osh".clone_into(&mut trip.town)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(commands(&world.sender).await, ["hotel.book", "hotel.book"]);
        let bodies = column(&world.sender, "SELECT body FROM outbox ORDER BY seq").await;
        assert_eq!(bodies, ["\"Taraz\"", "\"Osh\""]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_says_no_undoes_what_was_done() {
    World::both(async |world| {
        let conductor = Conductor::new(Traveller::default());
        let id = start(&conductor, &world.sender, "stay").await;
        hear(&conductor, &world.sender, &answer(id, "hotel.booked")).await;
        assert_eq!(commands(&world.sender).await, ["hotel.book", "hotel.cancel"]);
        assert_eq!(status(&world.sender).await, ["undone"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unwound_saga_is_deaf_and_undone_once() {
    World::both(async |world| {
        let conductor = Conductor::new(Traveller::default());
        let id = start(&conductor, &world.sender, "wait").await;
        for _ in 0..2 {
            let mut work = world.sender.begin("unwind", "c").await.unwrap();
            conductor.unwind(&mut work, id).await.unwrap();
            work.commit().await.unwrap();
        }
        hear(&conductor, &world.sender, &answer(id, "hotel.booked")).await;
        assert_eq!(commands(&world.sender).await, ["hotel.book", "hotel.cancel"]);
        assert!(conductor.orchestrator().decided.lock().unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_proceeds_past_its_step() {
    World::both(async |world| {
        let conductor = Conductor::new(Traveller::default());
        let id = start(&conductor, &world.sender, "wait").await;
        hear(&conductor, &world.sender, &answer(id, "hotel.booked")).await;
        assert_eq!(status(&world.sender).await, ["waiting"]);
        let mut work = world.sender.begin("proceed", "c").await.unwrap();
        conductor.proceed(&mut work, id, |_| ()).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(*conductor.orchestrator().decided.lock().unwrap(), ["pack", "leave"]);
        assert_eq!(status(&world.sender).await, ["done"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_without_an_answer_is_sent_again_when_patience_ends() {
    World::both(async |world| {
        let conductor = Conductor::new(Traveller::default());
        let id = start(&conductor, &world.sender, "now").await;
        world.advance(119);
        assert_eq!(conductor.remind(&world.sender).await.unwrap(), 0);
        world.advance(1);
        assert_eq!(conductor.remind(&world.sender).await.unwrap(), 1);
        assert_eq!(conductor.remind(&world.sender).await.unwrap(), 0, "patience begins anew");
        assert_eq!(commands(&world.sender).await, ["hotel.book", "hotel.book"]);
        hear(&conductor, &world.sender, &answer(id, "hotel.booked")).await;
        world.advance(600);
        assert_eq!(conductor.remind(&world.sender).await.unwrap(), 0, "an answered saga needs no reminder");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sagas_that_are_answered_together_are_read_together_and_go_their_own_ways() {
    World::both(async |world| {
        let conductor = Conductor::new(Traveller::default());
        let now = start(&conductor, &world.sender, "now").await;
        let wait = start(&conductor, &world.sender, "wait").await;
        let answers =
            [answer(now, "hotel.booked"), answer(wait, "hotel.booked"), answer(now, "hotel.booked")];
        let mut work = world.sender.begin("hear", "c").await.unwrap();
        saga::gather(&work, &answers.iter().collect::<Vec<_>>()).await.unwrap();
        for answer in &answers {
            conductor.hear(&mut work, answer).await.unwrap();
        }
        work.commit().await.unwrap();
        assert_eq!(*conductor.orchestrator().decided.lock().unwrap(), ["pack", "leave", "pack"]);
        assert_eq!(
            column(&world.sender, "SELECT status FROM sagas ORDER BY status").await,
            ["done", "waiting"]
        );
    })
    .await;
}
