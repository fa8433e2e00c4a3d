//! Stand-ins for the services: they keep a little in memory and answer as the contracts say.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use customs_declarations_contract as declarations;
use customs_guarantees_contract as guarantees;
use customs_kernel::{Caller, problem};
use customs_notifications_contract as notifications;
use customs_platform::{Acts, Answers, Failure, Store, UseCases, Work};
use customs_web_broker_contract as desk;
use uuid::Uuid;

/// The movement that every party here can see.
pub(crate) const MOVEMENT: Uuid = Uuid::from_u128(0x0193_a6f0_0000_7000_8000_0000_0000_0001);
/// A message of it.
pub(crate) const MESSAGE: Uuid = Uuid::from_u128(0x0193_a6f0_0000_7000_8000_0000_0000_0002);

/// What all stand-ins share.
#[derive(Default)]
pub(crate) struct Services {
    pub(crate) roles: Mutex<Vec<desk::MemberRole>>,
    pub(crate) organisations: Mutex<Vec<String>>,
    pub(crate) box_entries: Mutex<Vec<notifications::Notification>>,
    pub(crate) effects: AtomicU32,
    pub(crate) down: Mutex<bool>,
    pub(crate) barred: Mutex<bool>,
    pub(crate) last_caller: Mutex<Option<Caller>>,
    pub(crate) challenges: Mutex<HashSet<String>>,
    pub(crate) system_keys: Mutex<HashMap<String, Vec<u8>>>,
    pub(crate) revoked: Mutex<HashSet<String>>,
    pub(crate) nonces: Mutex<HashSet<(String, String)>>,
}

fn instant() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// The table of everything the stand-ins can be asked.
pub(crate) fn use_cases(services: &Arc<Services>, store: &Store) -> UseCases {
    UseCases::new()
        .answers::<desk::IdentifyPerson>(services)
        .answers::<declarations::FindMovement>(services)
        .answers::<declarations::ListMovements>(services)
        .answers::<declarations::ListMessages>(services)
        .answers::<declarations::FindMessage>(services)
        .answers::<declarations::MovementTimeline>(services)
        .answers::<guarantees::GuaranteeBalance>(services)
        .answers::<notifications::PullNotifications>(services)
        .answers::<desk::FindSystemKey>(services)
        .acts::<desk::SpendChallenge>(services, store)
        .acts::<desk::AdmitSystem>(services, store)
        .acts::<declarations::SubmitDeclaration>(services, store)
        .acts::<declarations::ReleaseMovement>(services, store)
        .acts::<desk::GrantDelegation>(services, store)
}

impl Services {
    /// Puts one more notification into the box.
    pub(crate) fn notify(&self) -> i64 {
        let mut entries = self.box_entries.lock().unwrap();
        let number = i64::try_from(entries.len()).unwrap() + 1;
        let id = Uuid::from_u128(u128::try_from(number).unwrap());
        entries.push(notifications::Notification {
            id,
            number,
            cursor: format!("c{number}"),
            event: notifications::CloudEvent {
                specversion: "1.0".to_owned(),
                id: id.to_string(),
                source: "/declarations".to_owned(),
                kind: "ecustoms.movement.changed".to_owned(),
                subject: None,
                time: instant(),
                datacontenttype: "application/json".to_owned(),
                boxnumber: Some(number),
                correlationid: None,
                data: serde_json::json!({}),
            },
            message: None,
            message_type: None,
            side: None,
            movement: Some(MOVEMENT),
            lrn: None,
            mrn: None,
            grn: None,
            state: Some("released".to_owned()),
            occurred_at: instant(),
            recorded_at: instant(),
            acknowledged_at: None,
        });
        number
    }

    fn check(&self, caller: &Caller) -> Result<(), Failure> {
        *self.last_caller.lock().unwrap() = Some(caller.clone());
        if *self.down.lock().unwrap() {
            Err(Failure::Down("the database is gone".to_owned()))
        } else {
            Ok(())
        }
    }
}

fn movement() -> declarations::Movement {
    declarations::Movement {
        id: MOVEMENT,
        lrn: "LRN1".to_owned(),
        mrn: Some("26KZ000000000001J7".to_owned()),
        state: "registered".to_owned(),
        version: 3,
        declaration_version: 1,
        declaration_type: "T1".to_owned(),
        additional_type: "A".to_owned(),
        holder: "KZ1".to_owned(),
        representative: None,
        departure_office: "KZ000001".to_owned(),
        destination_office: "UZ000001".to_owned(),
        offices: Vec::new(),
        items: 1,
        channel: None,
        deadline: None,
        due_at: None,
        carrier: None,
        submitted_at: instant(),
        released_at: None,
        changed_at: instant(),
    }
}

fn message(format: Option<declarations::MessageFormat>) -> declarations::MovementMessage {
    let json = format == Some(declarations::MessageFormat::Json);
    declarations::MovementMessage {
        id: MESSAGE,
        movement: MOVEMENT,
        sequence: 1,
        message_type: "CC015C".to_owned(),
        direction: "received".to_owned(),
        status: "success".to_owned(),
        at: instant(),
        answers: None,
        format: format.map(|_| if json { "json" } else { "xml" }.to_owned()),
        body: format.map(|_| if json { r#"{"n1:CC015C":{}}"# } else { "<CC015C/>" }.to_owned()),
        signature_report: None,
    }
}

impl Answers<desk::IdentifyPerson> for Services {
    async fn answer(&self, caller: &Caller, ask: desk::IdentifyPerson) -> Result<desk::Identity, Failure> {
        self.check(caller)?;
        assert_eq!(ask.person.number, "990101300125");
        if *self.barred.lock().unwrap() {
            return Err(desk::problems::PERSON_BARRED.because("barred").into());
        }
        let roles = self.roles.lock().unwrap().clone();
        let organisations = self.organisations.lock().unwrap().clone();
        if organisations.is_empty() {
            return Err(desk::problems::PERSON_UNKNOWN.because("nobody").into());
        }
        let membership = |eori: &String| desk::IdentityMembership {
            organisation_id: Uuid::nil(),
            organisation: format!("Firm {eori}"),
            eori: eori.clone(),
            roles: roles.clone(),
            offices: vec!["KZ000001".to_owned()],
        };
        Ok(desk::Identity {
            person_id: Uuid::from_u128(7),
            name: "A Person".to_owned(),
            memberships: organisations.iter().map(membership).collect(),
        })
    }
}

impl Answers<declarations::FindMovement> for Services {
    async fn answer(
        &self,
        caller: &Caller,
        ask: declarations::FindMovement,
    ) -> Result<declarations::Movement, Failure> {
        self.check(caller)?;
        if ask.movement == MOVEMENT {
            return Ok(movement());
        }
        Err(problem::NOT_FOUND.because("there is no such movement").into())
    }
}

impl Answers<declarations::ListMovements> for Services {
    async fn answer(
        &self,
        caller: &Caller,
        ask: declarations::ListMovements,
    ) -> Result<declarations::MovementPage, Failure> {
        self.check(caller)?;
        let from: i32 = ask.after.map_or(0, |after| after.parse().unwrap());
        let to = (from + ask.first.unwrap_or(50)).min(130);
        let next = (to < 130).then(|| to.to_string());
        let items = (from..to).map(|n| declarations::Movement { lrn: format!("L{n}"), ..movement() });
        Ok(declarations::MovementPage { items: items.collect(), next })
    }
}

impl Answers<declarations::ListMessages> for Services {
    async fn answer(
        &self,
        caller: &Caller,
        _: declarations::ListMessages,
    ) -> Result<declarations::MovementMessagePage, Failure> {
        self.check(caller)?;
        Ok(declarations::MovementMessagePage { items: vec![message(None)], next: None })
    }
}

impl Answers<declarations::FindMessage> for Services {
    async fn answer(
        &self,
        caller: &Caller,
        ask: declarations::FindMessage,
    ) -> Result<declarations::MovementMessage, Failure> {
        self.check(caller)?;
        Ok(message(Some(ask.format.unwrap_or(declarations::MessageFormat::Xml))))
    }
}

impl Answers<declarations::MovementTimeline> for Services {
    async fn answer(
        &self,
        caller: &Caller,
        ask: declarations::MovementTimeline,
    ) -> Result<declarations::TimelinePage, Failure> {
        self.check(caller)?;
        let entry = |sequence| declarations::TimelineEntry {
            sequence,
            event: "registered".to_owned(),
            state: "registered".to_owned(),
            by: "system".to_owned(),
            office: None,
            reasons: Vec::new(),
            at: instant(),
            hash: "00".to_owned(),
        };
        let items = (ask.after_sequence.unwrap_or(0) + 1..=2).map(entry).collect();
        Ok(declarations::TimelinePage { items, more: false })
    }
}

impl Answers<guarantees::GuaranteeBalance> for Services {
    async fn answer(
        &self,
        caller: &Caller,
        ask: guarantees::GuaranteeBalance,
    ) -> Result<guarantees::GuaranteeBalanceOutput, Failure> {
        self.check(caller)?;
        if ask.access_code != "ABCD" {
            return Err(problem::NOT_FOUND.because("no such guarantee").into());
        }
        let (balance, currency) = ("12345678.90".to_owned(), "EUR".to_owned());
        Ok(guarantees::GuaranteeBalanceOutput { grn: ask.grn, balance, currency })
    }
}

impl Answers<notifications::PullNotifications> for Services {
    async fn answer(
        &self,
        caller: &Caller,
        ask: notifications::PullNotifications,
    ) -> Result<notifications::NotificationPage, Failure> {
        self.check(caller)?;
        let entries = self.box_entries.lock().unwrap().clone();
        let after = match (ask.after, ask.after_number) {
            (Some(cursor), _) => cursor
                .trim_start_matches('c')
                .parse()
                .map_err(|_| Failure::from(problem::INPUT_INVALID.because("a bad cursor").at("/after")))?,
            (None, number) => number.unwrap_or(0),
        };
        let last_number = i64::try_from(entries.len()).unwrap();
        let first = usize::try_from(ask.first.unwrap_or(50)).unwrap();
        let items: Vec<_> = entries.into_iter().filter(|entry| entry.number > after).take(first).collect();
        let owner = caller.actor.party.as_ref().unwrap().to_string();
        Ok(notifications::NotificationPage { owner, items, next: None, last_number, unacknowledged: 0 })
    }
}

impl Acts<desk::SpendChallenge> for Services {
    async fn act(
        &self,
        _: &mut Work,
        _: &Caller,
        ask: desk::SpendChallenge,
    ) -> Result<desk::SpentChallenge, Failure> {
        Ok(desk::SpentChallenge { first: self.challenges.lock().unwrap().insert(ask.sha256) })
    }
}

impl Answers<desk::FindSystemKey> for Services {
    async fn answer(&self, _: &Caller, ask: desk::FindSystemKey) -> Result<desk::SystemKeyRead, Failure> {
        let keys = self.system_keys.lock().unwrap();
        let spki = keys.get(&ask.key_id).map(|spki| STANDARD.encode(spki));
        let spki = spki.ok_or_else(|| desk::problems::SYSTEM_KEY_UNKNOWN.because("nobody's"))?;
        Ok(desk::SystemKeyRead { spki })
    }
}

impl Acts<desk::AdmitSystem> for Services {
    async fn act(&self, _: &mut Work, _: &Caller, ask: desk::AdmitSystem) -> Result<desk::System, Failure> {
        if self.revoked.lock().unwrap().contains(&ask.key_id) {
            return Err(desk::problems::SYSTEM_KEY_REVOKED.because("it was revoked").into());
        }
        if !self.nonces.lock().unwrap().insert((ask.key_id, ask.nonce)) {
            return Err(desk::problems::REQUEST_REPLAYED.because("it was used").into());
        }
        let roles = vec![desk::MemberRole::Declarant];
        Ok(desk::System { id: Uuid::from_u128(9), eori: "KZ1".to_owned(), roles })
    }
}

impl Acts<declarations::SubmitDeclaration> for Services {
    async fn act(
        &self,
        _: &mut Work,
        caller: &Caller,
        ask: declarations::SubmitDeclaration,
    ) -> Result<declarations::Submitted, Failure> {
        self.check(caller)?;
        assert_eq!(ask.evidence["report"]["indication"], "TOTAL-PASSED", "{}", ask.evidence);
        self.effects.fetch_add(1, Ordering::SeqCst);
        Ok(declarations::Submitted {
            movement: MOVEMENT,
            message: MESSAGE,
            message_type: "CC015C".to_owned(),
            lrn: Some("LRN1".to_owned()),
            mrn: None,
        })
    }
}

impl Acts<declarations::ReleaseMovement> for Services {
    async fn act(
        &self,
        _: &mut Work,
        caller: &Caller,
        ask: declarations::ReleaseMovement,
    ) -> Result<declarations::Movement, Failure> {
        self.check(caller)?;
        if ask.expected_version != 3 {
            return Err(problem::VERSION_STALE.because("the movement has changed").into());
        }
        self.effects.fetch_add(1, Ordering::SeqCst);
        Ok(declarations::Movement { version: 4, state: "released".to_owned(), ..movement() })
    }
}

impl Acts<desk::GrantDelegation> for Services {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: desk::GrantDelegation,
    ) -> Result<desk::Delegation, Failure> {
        self.check(caller)?;
        let count = self.effects.fetch_add(1, Ordering::SeqCst);
        Ok(desk::Delegation {
            id: Uuid::from_u128(u128::from(count) + 100),
            principal: "KZ1".to_owned(),
            principal_name: "One".to_owned(),
            representative: ask.representative,
            representative_name: "Two".to_owned(),
            scope: ask.scope,
            valid_from: work.now(),
            valid_to: ask.valid_to,
            cap: ask.cap,
            granted_at: work.now(),
            revoked_at: None,
        })
    }
}
