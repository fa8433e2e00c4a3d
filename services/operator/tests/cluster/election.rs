//! Elections: one leads, a lost race is lost, and nobody waits for one who has gone.

use std::time::Duration;

use customs_operator::Settings;
use k8s_openapi::api::coordination::v1::Lease;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use super::stage::{Running, Stage, TIMING};

/// What a test may take beyond the rhythm of the election, on a busy machine.
const SLACK: Duration = Duration::from_secs(3);

fn holder(lease: &Value) -> &str {
    lease["spec"]["holderIdentity"].as_str().unwrap_or_default()
}

async fn until_held_by(stage: &Stage, identity: &str) -> Value {
    stage.until::<Lease>("operator", |lease| holder(lease) == identity).await
}

#[tokio::test]
async fn one_of_several_leads_and_another_takes_over_when_it_dies() {
    let stage = Stage::set().await;
    let first = stage.operator("a");
    until_held_by(&stage, "a").await;
    let second = stage.operator("b");
    // It stands by: it takes part in the election, and does not win it, however long that lasts.
    tokio::time::sleep(TIMING.lease + TIMING.retry).await;
    assert!(second.standing.is_ready() && !second.task.is_finished());
    let lease = until_held_by(&stage, "a").await;
    assert_eq!(lease["spec"]["leaseTransitions"], 0);
    // A power cut: nothing is given back.
    first.task.abort();
    let since = Instant::now();
    let lease = until_held_by(&stage, "b").await;
    assert!(since.elapsed() < TIMING.lease + TIMING.retry + SLACK, "{:?}", since.elapsed());
    assert_eq!(lease["spec"]["leaseTransitions"], 1);
    second.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn in_the_rhythm_of_the_chart_another_leads_within_six_seconds_of_a_power_cut() {
    let chart = include_str!("../../../../charts/tests/golden/operator/default.json");
    let settings: Settings = serde_json::from_str(chart).unwrap();
    let stage = Stage::set().await;
    let first = stage.operator_in("a", settings.lease.timing());
    until_held_by(&stage, "a").await;
    let second = stage.operator_in("b", settings.lease.timing());
    stage.until::<Lease>("operator", |_| second.standing.is_ready()).await;
    first.task.abort();
    let since = Instant::now();
    until_held_by(&stage, "b").await;
    assert!(since.elapsed() < Duration::from_secs(6), "{:?}", since.elapsed());
    second.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn one_that_is_told_to_stop_gives_the_lease_back_and_nobody_waits() {
    let stage = Stage::set().await;
    let first = stage.operator("a");
    until_held_by(&stage, "a").await;
    let second = stage.operator("b");
    first.stop().await;
    let since = Instant::now();
    until_held_by(&stage, "b").await;
    assert!(since.elapsed() < TIMING.retry + SLACK, "{:?}", since.elapsed());
    second.stop().await;
    until_held_by(&stage, "").await;
    stage.strike().await;
}

#[tokio::test]
async fn of_many_that_stand_at_once_exactly_one_wins() {
    let stage = Stage::set().await;
    let all: Vec<Running> = (0..8).map(|number| stage.operator(&format!("candidate-{number}"))).collect();
    stage.until::<Lease>("operator", |lease| holder(lease).starts_with("candidate-")).await;
    tokio::time::sleep(TIMING.lease).await;
    let lease = stage.until::<Lease>("operator", |_| true).await;
    assert_eq!(lease["spec"]["leaseTransitions"], 0);
    assert!(all.iter().all(|one| !one.task.is_finished()));
    for one in all {
        one.stop().await;
    }
    stage.strike().await;
}

#[tokio::test]
async fn one_that_finds_another_in_its_place_ends() {
    let stage = Stage::set().await;
    let first = stage.operator("a");
    until_held_by(&stage, "a").await;
    stage.change::<Lease>("operator", json!({ "spec": { "holderIdentity": "usurper" } })).await;
    let ended = timeout(TIMING.give_up + SLACK, first.task).await.unwrap().unwrap();
    let why = ended.unwrap_err().to_string();
    assert!(why.contains("somebody else holds the Lease"), "{why}");
    // It has not taken it back.
    until_held_by(&stage, "usurper").await;
    stage.strike().await;
}

/// Only against the server in memory: it falls silent on command.
#[tokio::test]
async fn one_that_cannot_renew_gives_up_before_its_lease_can_run_out_for_others() {
    let stage = Stage::in_memory();
    let fake = stage.fake.clone().unwrap();
    let first = stage.operator("a");
    until_held_by(&stage, "a").await;
    fake.silence(true);
    let since = Instant::now();
    let ended = timeout(TIMING.lease + SLACK, first.task).await.unwrap().unwrap();
    assert!(ended.unwrap_err().to_string().contains("could not be renewed in time"));
    // Counted from the last renewal, which was at most one look before.
    assert!(since.elapsed() < TIMING.lease, "{:?}", since.elapsed());
    fake.silence(false);
    let second = stage.operator("b");
    until_held_by(&stage, "b").await;
    second.stop().await;
}

/// Only against the server in memory: it fails on command.
#[tokio::test]
async fn a_few_failures_do_not_cost_the_lease() {
    let stage = Stage::in_memory();
    let fake = stage.fake.clone().unwrap();
    let first = stage.operator("a");
    until_held_by(&stage, "a").await;
    fake.fail(3);
    tokio::time::sleep(TIMING.lease).await;
    assert!(!first.task.is_finished());
    first.stop().await;
}
