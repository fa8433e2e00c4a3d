//! Trust in a cluster: from certificates in objects to the proof of the gateways.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use customs_operator::resource::TrustAnchor;
use customs_signatures::issue::{Authority, KeyKind, Subject, Usage, Validity};
use k8s_openapi::api::{core::v1::ConfigMap, events::v1::Event};
use openssl::x509::X509;
use serde_json::{Value, json};

use super::{
    gateway::Gateway,
    stage::{Stage, bundle, condition},
};

/// When everything of these tests began to be valid.
#[expect(clippy::disallowed_methods, reason = "the operator under test lives by the machine's clock")]
fn root_start() -> DateTime<Utc> {
    Utc::now() - TimeDelta::days(1)
}

fn authority() -> Authority {
    let validity = Validity { not_before: root_start(), not_after: root_start() + TimeDelta::days(400) };
    Authority::root("National root", KeyKind::P256, validity).unwrap()
}

fn pem(authority: &Authority) -> String {
    let der = authority.certificate().unwrap();
    String::from_utf8(X509::from_der(&der).unwrap().to_pem().unwrap()).unwrap()
}

fn anchor(name: &str, source: &str) -> Value {
    json!({ "apiVersion": "ecustoms.dev/v1alpha1", "kind": "TrustAnchor", "metadata": { "name": name }, "spec": {
        "usage": "ParticipantSignature", "sources": [{ "configMapRef": { "name": source, "key": "ca.pem" } }] } })
}

fn source(name: &str, content: &str) -> Value {
    json!({ "metadata": { "name": name }, "data": { "ca.pem": content } })
}

/// A stage with an anchor `national` from the `ConfigMap` `root`.
async fn with_an_anchor(stage: &Stage) {
    stage.make::<ConfigMap>(source("root", &pem(&authority()))).await;
    stage.make::<TrustAnchor>(anchor("national", "root")).await;
}

fn is_ready(object: &Value) -> bool {
    condition(object, "Ready").0 == "True"
}

#[tokio::test]
async fn anchors_become_a_bundle_and_gateways_prove_that_they_have_it() {
    let mut stage = Stage::set().await;
    let (gateways, port) = Gateway::start(2);
    stage.port = port;
    for (number, gateway) in gateways.iter().enumerate() {
        stage.gateway_pod(&format!("gateway-{number}"), &gateway.address).await;
    }
    with_an_anchor(&stage).await;
    let operator = stage.operator("a");
    let anchor = stage
        .until::<TrustAnchor>("national", |anchor| {
            is_ready(anchor) && condition(anchor, "Distributed").0 == "False"
        })
        .await;
    assert_eq!(anchor["status"]["edges"], json!({ "desired": 2, "current": 0 }));
    assert_eq!(condition(&anchor, "Expiring"), ("False", "Valid"));
    assert_eq!(anchor["status"]["certificates"].as_array().unwrap().len(), 1);
    let files = bundle(&stage, "anchors").await;
    assert!(files.len() == 1 && files[0].starts_with("national."), "{files:?}");
    let sha256 = anchor["status"]["bundle"]["sha256"].as_str().unwrap();
    gateways[0].has(sha256);
    stage.until::<TrustAnchor>("national", |anchor| anchor["status"]["edges"]["current"] == 1).await;
    gateways[1].has(sha256);
    let anchor = stage
        .until::<TrustAnchor>("national", |anchor| {
            condition(anchor, "Distributed") == ("True", "AllGateways")
        })
        .await;
    assert_eq!(anchor["status"]["observedGeneration"], 1);
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn timestamp_authorities_are_handed_out_beside_the_anchors() {
    let stage = Stage::set().await;
    let root = authority();
    let validity = Validity { not_before: root_start(), not_after: root_start() + TimeDelta::days(300) };
    let subject = Subject { common_name: "National stamps".to_owned(), ..Subject::default() };
    let stamps = root.issue(&subject, Usage::TimeStamping, KeyKind::P256, validity).unwrap();
    let stamps = X509::from_der(stamps.certificate()).unwrap().to_pem().unwrap();
    stage.make::<ConfigMap>(source("root", &pem(&root))).await;
    stage.make::<ConfigMap>(source("stamps", &String::from_utf8(stamps).unwrap())).await;
    let mut wanted = anchor("national", "root");
    wanted["spec"]["timestampers"] = json!([{ "configMapRef": { "name": "stamps", "key": "ca.pem" } }]);
    stage.make::<TrustAnchor>(wanted).await;
    let operator = stage.operator("a");
    let anchor = stage.until::<TrustAnchor>("national", is_ready).await;
    assert_eq!(anchor["status"]["certificates"].as_array().unwrap().len(), 2);
    for folder in ["anchors", "timestampers"] {
        let files = bundle(&stage, folder).await;
        assert!(files.len() == 1 && files[0].starts_with("national."), "{folder}: {files:?}");
    }
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn bad_material_never_replaces_good_and_is_told() {
    let stage = Stage::set().await;
    with_an_anchor(&stage).await;
    let operator = stage.operator("a");
    stage.until::<TrustAnchor>("national", is_ready).await;
    let before = bundle(&stage, "anchors").await;
    stage.change::<ConfigMap>("root", json!({ "data": { "ca.pem": "nothing" } })).await;
    stage
        .until::<TrustAnchor>("national", |anchor| condition(anchor, "Ready") == ("False", "Unreadable"))
        .await;
    stage.delete::<ConfigMap>("root").await;
    stage
        .until::<TrustAnchor>("national", |anchor| condition(anchor, "Ready") == ("False", "SourceMissing"))
        .await;
    assert_eq!(bundle(&stage, "anchors").await, before);
    let told: Vec<Event> = stage.all().await;
    let of_it = |reason: &str| told.iter().any(|event| event.reason.as_deref() == Some(reason));
    assert!(of_it("Unreadable") && of_it("SourceMissing") && of_it("BundleChanged"), "{told:#?}");
    // And good material that comes after it does.
    stage.make::<ConfigMap>(source("root", &pem(&authority()))).await;
    stage.until::<TrustAnchor>("national", is_ready).await;
    assert_ne!(bundle(&stage, "anchors").await, before);
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn an_anchor_that_is_deleted_goes_from_the_bundle_but_the_last_one_stays() {
    let stage = Stage::set().await;
    with_an_anchor(&stage).await;
    stage.make::<ConfigMap>(source("next", &pem(&authority()))).await;
    stage.make::<TrustAnchor>(anchor("next", "next")).await;
    let operator = stage.operator("a");
    stage.until::<TrustAnchor>("next", is_ready).await;
    assert_eq!(bundle(&stage, "anchors").await.len(), 2);
    stage.delete::<TrustAnchor>("national").await;
    let only_next = |map: &Value| map["binaryData"].as_object().is_some_and(|files| files.len() == 1);
    stage.until::<ConfigMap>("trust-anchors", only_next).await;
    stage.delete::<TrustAnchor>("next").await;
    // A round after the deletion: a change elsewhere makes one, and what it writes shows that it is over.
    stage.make::<ConfigMap>(source("other", &pem(&authority()))).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(bundle(&stage, "anchors").await[0].starts_with("next."));
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn what_somebody_else_puts_into_the_bundle_is_taken_out_again() {
    let stage = Stage::set().await;
    with_an_anchor(&stage).await;
    let operator = stage.operator("a");
    stage.until::<TrustAnchor>("national", is_ready).await;
    stage.change::<ConfigMap>("trust-anchors", json!({ "binaryData": { "mine.der": "AAAA" } })).await;
    stage
        .until::<ConfigMap>("trust-anchors", |map| {
            map["binaryData"].as_object().is_some_and(|files| !files.contains_key("mine.der"))
        })
        .await;
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn nothing_is_written_when_nothing_is_news() {
    let stage = Stage::set().await;
    with_an_anchor(&stage).await;
    let operator = stage.operator("a");
    let anchor = stage.until::<TrustAnchor>("national", is_ready).await;
    let version = |object: &Value| object["metadata"]["resourceVersion"].as_str().unwrap().to_owned();
    let settled =
        stage.until::<TrustAnchor>("national", |now| is_ready(now) && version(now) >= version(&anchor)).await;
    let maps = stage.until::<ConfigMap>("trust-anchors", |_| true).await;
    for number in 0..3 {
        // Each makes a round of its own.
        stage.make::<ConfigMap>(source(&format!("unrelated-{number}"), "x")).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let after = stage.until::<TrustAnchor>("national", |_| true).await;
    assert_eq!(version(&after), version(&settled));
    assert_eq!(version(&stage.until::<ConfigMap>("trust-anchors", |_| true).await), version(&maps));
    if let Some(fake) = &stage.fake {
        let ours = |write: &&String| !write.contains("/leases") && write.contains("/status");
        assert_eq!(fake.writes().iter().filter(ours).count(), 1, "{:#?}", fake.writes());
    }
    operator.stop().await;
    stage.strike().await;
}

/// Only against the server in memory: it breaks off and forgets on command.
#[tokio::test]
async fn watches_that_break_off_and_versions_that_are_forgotten_are_survived() {
    let stage = Stage::in_memory();
    let fake = stage.fake.clone().unwrap();
    with_an_anchor(&stage).await;
    let operator = stage.operator("a");
    stage.until::<TrustAnchor>("national", is_ready).await;
    fake.forget();
    // Long before the routine look: the watch has begun anew.
    let came = tokio::time::timeout(Duration::from_secs(20), async {
        stage.make::<ConfigMap>(source("next", &pem(&authority()))).await;
        stage.make::<TrustAnchor>(anchor("next", "next")).await;
        stage.until::<TrustAnchor>("next", is_ready).await;
    });
    came.await.unwrap();
    operator.stop().await;
}

/// Only against the server in memory: it fails on command.
#[tokio::test]
async fn a_server_that_fails_for_a_while_is_waited_for_and_nothing_is_taken_away_meanwhile() {
    let stage = Stage::in_memory();
    let fake = stage.fake.clone().unwrap();
    with_an_anchor(&stage).await;
    let operator = stage.operator("a");
    stage.until::<TrustAnchor>("national", is_ready).await;
    let before = bundle(&stage, "anchors").await;
    stage.make::<ConfigMap>(source("next", &pem(&authority()))).await;
    stage.make::<TrustAnchor>(anchor("next", "next")).await;
    fake.fail(4);
    stage.until::<TrustAnchor>("next", is_ready).await;
    let after = bundle(&stage, "anchors").await;
    assert!(before.iter().all(|file| after.contains(file)) && after.len() == 2, "{after:?}");
    operator.stop().await;
}
