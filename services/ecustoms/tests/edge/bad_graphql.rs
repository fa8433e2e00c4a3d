//! GraphQL that asks for too much or in the wrong way: refused before anything is resolved.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::{
    client::{Answer, Person},
    report::{Report, is_graphql_error},
    suite::Suite,
};

const TYPED: &str = "application/graphql-response+json";
const SLOWEST: Duration = Duration::from_secs(2);

fn fan(width: usize, depth: usize) -> String {
    let level = |level: usize| {
        let uses = repeated(width, |n| format!("f{n}: movements {{ ...F{} }} ", level + 1));
        format!("fragment F{level} on Query {{ {uses} }} ")
    };
    let levels: String = (0..depth).map(level).collect();
    format!("{{ ...F0 }} {levels} fragment F{depth} on Query {{ __typename }}")
}

fn repeated(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().concat()
}

/// Documents that must be refused, by name, with the code.
fn costly() -> Vec<(&'static str, String)> {
    vec![
        ("fragments that multiply, 8 deep", fan(4, 8)),
        ("fragments that multiply, 14 deep", fan(4, 14)),
        ("fragments that multiply, 30 deep", fan(10, 30)),
        ("a fragment that names itself", "{ ...A } fragment A on Query { ...A }".to_owned()),
        (
            "fragments that name each other",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
        ),
        ("20,000 aliases", format!("{{ {} }}", repeated(20_000, |n| format!("a{n}:__typename ")))),
        ("60 aliases", format!("{{ {} }}", repeated(60, |n| format!("a{n}: viewer {{ subject }} ")))),
        ("one field 30,000 times", format!("{{ {} }}", "__typename ".repeat(30_000))),
        ("10,000 directives", format!("{{ __typename {} }}", "@skip(if: false) ".repeat(10_000))),
        ("60 directives", format!("{{ __typename {} }}", "@skip(if: false) ".repeat(60))),
        ("2,000 levels", format!("{}{}", "{ viewer ".repeat(2_000), "}".repeat(2_000))),
        (
            "2,000 lists in a value",
            format!(
                "{{ movements(mrn: {}{}) {{ edges {{ cursor }} }} }}",
                "[".repeat(2_000),
                "]".repeat(2_000)
            ),
        ),
        (
            "a list of 5,000",
            format!("{{ selectedOffices(ids: [{}]) {{ id }} }}", "\"KZALA001\" ".repeat(5_000)),
        ),
        ("a huge page", "{ movements(first: 1000000) { edges { node { id } } } }".to_owned()),
        ("64 KiB and an octet", format!("{{ __typename }} #{}", "x".repeat(65_536 - 15))),
        (
            "a text of 70,000",
            format!("{{ movements(mrn: \"{}\") {{ edges {{ cursor }} }} }}", "x".repeat(70_000)),
        ),
        ("100 operations", repeated(100, |n| format!("query Q{n} {{ __typename }} "))),
    ]
}

fn posted(person: &Person, media: &str, body: impl Into<reqwest::blocking::Body>) -> Answer {
    let request = person.ask(Method::POST, "/graphql").header("Accept", TYPED);
    Answer::to(request.header("Content-Type", media).body(body))
}

fn asked(person: &Person, query: &str) -> Answer {
    posted(person, "application/json", json!({ "query": query }).to_string())
}

#[test]
fn no_document_asks_for_too_much() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let mut report = Report::default();
    for (case, query) in costly() {
        let since = Instant::now();
        let answer = asked(&declarant, &query);
        report.note(case, is_graphql_error(&answer, &[400], &["graphql-too-costly"]));
        let took = since.elapsed();
        report.note(case, if took < SLOWEST { Ok(()) } else { Err(format!("took {took:?}")) });
        let next = asked(&declarant, "{ __typename }");
        report.note(case, if next.status == 200 { Ok(()) } else { Err(format!("then {next:?}")) });
    }
    let comment = asked(&declarant, &format!("{{ __typename }} #{}", "x".repeat(8_000_000)));
    report.note(
        "a comment of 8 MB",
        is_graphql_error(&comment, &[400, 413], &["graphql-too-costly", "too-large"]),
    );
    report.end();
    suite.is_sound();
}

#[test]
fn a_document_that_cannot_be_asked_is_refused_by_its_code() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let mut report = Report::default();
    for (case, query, code) in [
        ("nothing", "", "graphql-syntax"),
        ("half a document", "{ viewer {", "graphql-syntax"),
        ("a field nobody knows", "{ surprise }", "graphql-invalid"),
        ("no selection", "{ viewer }", "graphql-invalid"),
        ("an argument nobody knows", "{ viewer(x: 1) { subject } }", "graphql-invalid"),
        ("a value of the wrong type", "{ movement(id: 3) { id } }", "input-invalid"),
        ("a variable left out", "query Q($id: UUID!) { notification(id: $id) { id } }", "graphql-invalid"),
        ("a subscription", "subscription { notifications { number } }", "input-invalid"),
        ("control characters", "{ viewer \u{0} { subject } }", "graphql-syntax"),
        ("a bad cursor", "{ movements(after: \"zzz\") { edges { cursor } } }", "input-invalid"),
    ] {
        let answer = asked(&declarant, query);
        report.note(case, is_graphql_error(&answer, &[200, 400], &[code]));
    }
    report.end();
}

#[test]
fn what_is_no_request_is_refused_by_its_code() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let mut report = Report::default();
    for (case, media, body, status, code) in [
        (
            "a batch",
            "application/json",
            r#"[{"query":"{__typename}"},{"query":"{__typename}"}]"#,
            400,
            "graphql-batch",
        ),
        ("no query", "application/json", "{}", 400, "input-invalid"),
        ("a query that is a number", "application/json", r#"{"query":1}"#, 400, "input-invalid"),
        (
            "variables that are a list",
            "application/json",
            r#"{"query":"{__typename}","variables":[1]}"#,
            400,
            "input-invalid",
        ),
        ("a text", "application/json", "\"{__typename}\"", 400, "input-invalid"),
        ("no JSON", "application/json", "{", 400, "input-invalid"),
        (
            "a key twice",
            "application/json",
            r#"{"query":"{a}","query":"{__typename}"}"#,
            400,
            "input-invalid",
        ),
        ("plain text", "text/plain", r#"{"query":"{__typename}"}"#, 415, "media-type-unsupported"),
        (
            "a form",
            "application/x-www-form-urlencoded",
            "query=%7B__typename%7D",
            415,
            "media-type-unsupported",
        ),
        ("a document as it is", "application/graphql", "{__typename}", 415, "media-type-unsupported"),
        ("a form of parts", "multipart/form-data; boundary=x", "--x--", 415, "media-type-unsupported"),
    ] {
        report.note(case, is_graphql_error(&posted(&declarant, media, body), &[status], &[code]));
    }
    let deep = format!(
        r#"{{"query":"{{__typename}}","variables":{{"a":{}{}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    report.note(
        "deep variables",
        is_graphql_error(&posted(&declarant, "application/json", deep), &[400], &["input-invalid"]),
    );
    let large = posted(&declarant, "application/json", vec![b' '; 5_000_001]);
    report.note("an octet too many", is_graphql_error(&large, &[413], &["too-large"]));
    let get = |query: &str| {
        Answer::to(declarant.ask(Method::GET, &format!("/graphql?query={query}")).header("Accept", TYPED))
    };
    let changed = get("mutation%7BrequestChallenge%7Bchallenge%7Bchallenge%7D%7D%7D");
    report.note("a mutation by GET", is_graphql_error(&changed, &[405], &["method-not-allowed"]));
    report.note(
        "its Allow",
        if changed.header("allow") == "POST" { Ok(()) } else { Err(format!("{changed:?}")) },
    );
    let read = get("%7B__typename%7D");
    report.note("a query by GET", if read.status == 200 { Ok(()) } else { Err(format!("{read:?}")) });
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let answer = Answer::to(declarant.ask(method.clone(), "/graphql").header("Accept", TYPED));
        report.note(method.as_str(), is_graphql_error(&answer, &[405], &["method-not-allowed"]));
    }
    report.end();
    suite.is_sound();
}

#[test]
fn who_is_not_logged_in_learns_nothing_by_graphql() {
    let suite = Suite::embedded();
    let door = suite.door();
    let mut report = Report::default();
    for query in [
        "{ movements { edges { node { id } } } }",
        "{ guarantees { edges { node { id } } } }",
        "{ parties { edges { node { eori } } } }",
        "{ organisations { edges { node { id } } } }",
        "mutation { saveDraft(input: {kind: TRANSIT, title: \"x\", content: \"{}\"}) { draft { head { id } } } }",
    ] {
        let answer = door.post("/graphql", &json!({ "query": query }));
        report.note(query, is_graphql_error(&answer, &[200], &["unauthenticated", "graphql-invalid"]));
        let bare = answer.json()["data"]
            .as_object()
            .is_none_or(|data| data.values().all(serde_json::Value::is_null));
        report.note(query, if bare { Ok(()) } else { Err(answer.text()) });
    }
    report.end();
}
