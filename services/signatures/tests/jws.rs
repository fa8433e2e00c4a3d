//! JSON Web Signatures: the published vectors, and detached ones under our own hierarchy.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::issue::{Authority, Credential, KeyKind, Subject, Usage, Validity};
use customs_signatures::{Fault, Profile, TrustStore, Verifier, jws_is_intact_under};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde_json::{Value, json};

/// Keys and algorithms that the profile refuses by name.
const REFUSED: [Fault; 4] =
    [Fault::AlgorithmUnsupported, Fault::AlgorithmRefused, Fault::AlgorithmMismatch, Fault::Malformed];

#[test]
fn published_vectors_get_their_verdict_or_are_refused_by_name() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus/pki-wycheproof/json_web_signature_test.json");
    let Ok(vectors) = fs::read(file) else {
        println!("skipped: the vectors are not here");
        return;
    };
    let vectors: Value = serde_json::from_slice(&vectors).unwrap();
    let (mut verified, mut wrong) = (0, Vec::new());
    for group in vectors["testGroups"].as_array().unwrap() {
        let key = if group["public"].is_object() { &group["public"] } else { &group["private"] };
        for test in group["tests"].as_array().unwrap() {
            let Some(jws) = test["jws"].as_str() else { continue };
            let outcome = jws_is_intact_under(jws, &key.to_string());
            verified += u32::from(outcome.is_ok());
            let named = outcome.as_ref().is_err_and(|refusal| REFUSED.contains(&refusal.fault()));
            let agrees = outcome.is_ok() == (test["result"] == "valid");
            if !agrees && !named {
                wrong.push(format!("{} {}: {outcome:?}", test["tcId"], test["comment"]));
            }
        }
    }
    println!("{verified} verified");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(verified > 20, "{verified}");
}

fn noon() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn nation() -> (Verifier, Credential) {
    let hour = TimeDelta::hours(1);
    let years =
        Validity { not_before: noon() - TimeDelta::days(365), not_after: noon() + TimeDelta::days(365) };
    let root = Authority::root("Root", KeyKind::P384, years).unwrap();
    let subject = Subject {
        common_name: "Broker".to_owned(),
        country: Some("KZ".to_owned()),
        person: Some("IIN800101300125".to_owned()),
        organisation_id: Some("BIN991240000122".to_owned()),
        organisation: Some("Broker".to_owned()),
    };
    let signer = root.issue(&subject, Usage::Signing, KeyKind::Rsa2048, years).unwrap();
    let mut trust = TrustStore::builder(1);
    trust.anchor(&root.certificate().unwrap()).unwrap();
    trust.crl(&root.revocation_list(1, noon() - hour, noon() + hour, &[]).unwrap()).unwrap();
    (Verifier::new(Arc::clone(&trust.build()), Profile::ec_sig_1()), signer)
}

fn sign(signer: &Credential, header: &Value, payload: &[u8]) -> String {
    let protected = URL_SAFE_NO_PAD.encode(header.to_string());
    let key = PKey::private_key_from_der(&signer.key().to_pkcs8().unwrap()).unwrap();
    let mut value = Signer::new(MessageDigest::sha256(), &key).unwrap();
    let value = value.sign_oneshot_to_vec(&[protected.as_bytes(), b".", payload].concat()).unwrap();
    format!("{protected}..{}", URL_SAFE_NO_PAD.encode(value))
}

fn header(signer: &Credential) -> Value {
    json!({ "alg": "RS256", "b64": false, "crit": ["b64"], "x5c": [STANDARD.encode(signer.certificate())] })
}

#[test]
fn a_detached_signature_names_its_signer() {
    let (verifier, signer) = nation();
    let jws = sign(&signer, &header(&signer), b"{\"lrn\":\"1\"}");
    for _ in 0..2 {
        let document = verifier.verify_jws(b"{\"lrn\":\"1\"}", &jws, noon()).unwrap();
        assert_eq!(document.signers().next().unwrap().bin.as_deref(), Some("991240000122"));
    }
    let other = verifier.verify_jws(b"{\"lrn\":\"2\"}", &jws, noon()).unwrap_err();
    assert_eq!(other.fault(), Fault::Invalid);
}

#[test]
fn headers_out_of_the_profile_are_refused() {
    let (verifier, signer) = nation();
    for (change, fault) in [
        (json!({ "alg": "none" }), Fault::AlgorithmUnsupported),
        (json!({ "alg": "HS256" }), Fault::AlgorithmUnsupported),
        (json!({ "alg": "ES256" }), Fault::Invalid),
        (json!({ "alg": "PS256" }), Fault::Invalid),
        (json!({ "b64": true }), Fault::Malformed),
        (json!({ "crit": ["b64", "exp"] }), Fault::Malformed),
        (json!({ "jku": "https://elsewhere.example/keys" }), Fault::Malformed),
        (json!({ "x5c": [] }), Fault::CertMissing),
        (json!({ "x5t#S256": "AAAA" }), Fault::CertMissing),
    ] {
        let mut header = header(&signer);
        for (name, value) in change.as_object().unwrap() {
            header[name] = value.clone();
        }
        let refusal = verifier.verify_jws(b"{}", &sign(&signer, &header, b"{}"), noon()).unwrap_err();
        assert_eq!(refusal.fault(), fault, "{change}");
    }
    for bad in ["", "a", "a.b", "..", "a.b.c.d", "e30..", "@..@"] {
        assert_eq!(verifier.verify_jws(b"{}", bad, noon()).unwrap_err().fault(), Fault::Malformed, "{bad}");
    }
}
