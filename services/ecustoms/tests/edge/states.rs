//! Steps that do not fit the state of a movement, and movements that are somebody else's.

use std::time::Duration;

use customs_testkit::until;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Person},
    documents::{lrn, withdrawal, xml},
    report::{Report, is_problem},
    suite::Suite,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `movement` is in `state`.
pub(crate) fn reaches(person: &Person, movement: &str, state: &str) {
    let outcome = until(state, PATIENCE, || person.state(movement) == state);
    outcome.unwrap_or_else(|error| {
        panic!("{error}: {} {:?}", person.state(movement), person.messages(movement));
    });
}

fn decide(officer: &Person, movement: &str, step: &str, tag: Option<&str>, body: &Value) -> Answer {
    let request = officer.effect(&format!("/transits/{movement}/{step}")).json(body);
    Answer::to(if let Some(tag) = tag { request.header("If-Match", tag) } else { request })
}

#[test]
fn a_step_that_does_not_fit_the_state_changes_nothing() {
    let mut suite = Suite::embedded();
    let door = suite.door();
    let (declarant, officer) = (door.log_in("declarant"), door.log_in("officer-departure"));
    let movement = declarant.lodge(&xml(&declarant, &lrn()));
    reaches(&declarant, &movement, "awaiting-release");
    let seen = officer.get(&format!("/transits/{movement}"));
    let (tag, mrn) = (seen.header("etag").to_owned(), seen.json()["mrn"].as_str().unwrap().to_owned());
    let mut report = Report::default();
    let nothing = json!({});
    report.refused(
        "no version",
        &decide(&officer, &movement, "release", None, &nothing),
        &[(428, "version-required")],
    );
    report.refused(
        "a version before",
        &decide(&officer, &movement, "release", Some("\"1\""), &nothing),
        &[(412, "version-stale")],
    );
    let result = json!({ "code": "A1", "remarks": "fine" });
    let early = decide(
        &officer,
        &movement,
        "control-result",
        Some(&tag),
        &json!({"satisfactory": true, "remarks": "x"}),
    );
    report.refused("a result without a control", &early, &[(409, "out-of-sequence"), (400, "input-invalid")]);
    let destination = door.log_in("officer-destination");
    let arrived = destination
        .post("/offices/UZTAS001/control-results", &json!({"mrn": mrn, "code": "A1", "remarks": "fine"}));
    report.refused("discharge before release", &arrived, &[(409, "out-of-sequence"), (404, "not-found")]);
    let transit = door.log_in("officer-transit-kz");
    let crossed = transit
        .post("/offices/KZKRD001/crossings", &json!({"mrn": mrn, "kind": "exit", "sealsIntact": true}));
    report.refused("a crossing before release", &crossed, &[(409, "out-of-sequence"), (404, "not-found")]);
    let foreign = transit
        .post("/offices/KGAKZ001/crossings", &json!({"mrn": mrn, "kind": "entry", "sealsIntact": true}));
    report.refused("at another's office", &foreign, &[(404, "not-found"), (403, "forbidden")]);
    assert_eq!(declarant.state(&movement), "awaiting-release");
    assert_eq!(decide(&officer, &movement, "release", Some(&tag), &nothing).status, 200);
    reaches(&declarant, &movement, "released");
    let again = decide(&officer, &movement, "release", Some(&tag), &nothing);
    report.refused("released before", &again, &[(409, "out-of-sequence"), (412, "version-stale")]);
    let now = officer.get(&format!("/transits/{movement}")).header("etag").to_owned();
    let again = decide(&officer, &movement, "release", Some(&now), &nothing);
    report.refused("released, by the newest version", &again, &[(409, "out-of-sequence")]);
    let refusal = decide(&officer, &movement, "refusal", Some(&now), &json!({"reason": "too late"}));
    report.refused("refused after release", &refusal, &[(409, "out-of-sequence"), (400, "input-invalid")]);
    let _ = result;
    report.note("withdrawn after release", error_92(&declarant, &movement, &mrn));
    assert_eq!(declarant.state(&movement), "released");
    report.end();
    suite.is_sound();
}

/// A withdrawal that comes too late is refused by the procedure: IE056 with error 92.
fn error_92(declarant: &Person, movement: &str, mrn: &str) -> Result<(), String> {
    let path = format!("/movements/departures/{movement}/messages");
    let sent = declarant.send(&path, "application/xml", withdrawal(declarant, mrn).as_bytes());
    if sent.status != 202 {
        return is_problem(&sent, &[(409, "out-of-sequence")]);
    }
    let told =
        || declarant.messages(movement).iter().any(|message| message == "CC056C" || message == "IE056");
    until("IE056", PATIENCE, told).map_err(|error| format!("{error}: {:?}", declarant.messages(movement)))?;
    let page = declarant.get(&format!("/transits/{movement}/messages?first=100")).json();
    let refusal = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|item| item["messageType"].as_str().unwrap_or_default().contains("056"));
    let id = refusal.and_then(|item| item["id"].as_str()).unwrap_or_default();
    let body = declarant.get(&format!("/messages/{id}")).json()["body"].to_string();
    if body.contains("<errorCode>92</errorCode>") { Ok(()) } else { Err(format!("no error 92: {body}")) }
}

#[test]
fn a_local_reference_number_in_use_is_refused() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let lrn = lrn();
    let first = declarant.lodge(&xml(&declarant, &lrn));
    reaches(&declarant, &first, "awaiting-release");
    let second = declarant.lodge(&xml(&declarant, &lrn));
    reaches(&declarant, &second, "rejected");
    assert_eq!(declarant.state(&first), "awaiting-release");
}

#[test]
fn what_is_somebody_elses_or_does_not_exist_is_not_there() {
    let suite = Suite::embedded();
    let door = suite.door();
    let (declarant, carrier) = (door.log_in("declarant"), door.log_in("carrier"));
    let movement = declarant.lodge(&xml(&declarant, &lrn()));
    reaches(&declarant, &movement, "awaiting-release");
    let nothing = "01a00000-0000-7000-8000-000000000000";
    let mut report = Report::default();
    for rest in ["", "/timeline", "/messages"] {
        let theirs = carrier.get(&format!("/transits/{movement}{rest}"));
        let none = carrier.get(&format!("/transits/{nothing}{rest}"));
        report.refused("a foreign movement", &theirs, &[(404, "not-found")]);
        report.refused("no movement", &none, &[(404, "not-found")]);
        let same = theirs.json()["detail"] == none.json()["detail"];
        report.note("both", if same { Ok(()) } else { Err(format!("{} {}", theirs.text(), none.text())) });
    }
    for id in ["0", "x", "%00", "01a00000-0000-7000-8000-00000000000g", &"1".repeat(3_000), "null"] {
        let answer = carrier.get(&format!("/transits/{id}"));
        report.refused(id, &answer, &[(400, "input-invalid"), (404, "not-found"), (404, "path-unknown")]);
    }
    let sent = carrier.ask(Method::GET, "/transits?first=100");
    assert_eq!(Answer::to(sent).json()["items"].as_array().unwrap().len(), 0);
    report.end();
}
