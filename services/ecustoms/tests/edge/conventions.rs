//! Keys, versions, methods and paths: what every operation promises.

use std::{collections::BTreeMap, thread};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Person, fresh},
    documents::{lrn, xml},
    report::{Report, is_problem},
    suite::Suite,
};

fn draft(title: &str) -> Value {
    json!({ "kind": "transit", "title": title, "content": "{}" })
}

fn under(person: &Person, path: &str, key: &str, body: &Value) -> Answer {
    Answer::to(person.ask(Method::POST, path).header("Idempotency-Key", key).json(body))
}

fn titles(person: &Person) -> Vec<String> {
    let page = person.get("/drafts?first=100").json();
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|draft| draft["title"].as_str().map(str::to_owned)).collect()
}

#[test]
fn an_effect_under_one_key_happens_once() {
    let suite = Suite::embedded();
    let (declarant, broker) = (suite.door().log_in("declarant"), suite.door().log_in("broker"));
    let mut report = Report::default();
    let bare = Answer::to(declarant.ask(Method::POST, "/drafts").json(&draft("bare")));
    report.refused("no key", &bare, &[(400, "idempotency-key-required")]);
    for (case, key) in
        [("blanks", "   ".to_owned()), ("256 characters", "k".repeat(256)), ("a tab", "a\tb".to_owned())]
    {
        let answer = under(&declarant, "/drafts", &key, &draft("odd"));
        report.refused(case, &answer, &[(400, "idempotency-key-required"), (400, "input-invalid")]);
    }
    let key = fresh();
    let first = under(&declarant, "/drafts", &key, &draft("once"));
    assert_eq!(first.status, 201, "{first:?}");
    let second = under(&declarant, "/drafts", &key, &draft("once"));
    assert_eq!((second.status, second.header("location")), (201, first.header("location")));
    assert_eq!(second.body, first.body, "a replay is the same octet by octet");
    let other = under(&declarant, "/drafts", &key, &draft("another"));
    report.refused("another body", &other, &[(422, "idempotency-key-reused")]);
    let elsewhere = under(&declarant, "/webhooks", &key, &json!({ "url": "http://127.0.0.1:9/" }));
    report.note("another operation", if elsewhere.status < 500 { Ok(()) } else { Err(elsewhere.text()) });
    let theirs = under(&broker, "/drafts", &key, &draft("once"));
    assert_eq!(theirs.status, 201, "the key of one is nothing to another: {theirs:?}");
    let refused = under(&declarant, "/drafts", "again", &json!({}));
    report.refused("a refused request", &refused, &[(400, "input-invalid")]);
    let mended = under(&declarant, "/drafts", "again", &draft("mended"));
    assert_eq!(mended.status, 201, "what was refused did not use the key up: {mended:?}");
    assert_eq!(titles(&declarant).iter().filter(|title| *title == "once").count(), 1);
    report.end();
}

#[test]
fn fifty_twins_have_one_effect() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let twins = |one: &(dyn Fn() -> Answer + Sync)| -> Vec<Answer> {
        thread::scope(|scope| {
            let all: Vec<_> = (0..50).map(|_| scope.spawn(one)).collect();
            all.into_iter().map(|twin| twin.join().unwrap()).collect()
        })
    };
    let agree = |answers: &[Answer], status: u16| {
        let done: Vec<_> = answers.iter().filter(|answer| answer.status == status).collect();
        assert!(!done.is_empty(), "{answers:?}");
        assert!(
            done.iter().all(|answer| answer.body == done[0].body),
            "the twins were told different things"
        );
        for answer in answers.iter().filter(|answer| answer.status != status) {
            is_problem(answer, &[(409, "idempotency-key-in-flight")]).unwrap();
        }
    };
    let key = fresh();
    agree(&twins(&|| under(&declarant, "/drafts", &key, &draft("twin"))), 201);
    assert_eq!(titles(&declarant), ["twin"]);
    let (key, content) = (fresh(), xml(&declarant, &lrn()));
    let lodge = || {
        let request = declarant.ask(Method::POST, "/movements/departures").header("Idempotency-Key", &key);
        let signature = declarant.sign(content.as_bytes());
        let request =
            request.header("Content-Type", "application/xml").header("Ecustoms-Signature", signature);
        Answer::to(request.body(content.clone()))
    };
    agree(&twins(&lodge), 202);
    let movements = declarant.get("/transits?first=100").json();
    assert_eq!(movements["items"].as_array().unwrap().len(), 1, "{movements}");
    suite.is_sound();
}

#[test]
fn a_decision_names_the_version_it_is_about() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let made = declarant.post("/drafts", &draft("first"));
    let path = made.header("location").to_owned();
    let seen = declarant.get(&path);
    let tag = seen.header("etag").to_owned();
    assert!(!tag.is_empty(), "{seen:?}");
    let put = |tag: Option<&str>, title: &str| {
        let request = declarant.ask(Method::PUT, &path).json(&draft(title));
        Answer::to(if let Some(tag) = tag { request.header("If-Match", tag) } else { request })
    };
    let mut report = Report::default();
    report.refused("no version", &put(None, "second"), &[(428, "version-required")]);
    report.refused("any version", &put(Some("*"), "second"), &[(428, "version-required")]);
    for odd in ["\"999\"", "999", "\"x\"", "W/\"1\"", "\"\"", "\"-1\"", "\"99999999999999999999999\""] {
        report.refused(odd, &put(Some(odd), "second"), &[(412, "version-stale"), (400, "input-invalid")]);
    }
    let saved = put(Some(&tag), "second");
    assert_eq!(saved.status, 200, "{saved:?}");
    report.refused("the version before", &put(Some(&tag), "third"), &[(412, "version-stale")]);
    let delete = |tag: Option<&str>| {
        let request = declarant.ask(Method::DELETE, &path);
        Answer::to(if let Some(tag) = tag { request.header("If-Match", tag) } else { request })
    };
    report.refused("delete without version", &delete(None), &[(428, "version-required")]);
    report.refused("delete the version before", &delete(Some(&tag)), &[(412, "version-stale")]);
    let fresh = declarant.get(&path);
    assert_eq!(fresh.json()["head"]["title"], "second");
    let unchanged =
        Answer::to(declarant.ask(Method::GET, &path).header("If-None-Match", fresh.header("etag")));
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    assert_eq!(delete(Some(fresh.header("etag"))).status, 200);
    report.refused("what is gone", &declarant.get(&path), &[(404, "not-found")]);
    report.end();
}

#[test]
fn every_path_has_its_methods_and_no_other() {
    let mut suite = Suite::embedded();
    let administrator = suite.door().log_in("administrator");
    let document = suite.door().get("/openapi.json").json();
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let known = ["get", "put", "post", "delete", "patch"];
        let methods = item.as_object().unwrap().keys().filter(|method| known.contains(&method.as_str()));
        let path = path.replace(['{', '}'], "");
        paths.insert(path, methods.map(|method| method.to_uppercase()).collect());
    }
    let mut report = Report::default();
    for (path, known) in &paths {
        for method in ["GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "BREW"] {
            if known.iter().any(|known| known == method) {
                continue;
            }
            let asked = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = Answer::to(administrator.ask(asked, path));
            let case = format!("{method} {path}");
            let reached_by_another_pattern =
                answer.status != 405 && paths.keys().any(|other| similar(other, path));
            if !reached_by_another_pattern {
                report.refused(&case, &answer, &[(405, "method-not-allowed")]);
                let allowed = known.iter().all(|known| answer.header("allow").contains(known.as_str()));
                report.note(
                    &case,
                    if allowed { Ok(()) } else { Err(format!("Allow: {}", answer.header("allow"))) },
                );
            }
        }
    }
    for path in [
        "/nowhere",
        "/movements/x/y/z",
        "/transits/",
        "//transits",
        "/graphql/x",
        "/%2e%2e/etc/passwd",
        "/..%2f..%2fsecret",
    ] {
        report.refused(path, &administrator.get(path), &[(404, "path-unknown")]);
    }
    let keys = suite.door().get("/sandbox/keys/..%2f..%2f..%2fsecret.p12");
    report.note("a path to a file", if keys.status == 404 { Ok(()) } else { Err(keys.text()) });
    report.end();
    suite.is_sound();
}

/// Whether a path with names in it may also be that of another row.
fn similar(one: &str, other: &str) -> bool {
    one != other && one.split('/').count() == other.split('/').count()
}
