//! A guarantees service with a database of its own, a clock that stands still and an inbox.

use std::{env, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use customs_guarantees::{Config, NAME};
use customs_guarantees_contract::{
    ApproveGuarantee, GuaranteeContract, GuaranteeDetail, GuaranteeMoney, IssuedGuarantee, ProposeGuarantee,
    ReconcileGuarantee,
    bus::{FREE, FREED, Free, Freed, HELD, HOLD, HOLD_REFUSED, Held, Hold, HoldPart, HoldRefused},
};
use customs_kernel::{
    Actor, Caller, Currency, Grn, ManualClock, Money, Mrn, Problem, Role, UseCase, id::uuid_at,
};
use customs_platform::{
    Desk, Kind, Message, Ports, Rings, Service, Store,
    bus::Delivers,
    cache::local::LocalCache,
    store::{Place, create_schema},
    timer,
};
use sea_orm::{ConnectionTrait, Statement};
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use uuid::Uuid;

/// The holder of the transit procedure in these tests.
pub(crate) const OWNER: &str = "KZ200000000001";
/// The insurer in these tests.
pub(crate) const INSURER: &str = "KZ100000000001";

/// A guarantees service.
pub(crate) struct World {
    pub(crate) store: Store,
    clock: Arc<ManualClock>,
    desk: Desk,
    inbox: Arc<dyn Delivers>,
    rings: Arc<dyn Rings>,
    _dir: TempDir,
}

/// Runs `test` on SQLite, and on PostgreSQL where one is named.
pub(crate) async fn everywhere(name: &str, test: impl AsyncFn(World)) {
    let dir = tempfile::tempdir().unwrap();
    test(World::at(&Place::Sqlite(dir.path().join("guarantees.db")), dir).await).await;
    match env::var("ECUSTOMS_TEST_POSTGRES_URL") {
        Ok(url) => {
            let unique = tempfile::tempdir().unwrap();
            let unique = unique.path().file_name().unwrap().to_string_lossy().replace('.', "_");
            let schema = format!("g_{name}{unique}");
            let place = Place::Postgres { url, schema, connections_max: 16 };
            create_schema(&place).await.unwrap();
            test(World::at(&place, tempfile::tempdir().unwrap()).await).await;
        }
        Err(_) => println!("skipped on PostgreSQL: ECUSTOMS_TEST_POSTGRES_URL is not set"),
    }
}

impl World {
    async fn at(place: &Place, dir: TempDir) -> Self {
        let clock = Arc::new(ManualClock::at("2026-06-01T08:00:00Z".parse().unwrap()));
        let store = Store::open(NAME, place, Arc::<ManualClock>::clone(&clock)).await.unwrap();
        customs_migrations::migrate(NAME, store.reader()).await.unwrap();
        let desk = Desk::new(None);
        let ports = Ports {
            store: store.clone(),
            cache: Arc::new(LocalCache::new(Arc::<ManualClock>::clone(&clock))),
            desk: desk.clone(),
            clock: Arc::<ManualClock>::clone(&clock),
        };
        let config = Config { country: "KZ".to_owned(), utc_offset_minutes: 300 };
        let (_, service): (_, Service) = customs_guarantees::service(ports, &config).unwrap();
        let (inbox, rings) = (service.inbox().unwrap(), service.rings.clone().unwrap());
        desk.open(service.use_cases);
        Self { store, clock, desk, inbox, rings, _dir: dir }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        customs_kernel::Clock::now(self.clock.as_ref())
    }

    /// Moves the clock and rings what is due.
    pub(crate) async fn advance(&self, step: TimeDelta) {
        self.clock.advance(step);
        timer::ring_due(&self.store, self.rings.as_ref()).await.unwrap();
    }

    /// Moves the clock by a second.
    pub(crate) fn tick(&self) {
        self.clock.advance(TimeDelta::seconds(1));
    }

    pub(crate) async fn ask<U: UseCase>(&self, who: &Caller, ask: U) -> Result<U::Output, Problem> {
        self.desk.ask(who, ask).await
    }

    /// An approved guarantee of `kind` over `amount` euro of the owner, with its access code.
    pub(crate) async fn approved(&self, kind: &str, amount: &str) -> (Grn, String) {
        self.approved_for(kind, amount, |_| ()).await
    }

    /// The same, after `change` of the proposal.
    pub(crate) async fn approved_for(
        &self,
        kind: &str,
        amount: &str,
        change: impl FnOnce(&mut ProposeGuarantee),
    ) -> (Grn, String) {
        let mut proposal = proposal(kind, amount);
        change(&mut proposal);
        let proposed = self.ask(&insurer(), proposal).await.unwrap();
        let issued = self.approve(proposed.id).await.unwrap();
        let grn = issued.guarantee.grn.unwrap().parse().unwrap();
        (grn, issued.access_code.unwrap_or_default())
    }

    pub(crate) async fn approve(&self, id: Uuid) -> Result<IssuedGuarantee, Problem> {
        self.ask(&officer(), ApproveGuarantee { reference: id.to_string(), version: None }).await
    }

    pub(crate) async fn detail(&self, grn: &Grn) -> GuaranteeContract {
        self.ask(&officer(), GuaranteeDetail { reference: grn.to_string() }).await.unwrap()
    }

    /// What is available and what is held, as decimals.
    pub(crate) async fn balance(&self, grn: &Grn) -> [String; 2] {
        let detail = self.detail(grn).await;
        [detail.available.amount, detail.running_total.amount]
    }

    /// Checks that running balance, postings and open holds of `grn` agree.
    pub(crate) async fn assert_reconciled(&self, grn: &Grn) {
        let ask = ReconcileGuarantee { reference: grn.to_string() };
        let told = self.ask(&officer(), ask).await.unwrap();
        assert!(told.balanced, "{told:?}");
    }

    /// Delivers a command of `body` that was given at `said_at`, under the message id `id`.
    pub(crate) async fn deliver(
        &self,
        id: Uuid,
        name: &str,
        mrn: &str,
        body: String,
        said_at: DateTime<Utc>,
    ) {
        self.inbox.deliver(vec![message(id, name, mrn, body, said_at)]).await;
    }

    pub(crate) async fn deliver_all(&self, messages: Vec<Message>) {
        self.inbox.deliver(messages).await;
    }

    /// Orders to hold and tells the answer; none where there was none.
    pub(crate) async fn hold(&self, ask: &Hold) -> Option<Result<Held, HoldRefused>> {
        self.hold_said(ask, self.now()).await
    }

    /// The same, for an order that was given at `said_at`.
    pub(crate) async fn hold_said(
        &self,
        ask: &Hold,
        said_at: DateTime<Utc>,
    ) -> Option<Result<Held, HoldRefused>> {
        let body = serde_json::to_string(ask).unwrap();
        self.deliver(uuid_at(self.now()), HOLD, &ask.mrn, body, said_at).await;
        let told = self.told().await;
        let held = told.iter().find(|(name, _)| name == HELD).map(|(_, body)| Ok(read(body)));
        let refused = || told.iter().find(|(name, _)| name == HOLD_REFUSED).map(|(_, body)| Err(read(body)));
        held.or_else(refused)
    }

    /// Orders to free for `reason` and tells what was told.
    pub(crate) async fn free(&self, mrn: &str, reason: &str) -> Vec<(String, String)> {
        let ask = Free { movement: Uuid::nil(), mrn: mrn.to_owned(), reason: reason.to_owned() };
        let body = serde_json::to_string(&ask).unwrap();
        self.deliver(uuid_at(self.now()), FREE, mrn, body, self.now()).await;
        let told = self.told().await;
        let freed: Vec<Freed> =
            told.iter().filter(|(name, _)| name == FREED).map(|(_, body)| read(body)).collect();
        assert_eq!(freed.len(), 1, "an order to free is always answered");
        told
    }

    /// What was told since it was last looked: name and body.
    pub(crate) async fn told(&self) -> Vec<(String, String)> {
        let reader = self.store.reader();
        let backend = reader.get_database_backend();
        let sql = "SELECT name, body FROM outbox ORDER BY seq";
        let rows = reader.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        let told = rows
            .iter()
            .map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "body").unwrap()))
            .collect();
        reader.execute_raw(Statement::from_string(backend, "DELETE FROM outbox")).await.unwrap();
        told
    }

    /// The number that `sql` selects as `n`.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let reader = self.store.reader();
        let statement = Statement::from_string(reader.get_database_backend(), sql);
        reader.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    /// No message was parked.
    pub(crate) async fn assert_nothing_parked(&self) {
        assert_eq!(self.number("SELECT COUNT(*) AS n FROM dead_letters").await, 0);
    }
}

pub(crate) fn message(id: Uuid, name: &str, mrn: &str, body: String, said_at: DateTime<Utc>) -> Message {
    Message {
        id,
        name: name.to_owned(),
        kind: Kind::Command,
        aggregate: mrn.to_owned(),
        saga: Some(Uuid::nil()),
        correlation_id: "test".to_owned(),
        traceparent: None,
        occurred_at: said_at,
        body,
    }
}

pub(crate) fn read<T: DeserializeOwned>(body: &str) -> T {
    serde_json::from_str(body).unwrap()
}

/// A GRN that no guarantee has.
pub(crate) fn unknown() -> String {
    Grn::compose(2026, "KZ", "000000000099").unwrap().to_string()
}

/// What was told under `name`, of all that was told.
pub(crate) fn of<T: DeserializeOwned>(told: &[(String, String)], name: &str) -> Vec<T> {
    told.iter().filter(|(own, _)| own == name).map(|(_, body)| read(body)).collect()
}

pub(crate) fn mrn(number: u32) -> String {
    Mrn::compose(2026, "KZ", &format!("{number:012}"), 'J').unwrap().to_string()
}

/// An order of movement `number` to hold `euro` cents of each of `guarantees`.
pub(crate) fn order(number: u32, guarantees: &[(&Grn, &str, i64)]) -> Hold {
    let parts = guarantees.iter().map(|(grn, code, minor)| part("1", grn, code, Some(*minor)));
    Hold {
        movement: Uuid::from_u128(u128::from(number)),
        mrn: mrn(number),
        holder: OWNER.parse().unwrap(),
        countries: vec!["KG".to_owned(), "UZ".to_owned()],
        attempt: 1,
        guarantees: parts.collect(),
    }
}

pub(crate) fn part(kind: &str, grn: &Grn, code: &str, minor: Option<i64>) -> HoldPart {
    HoldPart {
        guarantee_type: kind.to_owned(),
        grn: Some(grn.to_string()),
        access_code: Some(code.to_owned()),
        other_reference: None,
        amount: minor.map(|minor| Money::new(minor, Currency::EUR)),
    }
}

pub(crate) fn codes(answer: Option<Result<Held, HoldRefused>>) -> Vec<String> {
    answer.unwrap().unwrap_err().reasons.into_iter().map(|reason| reason.code).collect()
}

pub(crate) fn euro(amount: &str) -> GuaranteeMoney {
    GuaranteeMoney { amount: amount.to_owned(), currency: "EUR".to_owned() }
}

pub(crate) fn proposal(kind: &str, amount: &str) -> ProposeGuarantee {
    ProposeGuarantee {
        guarantee_type: kind.to_owned(),
        guarantor_kind: Some("insurer".to_owned()),
        owner: OWNER.to_owned(),
        office_of_guarantee: "KZ000100".to_owned(),
        insured_amount: euro(amount),
        valid_from: "2026-01-01".parse().unwrap(),
        valid_until: "2026-12-31".parse().unwrap(),
        payment_terms: "Within 30 days of the first demand.".to_owned(),
        liabilities: "Customs duties and other charges of transit.".to_owned(),
        not_valid_in: None,
        warn_at_percent: None,
    }
}

fn who(subject: &str, party: Option<&str>, role: Role) -> Caller {
    let actor = Actor {
        subject: subject.to_owned(),
        party: party.map(|party| party.parse().unwrap()),
        roles: vec![role],
        offices: Vec::new(),
    };
    Caller::new(actor, "test")
}

pub(crate) fn insurer() -> Caller {
    who("insurer-1", Some(INSURER), Role::Guarantor)
}

pub(crate) fn other_insurer() -> Caller {
    who("insurer-2", Some("KZ100000000002"), Role::Guarantor)
}

pub(crate) fn owner() -> Caller {
    who("declarant-1", Some(OWNER), Role::Declarant)
}

pub(crate) fn other_owner() -> Caller {
    who("declarant-2", Some("KZ200000000002"), Role::Declarant)
}

pub(crate) fn officer() -> Caller {
    who("officer-1", None, Role::OfficerOfDeparture)
}

pub(crate) fn administrator() -> Caller {
    who("administrator-1", None, Role::Administrator)
}
