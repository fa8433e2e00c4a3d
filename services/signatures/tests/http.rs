//! Message signatures: the published cases, our own profile, and what we sign ourselves.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::http::{
    HttpAlgorithm, HttpKey, HttpMessage, HttpProfile, HttpRefusal, HttpSigner, signature_base,
};
use serde_json::Value;

fn corpus(name: &str) -> Option<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    let Ok(octets) = fs::read(file) else {
        println!("skipped: {name} is not here");
        return None;
    };
    Some(serde_json::from_slice(&octets).unwrap())
}

fn pem(text: &str) -> Vec<u8> {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.collect::<String>()).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// A message as RFC 9421, B prints it.
fn printed(text: &str) -> HttpMessage {
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let first: Vec<&str> = lines.next().unwrap().split(' ').collect();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap())
        .collect();
    let mut message =
        HttpMessage { headers, body: body.into(), scheme: "https".into(), ..Default::default() };
    if let Ok(status) = first[1].parse() {
        message.status = Some(status);
    } else {
        let (path, query) = first[1].split_once('?').unwrap();
        first[0].clone_into(&mut message.method);
        path.clone_into(&mut message.path);
        message.query = Some(query.to_owned());
        "example.com".clone_into(&mut message.authority);
    }
    message
}

#[test]
fn published_signatures_verify_but_for_those_of_shared_secrets() {
    let Some(suite) = corpus("pki-httpsig/cases.json") else { return };
    for case in suite["cases"].as_array().unwrap() {
        let mut message = printed(text(&suite, text(case, "message")));
        let base = text(case, "signature_base");
        // The published digest of the response is of the base, not of the message beside it.
        if message.status.is_some() {
            let line = base.lines().find_map(|line| line.strip_prefix("\"content-digest\": ")).unwrap();
            for (name, value) in &mut message.headers {
                if name == "Content-Digest" {
                    line.clone_into(value);
                }
            }
        }
        assert_eq!(signature_base(&message, text(case, "signature_input")).as_deref(), Some(base));
        let Some(algorithm) = HttpAlgorithm::of_name(text(case, "algorithm")) else {
            assert_eq!(text(case, "algorithm"), "hmac-sha256");
            continue;
        };
        let key = HttpKey::from_spki(&pem(suite["keys"][text(case, "key")][0].as_str().unwrap()));
        let signature = STANDARD.decode(text(case, "signature")).unwrap();
        assert!(key.unwrap().verifies(algorithm, base.as_bytes(), &signature), "{}", text(case, "name"));
    }
}

fn request(case: &Value) -> HttpMessage {
    let request = &case["request"];
    let query = text(request, "query");
    HttpMessage {
        method: text(request, "method").to_owned(),
        scheme: "https".to_owned(),
        authority: text(request, "authority").to_owned(),
        path: text(request, "path").to_owned(),
        query: (!query.is_empty()).then(|| query.to_owned()),
        status: None,
        headers: serde_json::from_value(request["headers"].clone()).unwrap(),
        body: text(request, "body").into(),
    }
}

#[test]
fn every_request_of_the_profile_gets_its_code() {
    let Some(suite) = corpus("pki-httpsig/own-cases.json") else { return };
    for case in suite["cases"].as_array().unwrap() {
        let at = DateTime::from_timestamp(case["time"].as_i64().unwrap(), 0).unwrap();
        let key = |id: &str| HttpKey::from_spki(&pem(suite["keys"][id].as_str()?)).ok();
        let outcome = HttpProfile::ecustoms().verify(&request(case), key, at);
        let code = outcome.as_ref().err().map(|refusal| refusal.code());
        assert_eq!(code, case["error"].as_str(), "{}", text(case, "id"));
        assert_eq!(outcome.is_ok(), case["expected"] == "valid", "{}", text(case, "id"));
    }
}

#[test]
fn published_vectors_of_ed25519_get_their_verdict() {
    let Some(suite) = corpus("pki-wycheproof/ed25519_test.json") else { return };
    for group in suite["testGroups"].as_array().unwrap() {
        let key = HttpKey::from_spki(&hex::decode(text(group, "publicKeyDer")).unwrap()).unwrap();
        for test in group["tests"].as_array().unwrap() {
            let octets = |name| hex::decode(text(test, name)).unwrap();
            let good = key.verifies(HttpAlgorithm::Ed25519, &octets("msg"), &octets("sig"));
            assert_eq!(good, test["result"] == "valid", "{}", test["tcId"]);
        }
    }
}

fn noon() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn signed() -> (HttpSigner, HttpMessage) {
    let signer = HttpSigner::generate("customs-1").unwrap();
    let mut message = HttpMessage {
        method: "POST".to_owned(),
        scheme: "https".to_owned(),
        authority: "Broker.example:443".to_owned(),
        path: "/hooks".to_owned(),
        query: Some("a=1".to_owned()),
        body: b"{}".to_vec(),
        ..Default::default()
    };
    signer.sign(&HttpProfile::ecustoms(), &mut message, "n1", noon()).unwrap();
    (signer, message)
}

fn verify(signer: &HttpSigner, message: &HttpMessage, at: DateTime<Utc>) -> Result<String, HttpRefusal> {
    let key =
        |id: &str| (id == "customs-1").then(|| HttpKey::from_spki(&signer.public_key().unwrap()).unwrap());
    HttpProfile::ecustoms().verify(message, key, at).map(|signature| signature.nonce)
}

#[test]
fn what_we_sign_verifies_until_it_expires() {
    let (signer, message) = signed();
    assert_eq!(verify(&signer, &message, noon()).unwrap(), "n1");
    assert!(verify(&signer, &message, noon() + TimeDelta::seconds(300)).is_ok());
    assert_eq!(verify(&signer, &message, noon() + TimeDelta::seconds(301)), Err(HttpRefusal::Expired));
    assert_eq!(verify(&signer, &message, noon() - TimeDelta::seconds(61)), Err(HttpRefusal::NotYetValid));
}

#[test]
fn anything_altered_on_the_way_is_refused() {
    let (signer, message) = signed();
    let altered = |change: fn(&mut HttpMessage)| {
        let mut message = message.clone();
        change(&mut message);
        verify(&signer, &message, noon()).unwrap_err()
    };
    assert_eq!(altered(|message| message.body = b"[]".to_vec()), HttpRefusal::DigestMismatch);
    assert_eq!(altered(|message| message.method = "PUT".to_owned()), HttpRefusal::Invalid);
    assert_eq!(altered(|message| message.query = None), HttpRefusal::Invalid);
    assert_eq!(altered(|message| message.headers.clear()), HttpRefusal::Missing);
    let (other, _) = signed();
    assert_eq!(verify(&other, &message, noon()), Err(HttpRefusal::Invalid));
}

#[test]
fn a_head_is_verified_before_the_content_has_come() {
    let (signer, message) = signed();
    let key = HttpKey::from_spki(&signer.public_key().unwrap()).unwrap();
    let (content, profile) = (message.body.clone(), HttpProfile::ecustoms());
    let mut head_only = HttpMessage { body: Vec::new(), ..message };
    assert!(profile.is_claimed_by(&head_only));
    let head = profile.read_head(&head_only, noon()).unwrap();
    assert_eq!(head.key_id(), "customs-1");
    assert_eq!(head.verify(&head_only, &key).unwrap().nonce, "n1");
    assert_eq!(profile.verify_content(&head_only), Err(HttpRefusal::DigestMismatch));
    head_only.body = content;
    assert_eq!(profile.verify_content(&head_only), Ok(()));
    head_only.headers.retain(|(name, _)| name != "content-digest");
    assert_eq!(profile.verify_content(&head_only), Err(HttpRefusal::DigestMissing));
    assert_eq!(profile.read_head(&head_only, noon()).unwrap_err(), HttpRefusal::DigestMissing);
}

#[test]
fn a_shared_secret_is_no_algorithm_of_the_profile() {
    let (signer, mut message) = signed();
    for (name, value) in &mut message.headers {
        if name == "signature-input" {
            *value = value.replace("alg=\"ed25519\"", "alg=\"hmac-sha256\"");
        }
    }
    assert_eq!(verify(&signer, &message, noon()), Err(HttpRefusal::AlgorithmRefused));
    for (name, value) in &mut message.headers {
        if name == "signature-input" {
            *value = value.replace("tag=\"ecustoms\"", "tag=\"another\"");
        }
    }
    assert!(!HttpProfile::ecustoms().is_claimed_by(&message));
}
