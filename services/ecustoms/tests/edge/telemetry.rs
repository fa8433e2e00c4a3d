//! What the suite tells of itself: one trace for one request, logs without people in them, sound metrics.

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
    time::Duration,
};

use customs_testkit::{Servers, until};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Person, SIGNATURE},
    documents::{lrn, xml},
    spans::{Collector, Span},
    states::reaches,
    suite::Suite,
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
/// Kinds of spans, as they are exported.
const SERVER: u64 = 2;
const CLIENT: u64 = 3;
const CONSUMER: u64 = 5;
/// Exporters wait before they send.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lodges a declaration as a client that traces its own work.
fn lodge_traced(person: &Person) -> String {
    let content = xml(person, &lrn());
    let request = person.effect("/movements/departures").header("Content-Type", "application/xml");
    let request = request.header(SIGNATURE, person.sign(content.as_bytes()));
    let request = request.header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    let answer = Answer::to(request.header("X-Correlation-ID", "order-17").body(content));
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.json()["departureId"].as_str().unwrap().to_owned()
}

/// What the spans are about: use cases and messages by name.
fn subjects(spans: &[Span]) -> BTreeSet<String> {
    spans.iter().filter_map(|span| span.attributes.get("name").cloned()).collect()
}

/// That the declaration's whole way stands in one trace, each step below one that is known.
fn is_one_trace(suite: &Suite, collector: &Collector) {
    let declarant = suite.door().log_in("declarant");
    let movement = lodge_traced(&declarant);
    reaches(&declarant, &movement, "awaiting-release");
    let complete = || {
        let spans = collector.of(TRACE);
        let subjects = subjects(&spans);
        spans.iter().any(|span| span.name == "POST /movements/departures")
            && subjects.contains("declarations.submit-declaration")
            && subjects.iter().any(|subject| subject.starts_with("guarantees."))
            && subjects.len() >= 4
    };
    let waited = until("the whole trace", PATIENCE, complete);
    let spans = collector.of(TRACE);
    waited.unwrap_or_else(|error| panic!("{error}: {:?} {spans:?}", subjects(&spans)));
    let roots: Vec<_> = spans.iter().filter(|span| span.parent == PARENT).collect();
    assert_eq!(roots.len(), 1, "{roots:?}");
    assert_eq!(roots[0].name, "POST /movements/departures");
    let known: BTreeSet<&str> = spans.iter().map(|span| span.id.as_str()).chain([PARENT]).collect();
    let orphans: Vec<_> = spans.iter().filter(|span| !known.contains(span.parent.as_str())).collect();
    assert!(orphans.is_empty(), "{orphans:?}");
    speaks_as_agreed(&spans, roots[0]);
}

/// That spans have the attributes of the semantic conventions for HTTP, messaging and databases.
fn speaks_as_agreed(spans: &[Span], root: &Span) {
    let has = |span: &Span, wanted: &[(&str, &str)]| {
        wanted.iter().all(|(key, value)| span.attributes.get(*key).is_some_and(|found| found == value))
    };
    let request = [
        ("http.request.method", "POST"),
        ("http.route", "/movements/departures"),
        ("http.response.status_code", "202"),
    ];
    assert!(has(root, &request) && root.kind == SERVER, "{root:?}");
    let some = |what: &str, kind: u64, wanted: &[(&str, &str)]| {
        let found = spans.iter().any(|span| span.kind == kind && has(span, wanted));
        assert!(found, "no span of {what} has {wanted:?}: {spans:?}");
    };
    let process = [("messaging.operation.type", "process"), ("messaging.operation.name", "process")];
    some("messaging", CONSUMER, &process);
    let message = spans.iter().find(|span| span.kind == CONSUMER).unwrap();
    for key in ["messaging.system", "messaging.message.id", "messaging.message.conversation_id"] {
        assert!(message.attributes.get(key).is_some_and(|value| !value.is_empty()), "{key}: {message:?}");
    }
    some("databases", CLIENT, &[("db.namespace", "declarations"), ("db.operation.name", "COMMIT")]);
    let system = spans.iter().find_map(|span| span.attributes.get("db.system.name"));
    assert!(system.is_some_and(|name| ["sqlite", "postgresql"].contains(&name.as_str())), "{system:?}");
}

#[test]
fn one_request_is_one_trace_in_one_process() {
    let (collector, url) = Collector::start();
    let suite = Suite::with(&[("ECUSTOMS_TELEMETRY__OTLP_ENDPOINT", &url)]);
    is_one_trace(&suite, &collector);
    has_its_exemplar(&suite);
    let everything = collector.everything();
    let found = personal(&suite).into_iter().filter(|secret| everything.contains(secret.as_str()));
    assert_eq!(found.collect::<Vec<_>>(), Vec::<String>::new(), "people stand in traces");
}

/// That the request of the trace stands beside the bucket that it fell into, for who asks for it.
fn has_its_exemplar(suite: &Suite) {
    let operations = crate::client::Door::new(&format!("http://127.0.0.1:{}", suite.operations()));
    let open =
        Answer::to(operations.ask(Method::GET, "/metrics").header(
            "Accept",
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2",
        ));
    assert!(open.header("content-type").starts_with("application/openmetrics-text"), "{open:?}");
    let text = open.text();
    let exemplar = format!("# {{trace_id=\"{TRACE}\"}}");
    let of_it: Vec<&str> = text.lines().filter(|line| line.contains(&exemplar)).collect();
    assert!(of_it.len() == 1 && of_it[0].contains("route=\"/movements/departures\""), "{of_it:?}");
    assert!(text.ends_with("# EOF\n") && !operations.get("/metrics").text().contains("trace_id"));
}

#[test]
fn one_request_is_one_trace_over_processes_and_the_bus() {
    let (collector, url) = Collector::start();
    let space = Servers::start().unwrap().space().unwrap();
    let suite = Suite::in_two(&space, &[("ECUSTOMS_TELEMETRY__OTLP_ENDPOINT", &url)]);
    is_one_trace(&suite, &collector);
}

/// What must never stand in logs: names, national numbers, passwords, access codes, keys.
fn personal(suite: &Suite) -> Vec<String> {
    let sandbox = suite.door().sandbox();
    let mut all: Vec<String> =
        ["901122401178", "880705350427", "830111450930", "Aigerim", "Sadykova", "Nurlan", "Bekov"]
            .map(str::to_owned)
            .to_vec();
    all.push(sandbox["password"].as_str().unwrap().to_owned());
    for name in [
        "Raiymbek",
        "Altyn Zhol",
        "BEGIN PRIVATE KEY",
        "CC015C xmlns",
        "<LRN>",
        "Tyres for lorries",
        "Bearer eyJ",
    ] {
        all.push(name.to_owned());
    }
    all
}

/// The lines of the log, one JSON object each.
fn log(suite: &Suite) -> Vec<Value> {
    suite
        .output()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(Value::is_object)
        .collect()
}

#[test]
fn logs_have_the_correlation_id_and_nobodys_data() {
    let filter = "warn,customs=trace,ecustoms=trace,customs_gateway=trace,customs_platform=trace,\
        customs_declarations=trace,customs_guarantees=trace,customs_notifications=trace,customs_web_broker=trace";
    let suite = Suite::with(&[("ECUSTOMS_TELEMETRY__JSON", "true"), ("ECUSTOMS_TELEMETRY__FILTER", filter)]);
    let door = suite.door();
    let declarant = door.log_in("declarant");
    let movement = lodge_traced(&declarant);
    reaches(&declarant, &movement, "awaiting-release");
    let content = xml(&declarant, &lrn());
    let refused = [
        declarant.send("/movements/departures", "application/xml", content.replace("<LRN>", "<LRN>&").as_bytes()),
        declarant.post("/people", &json!({"name": "Aigerim Sadykova", "nationalNumber": {"scheme": "kz-iin", "number": "901122401178"}})),
        declarant.post("/guarantees", &json!({"owner": "901122401178"})),
        door.post("/auth/token", &json!({"challenge": "x", "signature": "901122401178"})),
        Answer::to(declarant.ask(Method::GET, "/drafts?after=901122401178")),
    ];
    assert!(refused.iter().all(|answer| (400..500).contains(&answer.status)), "{refused:?}");
    let administrator = door.log_in("administrator");
    administrator.post(
        "/people",
        &json!({"name": "Nurlan Bekov", "nationalNumber": {"scheme": "kz-iin", "number": "830111450930"}}),
    );
    let lines = log(&suite);
    assert!(!lines.is_empty(), "nothing is logged: {}", suite.output());
    let code = door.sandbox()["guarantee"]["accessCode"].as_str().unwrap().to_owned();
    let mut secrets = personal(&suite);
    secrets.push(declarant.token.clone());
    secrets.push(format!("\"{code}\""));
    let mut found = Vec::new();
    for line in &lines {
        let text = line.to_string();
        found.extend(
            secrets
                .iter()
                .filter(|secret| text.contains(secret.as_str()))
                .map(|secret| format!("{secret}: {text}")),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let with_id = lines.iter().filter(|line| line.to_string().contains("order-17")).count();
    assert!(with_id > 0, "the correlation id is nowhere: {lines:?}");
}

#[test]
fn metrics_are_sound_and_only_where_operators_look() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let movement = declarant.lodge(&xml(&declarant, &lrn()));
    reaches(&declarant, &movement, "awaiting-release");
    assert_eq!(suite.door().get("/metrics").status, 404, "clients see no metrics");
    let operations = crate::client::Door::new(&format!("http://127.0.0.1:{}", suite.operations()));
    let answer = operations.get("/metrics");
    assert!(answer.header("content-type").starts_with("text/plain"), "{answer:?}");
    // How much waits in the outbox is measured every few seconds.
    until("every metric", PATIENCE, || operations.get("/metrics").text().contains("ecustoms_outbox_waiting"))
        .unwrap();
    let text = operations.get("/metrics").text();
    for name in [
        "ecustoms_use_case_duration_seconds_bucket",
        "ecustoms_http_request_duration_seconds_count",
        "ecustoms_bus_published_total",
        "ecustoms_bus_received_total",
        "ecustoms_outbox_waiting",
    ] {
        assert!(text.contains(name), "{name} is missing:\n{text}");
    }
    assert!(!text.contains(&movement), "an identity became a label");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let value = line.rsplit(' ').next().unwrap_or_default();
        assert!(value.parse::<f64>().is_ok(), "no sample: {line}");
    }
    let Ok(mut promtool) = Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).spawn()
    else {
        println!("skipped: promtool is not installed, the metrics are not checked by it");
        return;
    };
    std::io::Write::write_all(&mut promtool.stdin.take().unwrap(), text.as_bytes()).unwrap();
    assert!(promtool.wait().unwrap().success());
}
