//! Suites of message signatures (RFC 9421) and of signature vectors.

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::DateTime;
use customs_signatures::{
    Fault, RawScheme,
    http::{HttpAlgorithm, HttpKey, HttpMessage, HttpProfile, signature_base},
    is_signed, jws_is_intact_under,
};
use serde_json::Value;

use super::{Outcome, judged, name, text};
use crate::commands::verify::from_pem;

type Named = (String, Outcome);

/// Runs a suite of these kinds; `None` when it is of another.
pub(super) fn run(_: &Path, suite: &Value) -> Option<Vec<Named>> {
    if let Some(groups) = suite.get("testGroups").and_then(Value::as_array) {
        return Some(groups.iter().flat_map(vectors).collect());
    }
    let cases = suite.get("cases").and_then(Value::as_array)?;
    let keys = suite.get("keys")?;
    let judge = |case: &Value| {
        let outcome =
            if case.get("request").is_some() { request(keys, case) } else { published(suite, keys, case) };
        (name(case), outcome.unwrap_or_else(|| Outcome::Differs("case is of no known form".to_owned())))
    };
    Some(cases.iter().map(judge).collect())
}

fn key(value: Option<&Value>) -> Option<HttpKey> {
    let value = value?;
    let pem = value.as_str().or_else(|| value.get(0).and_then(Value::as_str))?;
    HttpKey::from_spki(&from_pem(pem)?).ok()
}

/// A request under our own profile: the verdict and the code.
fn request(keys: &Value, case: &Value) -> Option<Outcome> {
    let sent = case.get("request")?;
    let query = text(sent, "query");
    let message = HttpMessage {
        method: text(sent, "method").to_owned(),
        scheme: "https".to_owned(),
        authority: text(sent, "authority").to_owned(),
        path: text(sent, "path").to_owned(),
        query: (!query.is_empty()).then(|| query.to_owned()),
        status: None,
        headers: serde_json::from_value(sent.get("headers")?.clone()).ok()?,
        body: text(sent, "body").into(),
    };
    let at = DateTime::from_timestamp(case.get("time")?.as_i64()?, 0)?;
    let outcome = HttpProfile::ecustoms().verify(&message, |id| key(keys.get(id)), at);
    let code = outcome.as_ref().err().map(|refusal| refusal.code());
    let agrees = outcome.is_ok() == (text(case, "expected") == "valid")
        && code == case.get("error").and_then(Value::as_str);
    Some(judged(true, agrees, code.unwrap_or("valid").to_owned()))
}

/// A published case of RFC 9421, B.2: the signature base and the signature over it.
fn published(suite: &Value, keys: &Value, case: &Value) -> Option<Outcome> {
    let expected = text(case, "signature_base");
    let mut message = printed(text(suite, text(case, "message")))?;
    if message.status.is_some() {
        // The digest the response is printed with is not the one its signature was made with.
        let line = expected.lines().find_map(|line| line.strip_prefix("\"content-digest\": "));
        for (name, value) in &mut message.headers {
            if name.eq_ignore_ascii_case("content-digest") {
                line.unwrap_or_default().clone_into(value);
            }
        }
    }
    if signature_base(&message, text(case, "signature_input")).as_deref() != Some(expected) {
        return Some(Outcome::Differs("signature base is another".to_owned()));
    }
    let Some(algorithm) = HttpAlgorithm::of_name(text(case, "algorithm")) else {
        return Some(Outcome::Agrees(format!("{} | refused by name", text(case, "algorithm"))));
    };
    let signature = STANDARD.decode(text(case, "signature")).ok()?;
    let key = key(keys.get(text(case, "key")))?;
    let good = key.verifies(algorithm, expected.as_bytes(), &signature);
    Some(judged(text(case, "expected") == "valid", good, algorithm.name().to_owned()))
}

fn printed(printed: &str) -> Option<HttpMessage> {
    let (head, body) = printed.split_once("\n\n")?;
    let (first, fields) = head.split_once('\n')?;
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let headers: Vec<(String, String)> = fields.lines().map(pair).collect::<Option<_>>()?;
    let host = headers.iter().find(|(name, _)| name == "Host").map(|(_, host)| host.clone());
    let mut words = first.split(' ');
    let (start, second) = (words.next()?, words.next()?);
    let mut message = HttpMessage {
        scheme: "https".to_owned(),
        authority: host.unwrap_or_default(),
        headers,
        body: body.into(),
        ..HttpMessage::default()
    };
    if let Ok(status) = second.parse() {
        message.status = Some(status);
    } else {
        let (path, query) =
            second.split_once('?').map_or((second, None), |(path, query)| (path, Some(query)));
        start.clone_into(&mut message.method);
        path.clone_into(&mut message.path);
        message.query = query.map(str::to_owned);
    }
    Some(message)
}

/// Vectors of one key: signatures over octets, or compact JWS.
fn vectors(group: &Value) -> Vec<Named> {
    let tests = group.get("tests").and_then(Value::as_array).into_iter().flatten();
    let judge = |test: &Value| {
        let id = test.get("tcId").map(ToString::to_string).unwrap_or_default();
        (format!("{id} {}", text(test, "comment")), vector(group, test))
    };
    tests.map(judge).collect()
}

fn vector(group: &Value, test: &Value) -> Outcome {
    let expected = text(test, "result") == "valid";
    let Some(jws) = test.get("jws").and_then(Value::as_str) else { return octets(group, test, expected) };
    let jwk = group.get("public").or_else(|| group.get("private")).map(ToString::to_string);
    match jws_is_intact_under(jws, &jwk.unwrap_or_default()) {
        Ok(()) => judged(expected, true, "intact".to_owned()),
        Err(refusal) => {
            let by_name = !matches!(refusal.fault(), Fault::Invalid | Fault::DigestMismatch);
            judged(true, !expected || by_name, format!("{}: {}", refusal.fault(), refusal.detail()))
        }
    }
}

fn octets(group: &Value, test: &Value, expected: bool) -> Outcome {
    let spki = hex::decode(text(group, "publicKeyDer")).unwrap_or_default();
    let (message, signature) = (hex::decode(text(test, "msg")), hex::decode(text(test, "sig")));
    let (Ok(message), Ok(signature)) = (message, signature) else {
        return Outcome::Differs("octets are not hexadecimal".to_owned());
    };
    let scheme = match text(group, "type") {
        "RsassaPkcs1Verify" => RawScheme::RsaPkcs1Sha256,
        "RsassaPssVerify" => RawScheme::RsaPssSha256,
        "EcdsaVerify" => RawScheme::EcdsaSha256,
        "EddsaVerify" => RawScheme::Ed25519,
        other => return Outcome::Differs(format!("{other} is of no known form")),
    };
    match is_signed(scheme, &spki, &message, &signature) {
        Ok(good) => judged(expected, good, text(test, "result").to_owned()),
        Err(fault) => Outcome::Agrees(format!("{fault} | refused by name")),
    }
}
