//! Requests that a system has signed: taken in its organisation's name, once, and refused by a code of their own.

use chrono::TimeDelta;
use customs_gateway::{GatewayConfig, Limits};
use customs_signatures::http::{HttpMessage, HttpProfile, HttpSigner};
use customs_web_broker_contract::MemberRole;
use openssl::pkey::PKey;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::stand::{Stand, json_of, problem_of, start};

const LIST: &str = "/transits?first=3";
const GRANT: &str = "/delegations";

/// A system whose key the register knows as `id`.
fn system(stand: &Stand, id: &str) -> HttpSigner {
    let signer = HttpSigner::generate(id).unwrap();
    let spki = signer.public_key().unwrap();
    stand.services.system_keys.lock().unwrap().insert(id.to_owned(), spki);
    signer
}

fn grant() -> Value {
    json!({"representative": "KZ2", "scope": ["declare"], "validTo": start() + TimeDelta::days(1)})
}

/// A request to the stand as a system writes it.
fn written(method: &Method, target: &str, body: &Value) -> HttpMessage {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    HttpMessage {
        method: method.to_string(),
        scheme: "http".to_owned(),
        authority: "127.0.0.1:8080".to_owned(),
        path: path.to_owned(),
        query: query.map(str::to_owned),
        body,
        ..HttpMessage::default()
    }
}

/// The request of `message` to `target`, as its head says and with its body.
fn sent(stand: &Stand, message: HttpMessage, target: &str) -> RequestBuilder {
    let mut request = stand.ask(message.method.parse().unwrap(), target).header("idempotency-key", "k");
    for (name, value) in &message.headers {
        request = request.header(name, value);
    }
    if message.body.is_empty() {
        request
    } else {
        request.header("content-type", "application/json").body(message.body)
    }
}

/// The signed message of a request that grants a delegation.
fn signed(signer: &HttpSigner, nonce: &str) -> HttpMessage {
    let mut message = written(&Method::POST, GRANT, &grant());
    signer.sign(&HttpProfile::ecustoms(), &mut message, nonce, start()).unwrap();
    message
}

fn listing(signer: &HttpSigner, nonce: &str) -> HttpMessage {
    let mut message = written(&Method::GET, LIST, &Value::Null);
    signer.sign(&HttpProfile::ecustoms(), &mut message, nonce, start()).unwrap();
    message
}

/// The message with `from` in a header field replaced by `to`.
fn changed(mut message: HttpMessage, field: &str, (from, to): (&str, &str)) -> HttpMessage {
    for (name, value) in &mut message.headers {
        if name == field {
            assert!(value.contains(from), "{value}");
            *value = value.replace(from, to);
        }
    }
    message
}

#[actix_web::test]
async fn a_signed_request_is_taken_in_the_name_of_the_organisation() {
    let stand = Stand::plain().await;
    let signer = system(&stand, "key-1");
    let answer = sent(&stand, listing(&signer, "n1"), LIST).send().await.unwrap();
    assert_eq!(json_of(answer, 200).await["items"].as_array().unwrap().len(), 3);
    let caller = stand.services.last_caller.lock().unwrap().clone().unwrap();
    assert!(caller.actor.is_system(), "{caller:?}");
    assert_eq!(caller.actor.party.unwrap().as_str(), "KZ1");
    let answer = sent(&stand, signed(&signer, "n2"), GRANT).send().await.unwrap();
    assert_eq!(
        json_of(answer, 200).await["representative"],
        "KZ2",
        "the content came through as it was sent"
    );

    let mut message = written(&Method::GET, "/auth/session", &Value::Null);
    signer.sign(&HttpProfile::ecustoms(), &mut message, "n3", start()).unwrap();
    let viewer = json_of(sent(&stand, message, "/auth/session").send().await.unwrap(), 200).await;
    assert_eq!((&viewer["party"], &viewer["roles"]), (&json!("KZ1"), &json!(["declarant"])));
    let mut message = written(&Method::POST, "/graphql", &json!({"query": "{ viewer { party } }"}));
    signer.sign(&HttpProfile::ecustoms(), &mut message, "n4", start()).unwrap();
    let told = json_of(sent(&stand, message, "/graphql").send().await.unwrap(), 200).await;
    assert_eq!(told["data"]["viewer"]["party"], "KZ1", "{told}");
}

#[actix_web::test]
async fn every_refusal_of_a_signed_request_has_its_own_code() {
    let stand = Stand::plain().await;
    let signer = system(&stand, "key-1");
    let stranger = HttpSigner::generate("key-2").unwrap();
    let forger = HttpSigner::generate("key-1").unwrap();
    let input = "signature-input";
    let digestless = {
        let mut message = written(&Method::POST, GRANT, &Value::Null);
        signer.sign(&HttpProfile::ecustoms(), &mut message, "d", start()).unwrap();
        message.body = grant().to_string().into_bytes();
        message
    };
    let at = |seconds| {
        let mut message = written(&Method::POST, GRANT, &grant());
        let when = start() + TimeDelta::seconds(seconds);
        signer.sign(&HttpProfile::ecustoms(), &mut message, "t", when).unwrap();
        message
    };
    let fresh = || signed(&signer, "f");
    let altered = HttpMessage { body: b"{\"representative\":\"KZ3\"}".to_vec(), ..fresh() };
    let mut halved = fresh();
    halved.headers.retain(|(name, _)| name != "signature");
    for (message, target, code) in [
        (altered, GRANT, "request-digest-mismatch"),
        (digestless, GRANT, "request-digest-missing"),
        (fresh(), "/delegations?x=1", "request-signature-invalid"),
        (listing(&signer, "f"), "/transits?first=4", "request-signature-invalid"),
        (listing(&signer, "f"), "/notifications?first=3", "request-signature-invalid"),
        (signed(&forger, "f"), GRANT, "request-signature-invalid"),
        (signed(&stranger, "f"), GRANT, "system-key-unknown"),
        (at(-301), GRANT, "request-signature-expired"),
        (at(61), GRANT, "request-signature-not-yet-valid"),
        (halved, GRANT, "request-signature-malformed"),
        (changed(fresh(), input, ("sig1=(", "sig1=((")), GRANT, "request-signature-malformed"),
        (changed(fresh(), input, (" \"@query\"", "")), GRANT, "request-signature-coverage"),
        (changed(fresh(), input, (" \"content-digest\"", "")), GRANT, "request-signature-coverage"),
        (changed(fresh(), input, ("nonce=\"f\";", "")), GRANT, "request-signature-parameter-missing"),
        (
            changed(fresh(), input, ("=\"ed25519\"", "=\"hmac-sha256\"")),
            GRANT,
            "request-signature-algorithm-refused",
        ),
        (
            changed(fresh(), input, ("=\"ed25519\"", "=\"rsa-pss-sha512\"")),
            GRANT,
            "request-signature-algorithm-mismatch",
        ),
    ] {
        let answer = sent(&stand, message, target).send().await.unwrap();
        assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"), "{code}");
        assert!(
            answer.headers()["accept-signature"].to_str().unwrap().contains("tag=\"ecustoms\""),
            "{code}"
        );
        let problem = problem_of(answer, 401).await;
        assert_eq!(problem["code"], code, "{problem}");
        assert!(problem["errors"][0]["pointer"].as_str().is_some_and(|at| at.starts_with('/')), "{problem}");
    }
    assert!(stand.services.nonces.lock().unwrap().is_empty(), "what was refused used no nonce up");

    json_of(sent(&stand, fresh(), GRANT).send().await.unwrap(), 200).await;
    let again = problem_of(sent(&stand, fresh(), GRANT).send().await.unwrap(), 401).await;
    assert_eq!(again["code"], "request-signature-replayed");
    stand.services.revoked.lock().unwrap().insert("key-1".to_owned());
    let revoked = problem_of(sent(&stand, signed(&signer, "g"), GRANT).send().await.unwrap(), 401).await;
    assert_eq!(revoked["code"], "system-key-revoked", "at once, though the key is at hand");
}

#[actix_web::test]
async fn a_token_and_a_signature_together_are_refused_and_other_signatures_are_passed_over() {
    let stand = Stand::plain().await;
    let signer = system(&stand, "key-1");
    let token = stand.token(&[MemberRole::Declarant]).await;
    let both = sent(&stand, listing(&signer, "n"), LIST).bearer_auth(&token).send().await.unwrap();
    assert_eq!(problem_of(both, 400).await["code"], "credentials-two");
    let foreign = changed(listing(&signer, "n"), "signature-input", ("\"ecustoms\"", "\"web-bot-auth\""));
    let answer = sent(&stand, foreign.clone(), LIST).bearer_auth(&token).send().await.unwrap();
    json_of(answer, 200).await;
    let nobody = sent(&stand, foreign, LIST).send().await.unwrap();
    assert_eq!(problem_of(nobody, 401).await["code"], "unauthenticated");
    let unknown = sent(&stand, listing(&signer, "n"), "/nowhere").send().await.unwrap();
    assert_eq!(problem_of(unknown, 404).await["code"], "path-unknown");
}

#[actix_web::test]
async fn a_request_is_signed_for_a_host_of_this_gateway() {
    let config = GatewayConfig {
        public_url: "https://customs.example".to_owned(),
        authorities: vec!["border.example:8443".to_owned()],
        ..GatewayConfig::default()
    };
    let stand = Stand::with(config).await;
    let signer = system(&stand, "key-1");
    for (nonce, signed_for, host, good) in [
        ("a", "customs.example", None, true),
        ("b", "customs.example:443", Some("customs.example"), true),
        ("c", "border.example:8443", Some("border.example:8443"), true),
        ("d", "border.example:8443", None, false),
        ("e", "elsewhere.example", Some("elsewhere.example"), false),
    ] {
        let mut message = HttpMessage {
            scheme: "https".to_owned(),
            authority: signed_for.to_owned(),
            ..written(&Method::GET, LIST, &Value::Null)
        };
        signer.sign(&HttpProfile::ecustoms(), &mut message, nonce, start()).unwrap();
        let mut request = sent(&stand, message, LIST);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let answer = request.send().await.unwrap();
        if good {
            json_of(answer, 200).await;
        } else {
            assert_eq!(problem_of(answer, 401).await["code"], "request-signature-invalid", "{signed_for}");
        }
    }
}

#[actix_web::test]
async fn limits_count_each_key_and_strangers_by_their_address() {
    let limits = Limits { requests_max: 3, logins_max: 1, ..Limits::default() };
    let stand = Stand::with(GatewayConfig { limits, ..GatewayConfig::default() }).await;
    let (one, other) = (system(&stand, "key-1"), system(&stand, "key-2"));
    for nonce in ["a", "b", "c"] {
        json_of(sent(&stand, listing(&one, nonce), LIST).send().await.unwrap(), 200).await;
    }
    let refused = problem_of(sent(&stand, listing(&one, "d"), LIST).send().await.unwrap(), 429).await;
    assert_eq!(refused["code"], "too-many-requests");
    let stranger = HttpSigner::generate("key-3").unwrap();
    let strange = problem_of(sent(&stand, listing(&other, "a"), LIST).send().await.unwrap(), 429).await;
    assert_eq!(strange["code"], "too-many-requests", "the address has looked a key up already: {strange}");
    let strange = problem_of(sent(&stand, listing(&stranger, "a"), LIST).send().await.unwrap(), 429).await;
    assert_eq!(strange["code"], "too-many-requests");
}

#[test]
fn a_key_that_is_too_weak_signs_nothing() {
    let weak = PKey::from_rsa(openssl::rsa::Rsa::generate(1024).unwrap()).unwrap();
    assert!(HttpSigner::from_pkcs8(&weak.private_key_to_pkcs8().unwrap(), "k").is_err());
}
