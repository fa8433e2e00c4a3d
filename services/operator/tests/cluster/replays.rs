//! Dead letters in a cluster: from the resource to the Jobs that select and replay them, each letter once.

use std::collections::BTreeMap;

use customs_operator::resource::DeadLetterReplay;
use k8s_openapi::api::{batch::v1::Job, events::v1::Event};
use kube::ResourceExt;
use serde_json::{Value, json};

use super::stage::{Stage, condition};

const ONE: &str = "0198a000-0000-7000-8000-000000000001";
const TWO: &str = "0198a000-0000-7000-8000-000000000002";

fn replay(more: &Value) -> Value {
    let mut spec = json!({ "service": "Guarantees", "reason": "the ledger was locked until six",
        "selection": { "messages": ["guarantees.hold"] } });
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "apiVersion": "ecustoms.dev/v1alpha1", "kind": "DeadLetterReplay",
        "metadata": { "name": "outage" }, "spec": spec })
}

/// The Job that does this step, as soon as it is there.
async fn job(stage: &Stage, task: &str) -> Value {
    let told = stage
        .until::<DeadLetterReplay>("outage", |replay| {
            replay["status"]["lastJob"].as_str().is_some_and(|name| name.contains(&format!("-{task}-")))
        })
        .await;
    stage.until::<Job>(told["status"]["lastJob"].as_str().unwrap(), |_| true).await
}

fn name(job: &Value) -> String {
    job["metadata"]["name"].as_str().unwrap().to_owned()
}

fn arguments(job: &Value) -> Vec<String> {
    serde_json::from_value(job["spec"]["template"]["spec"]["containers"][0]["args"].clone()).unwrap()
}

fn counts(replay: &Value) -> [u64; 4] {
    ["matched", "replayed", "failed", "remaining"].map(|key| replay["status"][key].as_u64().unwrap())
}

/// The numbers of Jobs by what they do.
async fn jobs(stage: &Stage) -> BTreeMap<String, usize> {
    let mut numbers = BTreeMap::new();
    for job in stage.all::<Job>().await {
        *numbers.entry(job.labels()["ecustoms.dev/task"].clone()).or_default() += 1;
    }
    numbers
}

fn each_once() -> BTreeMap<String, usize> {
    BTreeMap::from([("select".to_owned(), 1), ("replay".to_owned(), 1)])
}

#[tokio::test]
async fn letters_are_selected_and_replayed_and_those_that_failed_are_told() {
    let stage = Stage::set().await;
    stage.make::<DeadLetterReplay>(replay(&json!({}))).await;
    let operator = stage.operator("a");
    let select = job(&stage, "select").await;
    assert!(arguments(&select).contains(&"--message=guarantees.hold".to_owned()), "{select}");
    let owner = &select["metadata"]["ownerReferences"][0];
    assert_eq!((owner["kind"].as_str(), owner["name"].as_str()), (Some("DeadLetterReplay"), Some("outage")));
    stage.end(&name(&select), 0, &json!({ "ids": [ONE, TWO], "more": 0 }).to_string()).await;
    let again = job(&stage, "replay").await;
    assert!(arguments(&again).ends_with(&["--", "guarantees", ONE, TWO].map(str::to_owned)), "{again}");
    let report =
        json!({ "replayed": 1, "failed": 1, "letters": [{ "id": TWO, "reason": "no such guarantee" }] });
    stage.end(&name(&again), 0, &report.to_string()).await;
    let done = stage
        .until::<DeadLetterReplay>("outage", |it| condition(it, "Complete") == ("True", "SomeFailed"))
        .await;
    assert_eq!(counts(&done), [2, 1, 1, 1]);
    assert_eq!(condition(&done, "Failed"), ("True", "LettersFailed"));
    assert_eq!(done["status"]["failedLetters"], json!([{ "id": TWO, "reason": "no such guarantee" }]));
    assert_eq!(done["metadata"]["finalizers"], Value::Null);
    let told = stage.until::<DeadLetterReplay>("outage", |it| it["status"]["observedGeneration"] == 1).await;
    assert_eq!(counts(&told), [2, 1, 1, 1]);
    operator.stop().await;
    let told: Vec<Event> = stage.all().await;
    let of_it = |reason: &str| told.iter().any(|event| event.reason.as_deref() == Some(reason));
    assert!(of_it("JobMade") && of_it("SomeFailed") && of_it("LettersFailed"), "{told:#?}");
    assert_eq!(jobs(&stage).await, each_once());
    stage.strike().await;
}

#[tokio::test]
async fn letters_that_need_approval_are_replayed_when_their_hash_is_approved_and_not_before() {
    let stage = Stage::set().await;
    stage.make::<DeadLetterReplay>(replay(&json!({ "approval": { "mode": "Manual" } }))).await;
    let operator = stage.operator("a");
    let select = job(&stage, "select").await;
    stage.end(&name(&select), 0, &json!({ "ids": [ONE], "more": 0 }).to_string()).await;
    let waiting = stage
        .until::<DeadLetterReplay>("outage", |it| condition(it, "Complete") == ("False", "AwaitingApproval"))
        .await;
    assert_eq!(waiting["status"]["letters"], json!([ONE]));
    let candidate = waiting["status"]["candidateSelection"].as_str().unwrap().to_owned();
    let approve = |hash: &str| json!({ "spec": { "approval": { "approvedSelection": hash } } });
    stage.change::<DeadLetterReplay>("outage", approve(&"0".repeat(64))).await;
    stage.until::<DeadLetterReplay>("outage", |it| it["status"]["observedGeneration"] == 2).await;
    assert_eq!(jobs(&stage).await, BTreeMap::from([("select".to_owned(), 1)]));
    stage.change::<DeadLetterReplay>("outage", approve(&candidate)).await;
    let again = job(&stage, "replay").await;
    stage.end(&name(&again), 0, &json!({ "replayed": 1, "failed": 0 }).to_string()).await;
    let done = stage
        .until::<DeadLetterReplay>("outage", |it| condition(it, "Complete") == ("True", "Replayed"))
        .await;
    assert_eq!((counts(&done), condition(&done, "Failed")), ([1, 1, 0, 0], ("False", "NothingFailed")));
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn operators_that_follow_on_each_other_replay_each_letter_once() {
    let stage = Stage::set().await;
    stage.make::<DeadLetterReplay>(replay(&json!({}))).await;
    let first = stage.operator("a");
    let select = job(&stage, "select").await;
    first.stop().await;
    // The Job ends while nobody leads, and even what the first has noted is lost.
    stage.end(&name(&select), 0, &json!({ "ids": [ONE], "more": 0 }).to_string()).await;
    stage.forget::<DeadLetterReplay>("outage").await;
    let second = stage.operator("b");
    let again = job(&stage, "replay").await;
    stage.end(&name(&again), 0, &json!({ "replayed": 1, "failed": 0 }).to_string()).await;
    let is_done = |it: &Value| condition(it, "Complete") == ("True", "Replayed");
    stage.until::<DeadLetterReplay>("outage", is_done).await;
    second.stop().await;
    stage.forget::<DeadLetterReplay>("outage").await;
    let third = stage.operator("c");
    let done = stage.until::<DeadLetterReplay>("outage", is_done).await;
    assert_eq!(counts(&done), [1, 1, 0, 0]);
    assert_eq!(jobs(&stage).await, each_once());
    third.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn a_replay_that_was_kept_for_its_time_is_taken_away() {
    let stage = Stage::set().await;
    stage.make::<DeadLetterReplay>(replay(&json!({ "ttlSecondsAfterFinished": 0 }))).await;
    let operator = stage.operator("a");
    let select = job(&stage, "select").await;
    stage.end(&name(&select), 0, &json!({ "ids": [], "more": 0 }).to_string()).await;
    stage.until_gone::<DeadLetterReplay>("outage").await;
    operator.stop().await;
    let told: Vec<Event> = stage.all().await;
    assert!(told.iter().any(|event| event.reason.as_deref() == Some("NothingMatched")), "{told:#?}");
    stage.strike().await;
}

#[tokio::test]
async fn a_suite_that_is_away_is_told_and_the_letters_are_not_tried_at_once_again() {
    let stage = Stage::set().await;
    stage.make::<DeadLetterReplay>(replay(&json!({}))).await;
    let operator = stage.operator("a");
    let select = job(&stage, "select").await;
    stage.end(&name(&select), 1, "ecustoms: no suite answers at http://gateway:8080").await;
    let failed = stage
        .until::<DeadLetterReplay>("outage", |it| condition(it, "Complete") == ("False", "Retrying"))
        .await;
    assert!(failed["status"]["lastFailure"].as_str().unwrap().contains("no suite answers"), "{failed}");
    assert_eq!(jobs(&stage).await, BTreeMap::from([("select".to_owned(), 1)]));
    operator.stop().await;
    stage.strike().await;
}
