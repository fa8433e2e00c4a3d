//! Systems that sign their requests, as an outside client does it: before two gateways, in their organisation's name.

use std::{path::Path, process::Command};

use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::http::{HttpMessage, HttpProfile, HttpSigner};
use customs_testkit::Servers;
use openssl::pkey::PKey;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Door, Person, SIGNATURE, fresh},
    documents::{lrn, xml},
    replicas::{flush, storm},
    report::{Report, is_problem},
    suite::Suite,
};

const DEPARTURES: &str = "/movements/departures";

/// A system of an organisation: it has a key, and knows under which host the suite is reached.
struct System {
    signer: HttpSigner,
    /// The key, as the register knows it.
    id: Value,
    host: String,
}

/// A request of a system, signed.
#[derive(Clone)]
struct Signed {
    message: HttpMessage,
    target: String,
}

impl System {
    /// Makes a key and lets `person` register it.
    fn of(person: &Person) -> Self {
        let key = PKey::generate_ed25519().unwrap();
        let pem = String::from_utf8(key.public_key_to_pem().unwrap()).unwrap();
        let registered = person.post("/system-keys", &json!({ "name": "Booking", "key": pem }));
        assert_eq!(registered.status, 200, "{registered:?}");
        let registered = registered.json();
        let key_id = registered["keyId"].as_str().unwrap();
        let signer = HttpSigner::from_pkcs8(&key.private_key_to_pkcs8().unwrap(), key_id).unwrap();
        Self { signer, id: registered["id"].clone(), host: person.door.authority().to_owned() }
    }

    fn sign(&self, method: &Method, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Signed {
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let mut message = HttpMessage {
            method: method.to_string(),
            scheme: "http".to_owned(),
            authority: self.host.clone(),
            path: path.to_owned(),
            query: query.map(str::to_owned),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.to_vec(),
            ..HttpMessage::default()
        };
        self.signer.sign(&HttpProfile::ecustoms(), &mut message, &fresh(), SystemClock.now()).unwrap();
        Signed { message, target: target.to_owned() }
    }

    fn get(&self, target: &str) -> Signed {
        self.sign(&Method::GET, target, &[], b"")
    }

    /// The declaration `content`, with the signature of `person` over it.
    fn lodge(&self, content: &str, person: &Person) -> Signed {
        let (document, key) = (person.sign(content.as_bytes()), fresh());
        let headers =
            [(SIGNATURE, document.as_str()), ("idempotency-key", &key), ("content-type", "application/xml")];
        self.sign(&Method::POST, DEPARTURES, &headers, content.as_bytes())
    }
}

impl Signed {
    /// The answer at `door`.
    fn at(&self, door: &Door) -> Answer {
        let message = self.message.clone();
        let mut request = door.ask(message.method.parse().unwrap(), &self.target);
        for (name, value) in &message.headers {
            request = request.header(name, value);
        }
        Answer::to(if message.body.is_empty() { request } else { request.body(message.body) })
    }
}

fn count(answer: &Answer) -> usize {
    answer.json()["items"].as_array().unwrap_or_else(|| panic!("{answer:?}")).len()
}

#[test]
fn a_system_sends_declarations_that_people_have_signed_and_follows_them() {
    let space = Servers::start().unwrap().space().unwrap();
    let mut suite = Suite::with_gateways(&space, &[], 2);
    let [one, two] = <[Door; 2]>::try_from(suite.doors()).unwrap_or_else(|_| panic!("two doors"));
    let (declarant, broker) = (one.log_in("declarant"), one.log_in("broker"));
    let system = System::of(&declarant);
    assert_eq!(count(&system.get("/transits?first=10").at(&one)), 0);

    let content = xml(&declarant, &lrn());
    let mut report = Report::default();
    let mut altered = system.lodge(&content, &declarant);
    altered.message.body = content.replace("1000.00", "1.00").into_bytes();
    report.refused("altered body", &altered.at(&one), &[(401, "request-digest-mismatch")]);
    let elsewhere = Signed { target: "/movements/arrivals".to_owned(), ..system.lodge(&content, &declarant) };
    report.refused("altered path", &elsewhere.at(&two), &[(401, "request-signature-invalid")]);
    let further = Signed { target: "/transits?first=100".to_owned(), ..system.get("/transits?first=10") };
    report.refused("altered query", &further.at(&two), &[(401, "request-signature-invalid")]);
    let by_stranger = system.lodge(&content, &broker).at(&one);
    report.refused("signed by nobody of the organisation", &by_stranger, &[(403, "signer-not-authorised")]);
    let mut unsigned = system.lodge(&content, &declarant);
    unsigned.message.headers.retain(|(name, _)| name != SIGNATURE);
    report.refused("a document that nobody signed", &unsigned.at(&one), &[(400, "signature-required")]);

    let good = system.lodge(&content, &declarant);
    let lodged = good.at(&one);
    assert_eq!(lodged.status, 202, "{lodged:?}");
    for door in [&one, &two] {
        flush(&space);
        report.refused("sent once more", &good.at(door), &[(401, "request-signature-replayed")]);
    }
    let movement = lodged.json()["departureId"].as_str().unwrap().to_owned();
    assert_eq!(count(&system.get("/transits?first=10").at(&two)), 1);
    assert_eq!(system.get(&format!("/transits/{movement}")).at(&two).status, 200);

    let foreign = System::of(&broker);
    assert_eq!(count(&foreign.get("/transits?first=10").at(&one)), 0);
    let hidden = foreign.get(&format!("/transits/{movement}")).at(&two);
    report.refused("of a foreign organisation", &hidden, &[(404, "not-found")]);
    let queue = system.get("/offices/KZALA001/queue").at(&one);
    report
        .note("beyond its roles", if matches!(queue.status, 403 | 404) { Ok(()) } else { Err(queue.text()) });

    revoked(&mut report, &system, &declarant, [&one, &two]);
    report.end();
    suite.is_sound();
}

/// A key that was revoked at one gateway is worth nothing at either from then on; another's cannot be revoked.
fn revoked(report: &mut Report, system: &System, declarant: &Person, [one, two]: [&Door; 2]) {
    let place = format!("/system-keys/{}/revocation", system.id.as_str().unwrap());
    let stranger = one.log_in("carrier").post(&place, &json!({}));
    report.refused("another's key", &stranger, &[(404, "not-found")]);
    let key = fresh();
    let itself = system.sign(&Method::POST, &place, &[("idempotency-key", &key)], b"").at(one);
    report.refused("by the system itself", &itself, &[(403, "person-required")]);
    assert_eq!(system.get("/transits").at(two).status, 200);
    let revoked = declarant.post(&place, &json!({}));
    assert_eq!(revoked.status, 200, "{revoked:?}");
    for door in [one, two] {
        report.refused("revoked", &system.get("/transits").at(door), &[(401, "system-key-revoked")]);
    }
    let listed = declarant.get("/system-keys").json();
    let today = SystemClock.now().date_naive().to_string();
    assert_eq!(listed["items"][0]["lastUsedOn"], json!(today), "{listed}");
    assert!(listed["items"][0]["revokedAt"].is_string(), "{listed}");
}

#[test]
fn a_signed_request_counts_once_however_often_and_wherever_it_comes() {
    let space = Servers::start().unwrap().space().unwrap();
    let mut suite = Suite::with_gateways(&space, &[], 2);
    let doors = <[Door; 2]>::try_from(suite.doors()).unwrap_or_else(|_| panic!("two doors"));
    let declarant = doors[0].log_in("declarant");
    let system = System::of(&declarant);
    let request = system.get("/transits");
    let answers = storm(&doors, |door| request.at(door));
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 401)), "{answers:?}");
    suite.is_sound();
}

/// The answer to `GET target` with the header fields that `ecustoms sign request` prints.
fn signed_by_the_command(door: &Door, key: &Path, target: &str) -> Answer {
    let url = format!("http://{}{target}", door.authority());
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    let printed = command.args(["sign", "request", "GET", &url, "--key"]).arg(key).output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
    let lines = String::from_utf8(printed.stdout).unwrap();
    let fields = lines.lines().filter_map(|line| line.split_once(": "));
    Answer::to(
        fields.fold(door.ask(Method::GET, target), |request, (name, value)| request.header(name, value)),
    )
}

#[test]
fn a_system_of_a_suite_in_one_process_signs_as_well() {
    let mut suite = Suite::embedded();
    let door = suite.door();
    let key = PKey::generate_ed25519().unwrap();
    let file = suite.files().join("system.pem");
    std::fs::write(&file, key.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let public = String::from_utf8(key.public_key_to_pem().unwrap()).unwrap();
    let strange = signed_by_the_command(&door, &file, "/transits?first=5");
    is_problem(&strange, &[(401, "system-key-unknown")]).unwrap();
    let registrar = door.log_in("declarant");
    let registered = registrar.post("/system-keys", &json!({ "name": "Command line", "key": public }));
    assert_eq!(registered.status, 200, "{registered:?}");
    assert_eq!(count(&signed_by_the_command(&door, &file, "/transits?first=5")), 0);
    let declarant = door.log_in("declarant");
    let system = System::of(&declarant);
    let content = xml(&declarant, &lrn());
    let lodged = system.lodge(&content, &declarant).at(&door);
    assert_eq!(lodged.status, 202, "{lodged:?}");
    assert_eq!(count(&system.get("/transits").at(&door)), 1);
    suite.is_sound();
}
