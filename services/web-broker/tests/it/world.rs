//! A small world to test in: a store, a clock that stands still, the demo nation and rules that know one word.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use customs_declarations_contract::{CheckMessage, MessageCheck, MessageFinding};
use customs_kernel::{Actor, Caller, Clock, Eori, ManualClock, Problem, Role, UseCase};
use customs_platform::{
    Answers, Desk, Failure, Ports, Rings, Service, Store, UseCases,
    cache::local::LocalCache,
    store::{Place, create_schema},
    timer::ring_due,
};
use customs_web_broker::{NAME, seed};
use customs_web_broker_contract::{IdentifyPerson, Identity, NationalNumber};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

/// EORI of the demo declarant.
pub(crate) const DECLARANT: &str = "KZ150640012341";
/// EORI of the demo broker.
pub(crate) const BROKER: &str = "KZ090340005176";
/// EORI of the demo carrier.
pub(crate) const CARRIER: &str = "KZ110240019832";

/// One installation of the service.
pub(crate) struct World {
    pub(crate) desk: Desk,
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) names: Vec<String>,
    rings: Arc<dyn Rings>,
    _folder: TempDir,
}

/// Stands for the rules of customs: a content is valid, or they are down, if it says so.
struct Rules;

impl Answers<CheckMessage> for Rules {
    async fn answer(&self, _: &Caller, ask: CheckMessage) -> Result<MessageCheck, Failure> {
        if ask.content.contains("\"down\"") {
            return Err(Failure::Down("the rules are not at hand".to_owned()));
        }
        let valid = ask.content.contains("\"good\"");
        let finding = MessageFinding {
            code: "13".to_owned(),
            rule: Some("C0030".to_owned()),
            pointer: "/CC015C/TransitOperation/LRN".to_owned(),
            value: None,
            message: "is missing".to_owned(),
            fix: None,
            correction: None,
            line: None,
            column: None,
        };
        Ok(MessageCheck {
            message_type: Some("CC015C".to_owned()),
            phase: Some("NCTS5.1".to_owned()),
            valid,
            ruleset: "rules-1".to_owned(),
            errors: if valid { Vec::new() } else { vec![finding] },
        })
    }
}

impl World {
    /// One world a store: SQLite, and PostgreSQL where one is named.
    pub(crate) async fn all() -> Vec<Self> {
        let mut worlds = vec![Self::on(None).await];
        let url =
            std::env::var("ECUSTOMS_TEST_POSTGRES_URL").or_else(|_| std::env::var("ECUSTOMS_POSTGRES_URL"));
        match url {
            Ok(url) => worlds.push(Self::on(Some(url)).await),
            Err(_) => println!("ECUSTOMS_TEST_POSTGRES_URL is not set: tried on SQLite only"),
        }
        worlds
    }

    async fn on(postgres: Option<String>) -> Self {
        let folder = TempDir::new().unwrap();
        let place = match postgres {
            None => Place::Sqlite(folder.path().join("web-broker.sqlite")),
            Some(url) => {
                let schema = format!("web_broker_{}", Uuid::now_v7().simple());
                Place::Postgres { url, schema, connections_max: 4 }
            }
        };
        create_schema(&place).await.unwrap();
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let ticking: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let store = Store::open(NAME, &place, Arc::clone(&ticking)).await.unwrap();
        customs_migrations::migrate(NAME, store.reader()).await.unwrap();
        let desk = Desk::new(None);
        let cache = Arc::new(LocalCache::new(Arc::clone(&ticking)));
        let ports = Ports { store: store.clone(), cache, desk: desk.clone(), clock: ticking };
        let (_, service) = customs_web_broker::service(ports).unwrap();
        let Service { use_cases, rings, .. } = service;
        let names = use_cases.names().map(str::to_owned).collect();
        desk.open(use_cases.and(UseCases::new().answers::<CheckMessage>(&Arc::new(Rules))));
        seed::seed(&store).await.unwrap();
        Self { desk, store, clock, names, rings: rings.unwrap(), _folder: folder }
    }

    /// Asks on behalf of `caller`.
    pub(crate) async fn ask<U: UseCase>(&self, caller: &Caller, ask: U) -> Result<U::Output, Problem> {
        self.desk.ask(caller, ask).await
    }

    /// Asks for the use case `name` on behalf of `caller`.
    pub(crate) async fn call(&self, caller: &Caller, name: &str, ask: Value) -> Result<Value, Problem> {
        self.desk.call(caller, name, ask).await
    }

    /// Rings what is due; tells how many deadlines.
    pub(crate) async fn ring(&self) -> u32 {
        ring_due(&self.store, self.rings.as_ref()).await.unwrap()
    }

    /// The present instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Who logs in under the demo log-in `login`.
    pub(crate) async fn identity(&self, login: &str) -> Identity {
        let demo = seed::DEMO.iter().find(|demo| demo.login == login).unwrap();
        let person = NationalNumber { scheme: demo.scheme, number: demo.number.to_owned() };
        self.ask(&service(), IdentifyPerson { person, organisation: None }).await.unwrap()
    }

    /// A call by who logs in under the demo log-in `login`.
    pub(crate) async fn caller(&self, login: &str) -> Caller {
        let identity = self.identity(login).await;
        let membership = &identity.memberships[0];
        let actor = Actor {
            subject: identity.person_id.to_string(),
            party: Some(membership.eori.parse().unwrap()),
            roles: membership.roles.iter().map(|role| Role::from(*role)).collect(),
            offices: membership.offices.iter().map(|office| office.parse().unwrap()).collect(),
        };
        Caller::new(actor, "test")
    }

    /// The names and bodies of the messages told so far, in order.
    pub(crate) async fn told(&self) -> Vec<(String, Value)> {
        let backend = self.store.reader().get_database_backend();
        let sql = "SELECT name, body FROM outbox ORDER BY seq";
        let rows = self.store.reader().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        rows.iter()
            .map(|row| {
                let body: String = row.try_get("", "body").unwrap();
                (row.try_get("", "name").unwrap(), serde_json::from_str(&body).unwrap())
            })
            .collect()
    }

    /// How many rows `table` has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let backend = self.store.reader().get_database_backend();
        let sql = format!("SELECT COUNT(*) AS n FROM {table}");
        let row = self.store.reader().query_one_raw(Statement::from_string(backend, sql)).await.unwrap();
        row.unwrap().try_get("", "n").unwrap()
    }
}

/// A call by another service of the suite.
pub(crate) fn service() -> Caller {
    Caller::new(Actor::service("gateway"), "test")
}

/// A call by somebody of `role` on behalf of `party`.
pub(crate) fn somebody(role: Role, party: Option<&str>) -> Caller {
    let party = party.map(|eori| eori.parse::<Eori>().unwrap());
    let subject = Uuid::from_u128(7).to_string();
    Caller::new(Actor { subject, party, roles: vec![role], offices: Vec::new() }, "test")
}

/// The fields that a problem names.
pub(crate) fn pointers(problem: &Problem) -> Vec<&str> {
    problem.errors.iter().map(|finding| finding.pointer.as_str()).collect()
}

/// Runs each test in every world.
macro_rules! in_every_world {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: &$World:ty) $body:block)*) => {$(
        $(#[$meta])*
        #[tokio::test]
        async fn $name() {
            for world in crate::world::World::all().await {
                let $world: &$World = &world;
                $body
            }
        }
    )*};
}

pub(crate) use in_every_world;
