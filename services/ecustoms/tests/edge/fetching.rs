//! Lists of revoked certificates and status answers fetched in the background: they count at once, and never go back.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::issue::{
    Authority, Credential, KeyKind, RevocationReason, Revoked, Subject, Usage, ocsp_response,
};
use customs_testkit::until;

use crate::{client::Door, signatures::days, suite::Suite};

const SOON: Duration = Duration::from_secs(30);

/// What is served, by path; what is not there is answered with 404.
type Shelf = Arc<Mutex<HashMap<&'static str, Vec<u8>>>>;

/// Serves `shelf` until the test ends; tells the port.
fn serve(shelf: &Shelf) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, shelf) = (listener.local_addr().unwrap().port(), Arc::clone(shelf));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut first, mut length) = (String::new(), 0);
            stream.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            stream.read_exact(&mut vec![0; length]).unwrap();
            let path = first.split(' ').nth(1).unwrap_or_default();
            let found = shelf.lock().unwrap().get(path).cloned();
            let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
            let body = found.unwrap_or_default();
            let head =
                format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            let stream = stream.get_mut();
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).unwrap();
        }
    });
    port
}

fn list(authority: &Authority, number: u64, revoked: &[Revoked]) -> Vec<u8> {
    let now = SystemClock.now();
    authority.revocation_list(number, now - TimeDelta::minutes(1), now + TimeDelta::days(1), revoked).unwrap()
}

fn status(root: &Authority, issuing: &[u8], revoked: Option<(DateTime<Utc>, RevocationReason)>) -> Vec<u8> {
    let now = SystemClock.now() - TimeDelta::seconds(5);
    ocsp_response(&root.status_response(issuing, revoked, now, now + TimeDelta::minutes(30)).unwrap())
}

fn answer(door: &Door, credential: &Credential) -> (u16, String) {
    let answer = door.open(&door.challenge(), credential);
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// Whether operators are told `line`, or one that begins with it.
fn told(suite: &Suite, line: &str) -> bool {
    let metrics = Door::new(&format!("http://127.0.0.1:{}", suite.operations())).get("/metrics");
    metrics.text().lines().any(|told| told.starts_with(line))
}

#[test]
fn what_is_fetched_counts_at_once_and_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let root = Authority::root("Root", KeyKind::P256, days(-1, 30)).unwrap();
    let issuing = root.issuing("Issuing", KeyKind::P256, days(-1, 30)).unwrap();
    let put = |name: &str, octets: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, octets).unwrap();
        path
    };
    let root_file = put("anchors/root.der", &root.certificate().unwrap());
    let issuing_der = issuing.certificate().unwrap();
    let issuing_file = put("intermediates/issuing.der", &issuing_der);
    let person = Subject {
        common_name: "Aigerim Sadykova".to_owned(),
        country: Some("KZ".to_owned()),
        person: Some("IIN901122401178".to_owned()),
        ..Subject::default()
    };
    let credential = issuing.issue(&person, Usage::Signing, KeyKind::P256, days(-1, 20)).unwrap();
    let shelf = Shelf::default();
    let port = serve(&shelf);
    let show = |path: &'static str, octets: Vec<u8>| drop(shelf.lock().unwrap().insert(path, octets));
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let responder =
        format!("[{{url=\"{}\", issuer={root_file:?}, certificates=[{issuing_file:?}]}}]", url("/status"));
    let mut suite = Suite::with(&[
        ("ECUSTOMS_TRUST_DIR", folder.path().to_str().unwrap()),
        ("ECUSTOMS_FETCH__LISTS", &format!("[\"{}\"]", url("/issuing.crl"))),
        ("ECUSTOMS_FETCH__RESPONDERS", &responder),
        ("ECUSTOMS_FETCH__EVERY_S", "1"),
        ("ECUSTOMS_LIMITS__LOGINS_MAX", "1000000"),
    ]);
    let door = suite.door();
    let unavailable = (503, "signature-status-unavailable".to_owned());
    assert_eq!(answer(&door, &credential), unavailable, "nothing is known of anybody yet");
    show("/issuing.crl", list(&issuing, 1, &[]));
    until("the refused lists", SOON, || suite.output().contains("what was known")).unwrap();
    assert_eq!(answer(&door, &credential), unavailable, "nothing is known of the authority yet");
    show("/status", status(&root, &issuing_der, None));
    until("both", SOON, || answer(&door, &credential).0 == 200).unwrap();
    let told = |line: &str| told(&suite, line);
    assert!(told("ecustoms_fetches_total{kind=\"list\",outcome=\"new\"} 1"));
    assert!(told("ecustoms_fetches_total{kind=\"status\",outcome=\"unanswered\"}"));
    assert!(told("ecustoms_list_issued_seconds{issuer=\"Issuing\"}"));
    let none_fails = || {
        ["list", "status"].iter().all(|kind| told(&format!("ecustoms_fetch_failing{{kind=\"{kind}\"}} 0")))
    };
    until("a round in which all comes", SOON, none_fails).unwrap();

    let at = SystemClock.now();
    let revoked = Revoked::new(credential.certificate(), at, RevocationReason::KeyCompromise).unwrap();
    show("/issuing.crl", list(&issuing, 3, &[revoked]));
    let is_revoked = || answer(&door, &credential) == (401, "signature-certificate-revoked".to_owned());
    until("the new list", SOON, is_revoked).unwrap();
    show("/issuing.crl", list(&issuing, 2, &[]));
    until("the refusal to go back", SOON, || suite.output().contains("older than what is in use")).unwrap();
    assert!(is_revoked(), "an older list brings nobody back");
    show("/issuing.crl", b"nothing".to_vec());
    until("the refusal of nonsense", SOON, || suite.output().contains("damaged encoding")).unwrap();
    until("the failing address", SOON, || told("ecustoms_fetch_failing{kind=\"list\"} 1")).unwrap();
    assert!(told("ecustoms_fetches_total{kind=\"list\",outcome=\"refused\"}"));
    assert!(is_revoked());
    put(
        "anchors/other.der",
        &Authority::root("Other", KeyKind::P256, days(-1, 30)).unwrap().certificate().unwrap(),
    );
    until("the other anchor", SOON, || suite.output().contains("another bundle is trusted")).unwrap();
    assert!(is_revoked(), "what was fetched stays when the folder changes");
    suite.is_sound();
}
