//! Broken, hostile and oversized JSON: as a document, and as the body of an operation.

use reqwest::{Method, blocking::Body};
use serde_json::json;

use crate::{
    client::{Answer, Person},
    documents::{json, lrn},
    report::{Report, names_its_place},
    suite::Suite,
};

/// Texts that are no JSON, or none that is read here, by name.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let text = |name, text: &str| (name, text.as_bytes().to_vec());
    vec![
        text("blanks", "  "),
        text("half an object", r#"{"title":"#),
        text("no key", "{\"title\":}"),
        text("a key without quotes", "{title: 1}"),
        text("single quotes", "{'title': 1}"),
        text("a comma too many", r#"{"title":"x",}"#),
        text("something behind it", r#"{"title":"x"} {}"#),
        text("a byte order mark", "\u{feff}{}"),
        text("not a number", r#"{"title":NaN}"#),
        text("infinity", r#"{"title":-Infinity}"#),
        text("a number past every bound", r#"{"title":1e400}"#),
        text("a lone surrogate", r#"{"title":"\ud800"}"#),
        text("half a surrogate pair", r#"{"title":"\udc00x"}"#),
        text("a control character", "{\"title\":\"a\u{1}b\"}"),
        text("a key twice", r#"{"title":"a","title":"b","kind":"transit","content":"{}"}"#),
        text("a comment", "{/* x */}"),
        text("null", "null"),
        text("a list", "[{}]"),
        text("a text", "\"{}\""),
        text("200,000 levels", &"[".repeat(200_000)),
        text("200,000 levels that end", &format!("{}{}", "[".repeat(200_000), "]".repeat(200_000))),
        text("100 levels of objects", &format!("{}1{}", r#"{"a":"#.repeat(100), "}".repeat(100))),
        ("bytes that are no UTF-8", b"{\"title\":\"\xff\xfe\"}".to_vec()),
        ("UTF-16", "{}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ]
}

fn body(person: &Person, path: &str, media: &str, octets: impl Into<Body>) -> Answer {
    Answer::to(person.effect(path).header("Content-Type", media).body(octets))
}

#[test]
fn no_json_body_breaks_the_suite() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let mut report = Report::default();
    for path in ["/drafts", "/guarantees", "/webhooks"] {
        for (case, octets) in broken() {
            let answer = body(&declarant, path, "application/json", octets);
            report.note(&format!("{path}: {case}"), names_its_place(&answer, &[(400, "input-invalid")]));
        }
        suite.door().still_answers();
    }
    let draft = json!({"kind": "transit", "title": "a", "content": "{}"}).to_string();
    for (media, code) in [
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json; charset=utf-16", 415),
        ("multipart/form-data", 415),
        ("", 415),
    ] {
        let answer = body(&declarant, "/drafts", media, draft.clone());
        report.refused(&format!("sent as {media:?}"), &answer, &[(code, "media-type-unsupported")]);
    }
    let packed = declarant.effect("/drafts").header("Content-Encoding", "gzip").json(&json!({}));
    report.refused("a packed body", &Answer::to(packed), &[(415, "media-type-unsupported")]);
    let large = vec![b' '; 5_000_001];
    let told = body(&declarant, "/drafts", "application/json", large.clone());
    report.refused("an octet too many", &told, &[(413, "too-large")]);
    let chunked = body(&declarant, "/drafts", "application/json", Body::new(std::io::Cursor::new(large)));
    report.refused("an octet too many in chunks", &chunked, &[(413, "too-large")]);
    report.end();
    suite.is_sound();
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let answer = declarant.post(
        "/guarantees",
        &json!({
            "guaranteeType": "7", "owner": 12, "officeOfGuarantee": "x", "validFrom": "2026-02-30",
            "insuredAmount": {"amount": 9_007_199_254_740_993_u64, "currency": "E"}, "paymentTerms": "a\u{0}b",
            "surprise": true,
        }),
    );
    let mut report = Report::default();
    report.note("the refusal", names_its_place(&answer, &[(400, "input-invalid")]));
    let problem = answer.json();
    let pointers: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().filter_map(|error| error["pointer"].as_str()).collect();
    for pointer in [
        "/guaranteeType",
        "/owner",
        "/officeOfGuarantee",
        "/validFrom",
        "/validUntil",
        "/insuredAmount/amount",
        "/insuredAmount/currency",
        "/paymentTerms",
        "/liabilities",
        "/surprise",
    ] {
        let named = pointers.contains(&pointer);
        report.note(pointer, if named { Ok(()) } else { Err(format!("is not named: {pointers:?}")) });
    }
    for (path, pointer) in [
        ("/drafts?first=0", "/first"),
        ("/drafts?first=101", "/first"),
        ("/drafts?first=many", "/first"),
        ("/drafts?first=1&first=2", "/first"),
        ("/drafts?surprise=1", "/surprise"),
        ("/drafts?after=zzz", "/after"),
        ("/transits?first=9999999999999999999999", "/first"),
        ("/transits?changedSince=yesterday", "/changedSince"),
        ("/notifications?after=%00", "/after"),
    ] {
        let answer = Answer::to(declarant.ask(Method::GET, path));
        report.note(path, names_its_place(&answer, &[(400, "input-invalid")]));
        let named = answer.json()["errors"][0]["pointer"] == pointer;
        report.note(
            path,
            if named { Ok(()) } else { Err(format!("does not name {pointer}: {}", answer.text())) },
        );
    }
    report.end();
}

#[test]
fn no_json_document_gets_past_the_parser() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let good = json(&declarant, &lrn());
    let lrn_field = "\"LRN\":";
    let at = good.find(lrn_field).unwrap() + lrn_field.len();
    let end = at + good[at..].find([',', '}']).unwrap();
    let with = |value: &str| format!("{}{value}{}", &good[..at], &good[end..]).into_bytes();
    let mut report = Report::default();
    let own = vec![
        ("a number for a text", with("12345678")),
        ("null for a text", with("null")),
        ("an object for a text", with("{\"a\":1}")),
        ("a lone surrogate in a value", with("\"\\ud83d\"")),
        ("U+0000 in a value", with("\"A\\u0000B\"")),
        ("a value twice", with("\"ABC\",\"LRN\":\"DEF\"")),
        ("a field nobody knows", with("\"ABC\",\"surprise\":1")),
        ("a deep value", with(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)))),
    ];
    for (case, octets) in broken().into_iter().chain(own) {
        let answer = declarant.send("/movements/departures", "application/json", &octets);
        report.note(
            case,
            names_its_place(
                &answer,
                &[(400, "message-malformed"), (400, "input-invalid"), (400, "message-type")],
            ),
        );
        suite.door().still_answers();
    }
    let taken =
        declarant.send("/movements/departures", "application/json", json(&declarant, &lrn()).as_bytes());
    assert_eq!(taken.status, 202, "{taken:?}");
    for media in ["text/plain", "application/json; charset=latin1", "application/octet-stream"] {
        let answer = declarant.send("/movements/departures", media, good.as_bytes());
        report.refused(media, &answer, &[(415, "media-type-unsupported")]);
    }
    report.end();
    suite.is_sound();
}
