//! Several gateways before the same services: what counts once counts once for all of them, whatever the cache forgets.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use customs_testkit::{Servers, Space};
use reqwest::{Method, Url};

use crate::{
    client::{Answer, Door, Person, SIGNATURE, fresh},
    documents::{lrn, xml},
    suite::Suite,
};

/// Makes the cache forget everything.
pub(crate) fn flush(space: &Space) {
    let url = Url::parse(space.redis_url()).unwrap();
    let mut line = TcpStream::connect((url.host_str().unwrap(), url.port().unwrap_or(6379))).unwrap();
    let mut orders = Vec::new();
    if let Some(password) = url.password() {
        orders.push(format!("AUTH {password}"));
    }
    orders.push(format!("SELECT {}", url.path().trim_start_matches('/')));
    orders.push("FLUSHDB".to_owned());
    for order in orders {
        line.write_all(format!("{order}\r\n").as_bytes()).unwrap();
        let mut answer = [0; 5];
        line.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"+OK\r\n", "{order}");
    }
}

/// The same person at another door.
fn at(door: &Door, person: &Person) -> Person {
    Person { door: door.clone(), ..person.clone() }
}

fn lodged(person: &Person, key: &str, content: &str) -> Answer {
    let request = person.ask(Method::POST, "/movements/departures").header("Idempotency-Key", key);
    let request = request.header("Content-Type", "application/xml");
    Answer::to(request.header(SIGNATURE, person.sign(content.as_bytes())).body(content.to_owned()))
}

/// What `ask` is answered, asked often at the same time at both doors.
pub(crate) fn storm(doors: &[Door; 2], ask: impl Fn(&Door) -> Answer + Sync) -> Vec<Answer> {
    thread::scope(|scope| {
        let ask = &ask;
        let all: Vec<_> = (0..12).map(|turn| scope.spawn(move || ask(&doors[turn % 2]))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_challenge_and_a_signed_document_count_once_whichever_gateway_is_asked() {
    let space = Servers::start().unwrap().space().unwrap();
    let mut suite = Suite::with_gateways(&space, &[], 2);
    let [one, two] = <[Door; 2]>::try_from(suite.doors()).unwrap_or_else(|_| panic!("two doors"));
    let credential = one.credential("declarant");

    let challenge = one.challenge();
    assert_eq!(two.open(&challenge, &credential).status, 200);
    for door in [&one, &two] {
        flush(&space);
        let again = door.open(&challenge, &credential);
        assert_eq!((again.status, code(&again)), (401, "challenge-refused".to_owned()), "{again:?}");
    }
    let challenge = two.challenge();
    let doors = [one.clone(), two.clone()];
    let answers = storm(&doors, |door| door.open(&challenge, &credential));
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 401)), "{answers:?}");

    let declarant = one.log_in("declarant");
    let (key, content) = (fresh(), xml(&declarant, &lrn()));
    let first = lodged(&declarant, &key, &content);
    assert_eq!(first.status, 202, "{first:?}");
    flush(&space);
    let replayed = lodged(&at(&two, &declarant), &fresh(), &content);
    assert_eq!((replayed.status, code(&replayed)), (422, "signature-replayed".to_owned()), "{replayed:?}");
    let retried = lodged(&at(&two, &declarant), &key, &content);
    assert_eq!((retried.status, &retried.body), (202, &first.body), "the same request is answered alike");

    let content = xml(&declarant, &lrn());
    let answers = storm(&doors, |door| lodged(&at(door, &declarant), &fresh(), &content));
    assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 1, "{answers:?}");
    let refused = |answer: &&Answer| answer.status == 422 && code(answer) == "signature-replayed";
    assert_eq!(answers.iter().filter(refused).count(), answers.len() - 1, "{answers:?}");
    let movements = declarant.get("/transits?first=100").json();
    assert_eq!(movements["items"].as_array().unwrap().len(), 2, "{movements}");
    suite.is_sound();
}
