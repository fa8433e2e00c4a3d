//! Reference data in a cluster: from a source to the Job that imports it and what became of it.

use customs_operator::resource::ReferenceDataset;
use k8s_openapi::api::{batch::v1::Job, core::v1::ConfigMap};
use kube::ResourceExt;
use serde_json::{Value, json};

use super::stage::{Stage, condition};

/// SHA-256 of `abc`.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn dataset(activation: &Value) -> Value {
    json!({ "apiVersion": "ecustoms.dev/v1alpha1", "kind": "ReferenceDataset", "metadata": { "name": "rates" }, "spec": {
        "dataset": "Currencies", "source": { "configMapRef": { "name": "rates", "key": "rates.csv" } },
        "activation": activation } })
}

fn content(text: &str) -> Value {
    json!({ "metadata": { "name": "rates" }, "data": { "rates.csv": text } })
}

fn report(sha256: &str) -> String {
    json!({ "sha256": sha256, "dataset": "currencies", "number": 7, "added": 3, "changed": 1, "removed": 0, "unchanged": 2 })
        .to_string()
}

/// The Job that is awaited, other than those that are known.
async fn job(stage: &Stage, known: &[String]) -> Value {
    let dataset = stage
        .until::<ReferenceDataset>("rates", |dataset| {
            let last = dataset["status"]["lastJob"].as_str();
            last.is_some_and(|last| !known.contains(&last.to_owned()))
        })
        .await;
    let name = dataset["status"]["lastJob"].as_str().unwrap().to_owned();
    stage.until::<Job>(&name, |_| true).await
}

fn name(job: &Value) -> String {
    job["metadata"]["name"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_config_map_is_imported_by_a_job_and_again_when_it_changes() {
    let stage = Stage::set().await;
    stage.make::<ConfigMap>(content("abc")).await;
    stage.make::<ReferenceDataset>(dataset(&json!({ "mode": "Automatic" }))).await;
    let operator = stage.operator("a");
    let first = job(&stage, &[]).await;
    let pod = &first["spec"]["template"]["spec"];
    let arguments = pod["containers"][0]["args"].as_array().unwrap();
    assert!(arguments.contains(&ABC.into()) && arguments.contains(&"import".into()), "{arguments:?}");
    assert_eq!(pod["volumes"][0]["configMap"]["name"], "rates");
    let owner = &first["metadata"]["ownerReferences"][0];
    assert_eq!((owner["kind"].as_str(), owner["name"].as_str()), (Some("ReferenceDataset"), Some("rates")));
    stage.end(&name(&first), 0, &report(ABC)).await;
    let done = stage.until::<ReferenceDataset>("rates", |it| condition(it, "Ready").0 == "True").await;
    assert_eq!(condition(&done, "Imported"), ("True", "Imported"));
    let status = &done["status"];
    assert_eq!((&status["activeVersion"], &status["activeNumber"]), (&ABC.into(), &7.into()));
    assert_eq!(status["records"], 6);
    stage.change::<ConfigMap>("rates", json!({ "data": { "rates.csv": "abcd" } })).await;
    let second = job(&stage, &[name(&first)]).await;
    assert_ne!(name(&first), name(&second));
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn what_needs_approval_is_imported_when_its_hash_is_approved_and_not_before() {
    let stage = Stage::set().await;
    stage.make::<ConfigMap>(content("abc")).await;
    stage.make::<ReferenceDataset>(dataset(&json!({ "mode": "Manual" }))).await;
    let operator = stage.operator("a");
    let waiting = stage
        .until::<ReferenceDataset>("rates", |it| condition(it, "Imported") == ("False", "AwaitingApproval"))
        .await;
    assert_eq!(waiting["status"]["candidateVersion"], ABC);
    let approve = |version: &str| json!({ "spec": { "activation": { "approvedVersion": version } } });
    stage.change::<ReferenceDataset>("rates", approve(&"0".repeat(64))).await;
    stage.until::<ReferenceDataset>("rates", |it| it["status"]["observedGeneration"] == 2).await;
    assert!(stage.all::<Job>().await.is_empty());
    stage.change::<ReferenceDataset>("rates", approve(ABC)).await;
    let job = job(&stage, &[]).await;
    stage.end(&name(&job), 0, &report(ABC)).await;
    let done = stage.until::<ReferenceDataset>("rates", |it| condition(it, "Ready").0 == "True").await;
    assert_eq!(done["status"]["activeVersion"], ABC);
    assert_eq!(done["status"]["candidateVersion"], Value::Null);
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn an_import_that_fails_is_told_with_its_last_words_and_not_repeated_at_once() {
    let stage = Stage::set().await;
    stage.make::<ConfigMap>(content("abc")).await;
    stage.make::<ReferenceDataset>(dataset(&json!({}))).await;
    let operator = stage.operator("a");
    let first = job(&stage, &[]).await;
    stage.end(&name(&first), 1, "ecustoms: rates.csv is not imported: the file is damaged").await;
    let failed =
        stage.until::<ReferenceDataset>("rates", |it| condition(it, "Imported") == ("False", "Failed")).await;
    let conditions = failed["status"]["conditions"].as_array().unwrap();
    let imported = conditions.iter().find(|one| one["type"] == "Imported").unwrap();
    assert!(imported["message"].as_str().unwrap().contains("damaged"), "{imported}");
    assert_eq!(failed["status"]["failures"], 1);
    assert_eq!(stage.all::<Job>().await.len(), 1);
    operator.stop().await;
    stage.strike().await;
}

#[tokio::test]
async fn two_leaders_that_follow_on_each_other_make_one_job() {
    let stage = Stage::set().await;
    stage.make::<ConfigMap>(content("abc")).await;
    stage.make::<ReferenceDataset>(dataset(&json!({}))).await;
    let first = stage.operator("a");
    let made = job(&stage, &[]).await;
    first.stop().await;
    // Even what the first has noted is lost.
    let second = stage.operator("b");
    let forget = json!({ "status": null });
    _ = stage.change::<ReferenceDataset>("rates", forget).await;
    stage.until::<ReferenceDataset>("rates", |it| it["status"]["lastJob"] == name(&made)).await;
    let jobs: Vec<String> = stage.all::<Job>().await.iter().map(ResourceExt::name_any).collect();
    assert_eq!(jobs, [name(&made)]);
    second.stop().await;
    stage.strike().await;
}
