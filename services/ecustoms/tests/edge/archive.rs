//! The archive of a running suite: stamped by the authority of the sandbox, handed out, and judged again offline.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::issue::{TIMESTAMP_QUERY, timestamp_of, timestamp_request};
use customs_testkit::until;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Door, Person},
    documents::{lrn, xml},
    suite::Suite,
};

const SOON: Duration = Duration::from_secs(30);

/// The first message of a movement.
fn message_of(person: &Person, movement: &str) -> String {
    let messages = person.get(&format!("/transits/{movement}/messages")).json();
    messages["items"][0]["id"].as_str().unwrap().to_owned()
}

fn evidence_of(person: &Person, message: &str) -> Value {
    let answer = person.get(&format!("/messages/{message}/evidence"));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// The files that whoever judges needs from the nation, put into `folder`.
fn trust(door: &Door, folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let files =
        [("--anchor", "root.der"), ("--tsa", "tsa.der"), ("--crl", "root.crl"), ("--crl", "issuing.crl")];
    files
        .into_iter()
        .map(|(option, name)| {
            let path = folder.join(name);
            std::fs::write(&path, door.get(&format!("/sandbox/trust/{name}")).body).unwrap();
            (option, path)
        })
        .collect()
}

fn judge(folder: &Path, trust: &[(&str, PathBuf)], evidence: &Value, at: Option<&str>) -> (Output, Value) {
    let file = folder.join("evidence.json");
    std::fs::write(&file, evidence.to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.args(["verify", "evidence"]).arg(&file);
    for (option, path) in trust {
        command.arg(option).arg(path);
    }
    if let Some(at) = at {
        command.args(["--time", at]);
    }
    let output = command.output().unwrap();
    let told = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output, told)
}

#[test]
fn evidence_is_stamped_by_itself_and_gives_the_same_verdict_offline() {
    let mut suite = Suite::with(&[("ECUSTOMS_DECLARATIONS__ARCHIVE__EVERY_S", "1")]);
    let declarant = suite.door().log_in("declarant");
    let movement = declarant.lodge(&xml(&declarant, &lrn()));
    let message = message_of(&declarant, &movement);
    until("the archive timestamp", SOON, || evidence_of(&declarant, &message)["archive"].is_string())
        .unwrap();
    let evidence = evidence_of(&declarant, &message);
    let same = declarant.graphql(&format!(
        "{{ messageEvidence(id: \"{message}\") {{ content evidence archive authorities lists }} }}"
    ));
    assert_eq!(same.json()["data"]["messageEvidence"]["evidence"], evidence["evidence"], "{same:?}");

    let folder = tempfile::tempdir().unwrap();
    let trust = trust(&suite.door(), folder.path());
    let (output, told) = judge(folder.path(), &trust, &evidence, None);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!((&told["sameVerdict"], &told["report"]["indication"]), (&json!(true), &json!("TOTAL-PASSED")));
    assert!(told["archive"]["since"].is_string(), "{told}");

    let mut altered = evidence.clone();
    altered["content"] = json!(evidence["content"].as_str().unwrap().replace("1000.00", "1.00"));
    let (output, told) = judge(folder.path(), &trust, &altered, None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!((&told["sameVerdict"], &told["archive"]["since"]), (&json!(false), &Value::Null), "{told}");

    let mut unproven = evidence.clone();
    unproven["evidence"] =
        json!(evidence["evidence"].as_str().unwrap().replace("TOTAL-PASSED", "TOTAL-FAILED"));
    assert_eq!(judge(folder.path(), &trust, &unproven, None).0.status.code(), Some(2));

    let late = (SystemClock.now() + TimeDelta::days(20)).to_rfc3339();
    assert_eq!(judge(folder.path(), &trust, &evidence, Some(&late)).0.status.code(), Some(0));
    let too_late = (SystemClock.now() + TimeDelta::days(4 * 365)).to_rfc3339();
    let (output, told) = judge(folder.path(), &trust, &evidence, Some(&too_late));
    assert_eq!(output.status.code(), Some(2), "nobody has renewed it: {told}");
    assert_eq!(told["sameVerdict"], true, "the signature is still what it was");
    suite.is_sound();
}

#[test]
fn the_authority_of_the_sandbox_stamps_for_everybody_and_refuses_what_is_no_request() {
    let suite = Suite::embedded();
    let door = suite.door();
    let ask = |body: Vec<u8>| {
        let request = door.ask(Method::POST, "/sandbox/timestamps").header("Content-Type", TIMESTAMP_QUERY);
        Answer::to(request.body(body))
    };
    let good = ask(timestamp_request(&[7; 32]).unwrap());
    assert_eq!((good.status, good.header("content-type")), (200, "application/timestamp-reply"));
    assert!(timestamp_of(&good.body).unwrap().is_some());
    let bad = ask(b"no request".to_vec());
    assert_eq!(bad.status, 200);
    assert!(timestamp_of(&bad.body).unwrap().is_none(), "a refusal is an answer of the protocol");
    assert_eq!(ask(vec![0x30; 20_000]).status, 413);
}

#[test]
fn timestamps_of_signatures_are_demanded_where_the_administration_says_so() {
    let suite = Suite::with(&[("ECUSTOMS_SIGNATURES__TIMESTAMPS_DEMANDED", "true")]);
    let (door, declarant) = (suite.door(), suite.door().log_in("declarant"));
    let content = xml(&declarant, &lrn());
    let refused = declarant.send("/movements/departures", "application/xml", content.as_bytes());
    assert_eq!(refused.json()["code"], "signature-timestamp-missing", "{refused:?}");
    let signed = declarant.credential.sign_with(content.as_bytes(), SystemClock.now(), |value| {
        let request = timestamp_request(&openssl::sha::sha256(value)).unwrap();
        let asked = door.ask(Method::POST, "/sandbox/timestamps").header("Content-Type", TIMESTAMP_QUERY);
        timestamp_of(&Answer::to(asked.body(request)).body).unwrap().unwrap()
    });
    let request = declarant.effect("/movements/departures").header("Content-Type", "application/xml");
    let signed = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, signed.unwrap());
    let taken = Answer::to(request.header(crate::client::SIGNATURE, signed).body(content));
    assert_eq!(taken.status, 202, "{taken:?}");
}
