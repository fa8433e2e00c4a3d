//! A notifications service on an empty store.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use customs_declarations_contract::bus::{MESSAGE_ISSUED, MOVEMENT_CHANGED, MessageIssued, MovementChanged};
use customs_kernel::{Actor, Caller, Clock, ManualClock, Problem, Role, UseCase};
use customs_notifications::{App, Config};
use customs_notifications_contract::{
    NotificationPage, PullNotifications, RegisterWebhook, RegisteredWebhook,
};
use customs_platform::{
    Cache, Desk, Kind, Message, Ports, Service, Store,
    bus::Delivers,
    cache::local::LocalCache,
    store::{Place, create_schema},
};
use customs_signatures::{
    Seal,
    issue::{Authority, KeyKind, Subject, Usage, Validity},
};
use serde::Serialize;
use tempfile::TempDir;
use uuid::Uuid;

/// The service, the way in from the bus, the desk to ask it and what moves it.
pub(crate) struct Stand {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) cache: Arc<LocalCache>,
    pub(crate) inbox: Arc<dyn Delivers>,
    pub(crate) seal: Arc<Seal>,
    desk: Desk,
    _service: Service,
    _dir: TempDir,
}

async fn open(place: &Place, dir: TempDir, loopback: bool) -> Stand {
    let clock = Arc::new(ManualClock::at("2026-11-20T08:00:00Z".parse().unwrap()));
    let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
    create_schema(place).await.unwrap();
    let store = Store::open(customs_notifications::NAME, place, Arc::clone(&shared)).await.unwrap();
    customs_migrations::migrate(customs_notifications::NAME, store.reader()).await.unwrap();
    let desk = Desk::new(None);
    let cache = Arc::new(LocalCache::new(Arc::clone(&shared)));
    let port: Arc<dyn Cache> = Arc::<LocalCache>::clone(&cache);
    let ports = Ports { store, cache: port, desk: desk.clone(), clock: Arc::clone(&shared) };
    let (seal, attempt_timeout) = (seal(clock.now()), Duration::from_secs(5));
    let sealing = Arc::clone(&seal);
    let config = Config { loopback, attempt_timeout, seal, wire_clock: shared };
    let (app, mut service) = customs_notifications::service(ports, config).unwrap();
    desk.open(std::mem::take(&mut service.use_cases));
    let inbox = service.inbox().unwrap();
    Stand { app, clock, cache, inbox, seal: sealing, desk, _service: service, _dir: dir }
}

/// A seal with a key that is good around `now`.
fn seal(now: DateTime<Utc>) -> Arc<Seal> {
    let validity = Validity { not_before: now - TimeDelta::days(1), not_after: now + TimeDelta::days(60) };
    let root = Authority::root("Root", KeyKind::P256, validity).unwrap();
    let name = Subject { common_name: "Seal".to_owned(), ..Subject::default() };
    let key = root.issue(&name, Usage::Signing, KeyKind::P256, validity).unwrap();
    Arc::new(Seal::new(vec![key]).unwrap())
}

async fn all(loopback: bool) -> Vec<Stand> {
    let dir = tempfile::tempdir().unwrap();
    let mut stands = vec![open(&Place::Sqlite(dir.path().join("notifications.db")), dir, loopback).await];
    let url = std::env::var("ECUSTOMS_TEST_POSTGRES_URL").or_else(|_| std::env::var("ECUSTOMS_POSTGRES_URL"));
    if let Ok(url) = url {
        let schema = format!("notifications_{}", Uuid::now_v7().simple());
        let place = Place::Postgres { url, schema, connections_max: 8 };
        stands.push(open(&place, tempfile::tempdir().unwrap(), loopback).await);
    } else {
        println!("PostgreSQL is skipped: ECUSTOMS_TEST_POSTGRES_URL is not set");
    }
    stands
}

/// A sandbox on SQLite, and one on PostgreSQL where the environment names a server.
pub(crate) async fn stands() -> Vec<Stand> {
    all(true).await
}

/// The same, as strict about addresses as a running suite.
pub(crate) async fn strict_stands() -> Vec<Stand> {
    all(false).await
}

/// A participant.
pub(crate) fn party(eori: &str) -> Caller {
    let mut actor = Actor::anonymous();
    actor.party = Some(eori.parse().unwrap());
    actor.roles = vec![Role::Declarant];
    Caller::new(actor, "test")
}

/// An officer who serves at `offices`.
pub(crate) fn officer(offices: &[&str]) -> Caller {
    let mut actor = Actor::anonymous();
    actor.offices = offices.iter().map(|office| office.parse().unwrap()).collect();
    actor.roles = vec![Role::OfficerOfDeparture];
    Caller::new(actor, "test")
}

impl Stand {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn later(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    pub(crate) async fn ask<U: UseCase>(&self, caller: &Caller, ask: U) -> Result<U::Output, Problem> {
        self.desk.ask(caller, ask).await
    }

    pub(crate) async fn deliver(&self, batch: Vec<Message>) {
        self.inbox.deliver(batch).await;
    }

    pub(crate) async fn pull(&self, caller: &Caller) -> NotificationPage {
        let ask = PullNotifications { first: Some(100), ..PullNotifications::default() };
        self.ask(caller, ask).await.unwrap()
    }

    pub(crate) async fn register(&self, eori: &str, url: &str) -> RegisteredWebhook {
        self.ask(&party(eori), RegisterWebhook { url: url.to_owned(), types: None }).await.unwrap()
    }

    /// The message of type `message_type` about `movement` for `recipient`.
    pub(crate) fn issued(&self, recipient: &str, movement: Uuid, message_type: &str) -> Message {
        let fact = MessageIssued {
            message: Uuid::now_v7(),
            movement,
            side: "departure".to_owned(),
            recipient: recipient.parse().unwrap(),
            message_type: message_type.to_owned(),
            lrn: Some("LRN1".to_owned()),
            mrn: None,
            sequence: 1,
            at: self.now(),
        };
        self.message(MESSAGE_ISSUED, &movement.to_string(), &fact)
    }

    /// A change of `movement` that concerns `holder` and `parties`.
    pub(crate) fn changed(&self, holder: &str, parties: &[&str], movement: Uuid, state: &str) -> Message {
        let fact = MovementChanged {
            movement,
            holder: holder.parse().unwrap(),
            parties: parties.iter().map(|party| party.parse().unwrap()).collect(),
            lrn: "LRN1".to_owned(),
            mrn: Some("26KZ000000000001J5".to_owned()),
            state: state.to_owned(),
            sequence: 1,
            at: self.now(),
        };
        self.message(MOVEMENT_CHANGED, &movement.to_string(), &fact)
    }

    pub(crate) fn message(&self, name: &str, aggregate: &str, body: &impl Serialize) -> Message {
        Message {
            id: Uuid::now_v7(),
            name: name.to_owned(),
            kind: Kind::Event,
            aggregate: aggregate.to_owned(),
            saga: None,
            correlation_id: "correlation".to_owned(),
            traceparent: None,
            occurred_at: self.now(),
            body: serde_json::to_string(body).unwrap(),
        }
    }
}
