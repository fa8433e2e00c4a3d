//! A statistics service on an empty store.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use customs_declarations_contract::bus::MovementFact;
use customs_kernel::{Actor, Caller, Clock, ManualClock, Problem, Role, UseCase};
use customs_platform::{
    Desk, Kind, Message, Ports, Service, Store,
    bus::Delivers,
    cache::local::LocalCache,
    store::{Place, create_schema},
};
use tempfile::TempDir;
use uuid::Uuid;

/// The service, the way in from the bus and the desk to ask it.
pub(crate) struct Stand {
    pub(crate) desk: Desk,
    inbox: Arc<dyn Delivers>,
    _service: Service,
    _dir: TempDir,
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn open(place: &Place, dir: TempDir) -> Stand {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(at("2026-11-20T08:00:00Z")));
    create_schema(place).await.unwrap();
    let store = Store::open(customs_statistics::NAME, place, Arc::clone(&clock)).await.unwrap();
    customs_migrations::migrate(customs_statistics::NAME, store.reader()).await.unwrap();
    let desk = Desk::new(None);
    let cache = Arc::new(LocalCache::new(Arc::clone(&clock)));
    let ports = Ports { store, cache, desk: desk.clone(), clock };
    let (_, mut service) = customs_statistics::service(ports).unwrap();
    desk.open(std::mem::take(&mut service.use_cases));
    let inbox = service.inbox().unwrap();
    Stand { desk, inbox, _service: service, _dir: dir }
}

/// A stand on SQLite, and one on PostgreSQL where the environment names a server.
pub(crate) async fn stands() -> Vec<Stand> {
    let dir = tempfile::tempdir().unwrap();
    let mut stands = vec![open(&Place::Sqlite(dir.path().join("statistics.db")), dir).await];
    let url = std::env::var("ECUSTOMS_TEST_POSTGRES_URL").or_else(|_| std::env::var("ECUSTOMS_POSTGRES_URL"));
    if let Ok(url) = url {
        let schema = format!("statistics_{}", Uuid::now_v7().simple());
        let place = Place::Postgres { url, schema, connections_max: 8 };
        stands.push(open(&place, tempfile::tempdir().unwrap()).await);
    } else {
        println!("PostgreSQL is skipped: ECUSTOMS_TEST_POSTGRES_URL is not set");
    }
    stands
}

impl Stand {
    pub(crate) async fn deliver(&self, batch: Vec<Message>) {
        self.inbox.deliver(batch).await;
    }

    pub(crate) async fn ask<U: UseCase>(&self, ask: U) -> Result<U::Output, Problem> {
        self.desk.ask(&caller(Role::OfficerOfDeparture), ask).await
    }
}

pub(crate) fn caller(role: Role) -> Caller {
    let mut actor = Actor::anonymous();
    actor.roles = vec![role];
    Caller::new(actor, "test")
}

/// A movement of KZ to UZ through KG on `day`.
pub(crate) fn fact(day: &str) -> MovementFact {
    MovementFact {
        movement: Uuid::now_v7(),
        mrn: "26KZ000000000001J5".to_owned(),
        declaration_type: "T1".to_owned(),
        departure_office: "KZ000001".parse().unwrap(),
        destination_office: "UZ000001".parse().unwrap(),
        transit_countries: vec!["KG".to_owned()],
        items: 3,
        gross_mass_micro: 1_250_000_500,
        day: day.parse::<NaiveDate>().unwrap(),
        at: at("2026-11-20T07:00:00Z"),
    }
}

pub(crate) fn message(name: &str, fact: &MovementFact) -> Message {
    Message {
        id: Uuid::now_v7(),
        name: name.to_owned(),
        kind: Kind::Event,
        aggregate: fact.movement.to_string(),
        saga: None,
        correlation_id: "test".to_owned(),
        traceparent: None,
        occurred_at: fact.at,
        body: serde_json::to_string(fact).unwrap(),
    }
}
