//! Servers that are gone while clients go on: told plainly, nothing half done, nothing lost, soon well again.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use customs_testkit::{Server, Servers, until};
use reqwest::Method;
use serde_json::json;

use crate::{
    client::{Answer, Person, SIGNATURE, fresh},
    documents::{lrn, xml},
    report::is_problem,
    suite::Suite,
};

/// How soon after a server is back everything must be well.
const RECOVERY: Duration = Duration::from_secs(30);
/// How long a procedure may take to catch up with what was taken in meanwhile.
const BACKLOG: Duration = Duration::from_secs(45);
/// The longest that a client may wait for a refusal.
const SLOWEST: Duration = Duration::from_secs(16);
const PAUSE: Duration = Duration::from_millis(150);

/// A declaration with the key under which it is sent, again and again until it is taken in.
struct Lodging {
    content: String,
    key: String,
}

impl Lodging {
    fn new(person: &Person) -> Self {
        Self { content: xml(person, &lrn()), key: fresh() }
    }

    fn send(&self, person: &Person) -> Answer {
        let signature = person.sign(self.content.as_bytes());
        let request = person.ask(Method::POST, "/movements/departures").header("Idempotency-Key", &self.key);
        let request = request.header("Content-Type", "application/xml").header(SIGNATURE, signature);
        Answer::to(request.body(self.content.clone()))
    }

    /// Sends it until it is taken in, as a good client does; tells the movement and how often it was refused.
    fn lodge(&self, person: &Person) -> (String, usize) {
        let since = Instant::now();
        for refused in 0.. {
            let answer = self.send(person);
            if answer.status == 202 {
                return (answer.json()["departureId"].as_str().unwrap().to_owned(), refused);
            }
            assert!(unavailable(&answer).is_ok(), "{answer:?} {}", answer.text());
            assert!(since.elapsed() < Duration::from_mins(2), "is never taken in");
            thread::park_timeout(PAUSE);
        }
        unreachable!("the loop has no end")
    }
}

/// That `answer` says what is down and when to come back.
fn unavailable(answer: &Answer) -> Result<(), String> {
    is_problem(
        answer,
        &[
            (503, "unavailable"),
            (504, "deadline-exceeded"),
            (409, "idempotency-key-in-flight"),
            (503, "signature-status-unavailable"),
        ],
    )?;
    let seconds: Option<u32> = answer.header("retry-after").parse().ok();
    seconds.map(drop).ok_or_else(|| format!("no Retry-After: {answer:?}"))
}

/// A client that lodges one declaration after the other until told to stop, through whatever happens.
fn client(person: &Person, stop: &AtomicBool) -> Vec<String> {
    let mut movements = Vec::new();
    let lodgings: Vec<Lodging> = (0..60).map(|_| Lodging::new(person)).collect();
    for lodging in lodgings {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        movements.push(lodging.lodge(person).0);
        thread::park_timeout(PAUSE);
    }
    movements
}

fn is_ready(suite: &Suite) -> bool {
    suite.door().get("/readyz").status == 200
}

/// Runs `meanwhile` while a client goes on lodging; tells what was taken in.
fn under_load(person: &Person, meanwhile: impl FnOnce()) -> Vec<String> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let going = scope.spawn(|| client(person, &stop));
        // A panic here must not leave the client running for ever.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(meanwhile));
        stop.store(true, Ordering::Relaxed);
        let movements = going.join().unwrap();
        if let Err(panic) = done {
            std::panic::resume_unwind(panic);
        }
        movements
    })
}

/// Everything that was taken in goes its way, once.
fn all_are_held(person: &Person, movements: &[String]) {
    for movement in movements {
        let reached = until("the hold", BACKLOG, || person.state(movement) == "awaiting-release");
        reached.unwrap_or_else(|error| panic!("{error}: {movement} {}", person.state(movement)));
    }
}

/// What can still be held, as it is written.
fn balance(person: &Person) -> String {
    let guarantee = person.door.sandbox()["guarantee"].clone();
    let path = format!("/customs/guarantees/{}/balance", guarantee["grn"].as_str().unwrap());
    person.post(&path, &json!({ "accessCode": guarantee["accessCode"] })).text()
}

/// Every movement of the person, by local reference number.
fn lodged(person: &Person) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("/transits?first=100{after}")).json();
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        all.extend(items.iter().map(|item| item["lrn"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

fn timed(answer: impl FnOnce() -> Answer) -> (Answer, Duration) {
    let since = Instant::now();
    (answer(), since.elapsed())
}

/// PostgreSQL is killed: everything is refused for a while, and each refusal can be repeated.
fn without_database(servers: &Servers, suite: &Suite, person: &Person) -> Vec<String> {
    let lodging = Lodging::new(person);
    let mut movements = under_load(person, || {
        servers.kill(Server::Postgres).unwrap();
        until("no readiness", RECOVERY, || !is_ready(suite)).unwrap();
        let ready = suite.door().get("/readyz");
        assert!(ready.status == 503 && !ready.header("retry-after").is_empty(), "{ready:?}");
        assert_eq!(suite.door().get("/livez").status, 200);
        for (answer, took) in [timed(|| person.get("/transits")), timed(|| lodging.send(person))] {
            unavailable(&answer).unwrap();
            assert!(took < SLOWEST, "took {took:?}");
        }
        servers.revive(Server::Postgres).unwrap();
        until("readiness", RECOVERY, || is_ready(suite)).unwrap();
        until("an answer", RECOVERY, || person.get("/transits").status == 200).unwrap();
    });
    movements.push(lodging.lodge(person).0);
    movements
}

/// RabbitMQ is killed: what is lodged is taken in and waits; it goes on when the bus is back.
fn without_bus(servers: &Servers, suite: &Suite, person: &Person) -> Vec<String> {
    let lodging = Lodging::new(person);
    let mut waiting = String::new();
    let mut movements = under_load(person, || {
        servers.kill(Server::RabbitMq).unwrap();
        until("no readiness", RECOVERY, || !is_ready(suite)).unwrap();
        let (answer, took) = timed(|| lodging.send(person));
        assert!(answer.status == 202 && took < SLOWEST, "{took:?} {answer:?} {}", answer.text());
        answer.json()["departureId"].as_str().unwrap().clone_into(&mut waiting);
        assert_eq!(person.get("/transits").status, 200, "reading needs no bus");
        assert_ne!(person.state(&waiting), "awaiting-release", "nobody can have held anything");
        servers.revive(Server::RabbitMq).unwrap();
        until("readiness", RECOVERY, || is_ready(suite)).unwrap();
        until("the hold", RECOVERY, || person.state(&waiting) == "awaiting-release").unwrap();
    });
    movements.push(waiting);
    movements
}

/// Redis is killed: nothing is refused because of it, and what was used up or withdrawn stays so.
fn without_cache(servers: &Servers, suite: &Suite, person: &Person) -> Vec<String> {
    let door = suite.door();
    let lodging = Lodging::new(person);
    let mut movements = under_load(person, || {
        servers.kill(Server::Redis).unwrap();
        assert!(is_ready(suite), "the cache is not needed");
        let credential = door.credential("carrier");
        let challenge = door.challenge();
        let (session, took) = timed(|| door.open(&challenge, &credential));
        assert!(session.status == 200 && took < SLOWEST, "{took:?} {session:?}");
        is_problem(&door.open(&challenge, &credential), &[(401, "challenge-refused")]).unwrap();
        let carrier = door.log_in("carrier");
        assert_eq!(carrier.get("/transits").status, 200);
        assert_eq!(carrier.post("/auth/logout", &json!({})).status, 200);
        is_problem(&carrier.get("/transits"), &[(401, "unauthenticated")]).unwrap();
        let (first, second) = (lodging.send(person), lodging.send(person));
        assert_eq!((first.status, &first.body), (202, &second.body), "a key needs no cache");
        servers.revive(Server::Redis).unwrap();
        until("an answer", RECOVERY, || person.get("/transits").status == 200).unwrap();
    });
    movements.push(lodging.lodge(person).0);
    movements
}

#[test]
fn a_server_that_is_gone_is_told_and_costs_nothing() {
    let servers = Servers::private().unwrap();
    let space = servers.space().unwrap();
    let mut suite = Suite::on_servers(&space, &[]);
    let person = suite.door().log_in("declarant");
    let mut movements = Vec::new();
    for outage in [without_cache, without_bus, without_database] {
        movements.extend(outage(&servers, &suite, &person));
    }
    all_are_held(&person, &movements);
    let mut known = lodged(&person);
    let all = known.len();
    known.sort_unstable();
    known.dedup();
    assert_eq!((known.len(), all), (movements.len(), movements.len()), "taken in twice, or not at all");
    let held = i64::try_from(movements.len()).unwrap() * 1_000;
    let balance = balance(&person);
    assert!(
        balance.contains(&format!(":{}.00,", 5_000_000 - held)),
        "{held} of 5,000,000 are held: {balance}"
    );
    suite.is_sound();
}
