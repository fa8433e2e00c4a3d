//! The runs of imports: Jobs of ours, what they were for and what became of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{ContainerStateTerminated, Pod},
};
use kube::ResourceExt;
use serde::Deserialize;

use crate::resource::GROUP;

/// What a Job is to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Task {
    /// Fetch the file and tell its SHA-256.
    Check,
    /// Import the file.
    Import,
}

impl Task {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Import => "import",
        }
    }
}

/// What a Job says when it has ended well; `ecustoms reference` writes it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Report {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Number of the version that counts now.
    pub number: Option<i64>,
    /// How many entries are new, read differently, or stay.
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
}

impl Report {
    /// How many entries the file has.
    pub(crate) const fn records(&self) -> i64 {
        self.added.saturating_add(self.changed).saturating_add(self.unchanged)
    }
}

/// How far a Job is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It has not ended.
    Running,
    /// It has done what it was to do.
    Done {
        /// When.
        at: Option<DateTime<Utc>>,
        /// What it said, if that can still be read.
        report: Option<Report>,
    },
    /// It has given up.
    Failed {
        /// When.
        at: Option<DateTime<Utc>>,
        /// Why, as far as that can still be read.
        why: String,
    },
}

/// One Job of a dataset.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Run {
    /// The name of the Job.
    pub name: String,
    /// What it was to do.
    pub task: Task,
    /// What it was made for.
    pub trigger: String,
    /// How far it is.
    pub outcome: Outcome,
}

/// The annotation of a Job that says what it was made for.
pub(crate) fn trigger_key() -> String {
    format!("{GROUP}/trigger")
}

/// The label of a Job that says what it does.
pub(crate) fn task_key() -> String {
    format!("{GROUP}/task")
}

/// The label of a Job that says whose it is.
pub(crate) fn owner_key() -> String {
    format!("{GROUP}/dataset-uid")
}

/// The runs of each dataset, by its UID.
pub(crate) fn by_owner(jobs: &[Job], pods: &[Pod]) -> BTreeMap<String, Vec<Run>> {
    let mut runs: BTreeMap<String, Vec<Run>> = BTreeMap::new();
    for job in jobs {
        if let (Some(owner), Some(run)) = (job.labels().get(&owner_key()), read(job, pods)) {
            runs.entry(owner.clone()).or_default().push(run);
        }
    }
    runs
}

fn read(job: &Job, pods: &[Pod]) -> Option<Run> {
    let name = job.name_any();
    let task = match job.labels().get(&task_key())?.as_str() {
        "check" => Task::Check,
        "import" => Task::Import,
        _ => return None,
    };
    let trigger = job.annotations().get(&trigger_key())?.clone();
    let outcome = outcome(job, &name, pods);
    Some(Run { name, task, trigger, outcome })
}

fn outcome(job: &Job, name: &str, pods: &[Pod]) -> Outcome {
    let conditions = job.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
    let ended = |kind: &str| conditions.iter().find(|one| one.type_ == kind && one.status == "True");
    if let Some(done) = ended("Complete") {
        let report = last_words(name, pods, |state| state.exit_code == 0);
        let report = report.and_then(|text| serde_json::from_str(&text).ok());
        return Outcome::Done { at: instant(done.last_transition_time.as_ref()), report };
    }
    if let Some(failed) = ended("Failed") {
        let said = last_words(name, pods, |state| state.exit_code != 0);
        let why = said.or_else(|| failed.message.clone()).unwrap_or_else(|| "the Job failed".to_owned());
        return Outcome::Failed { at: instant(failed.last_transition_time.as_ref()), why };
    }
    Outcome::Running
}

/// What the youngest container of a Job said that ended as `which` wants it.
fn last_words(job: &str, pods: &[Pod], which: fn(&ContainerStateTerminated) -> bool) -> Option<String> {
    let of_job = |pod: &&Pod| {
        let labels = pod.labels();
        let name = labels.get("batch.kubernetes.io/job-name").or_else(|| labels.get("job-name"));
        name.is_some_and(|name| name == job)
    };
    pods.iter()
        .filter(of_job)
        .filter_map(|pod| pod.status.as_ref()?.container_statuses.as_ref()?.first()?.state.as_ref())
        .filter_map(|state| state.terminated.as_ref().filter(|state| which(state)))
        .max_by_key(|state| state.finished_at.as_ref().map(|at| at.0))
        .and_then(|state| state.message.clone())
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

fn instant(time: Option<&k8s_openapi::apimachinery::pkg::apis::meta::v1::Time>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time?.0.as_second(), 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn job(condition: Option<&str>) -> Job {
        serde_json::from_value(json!({
            "metadata": {
                "name": "rates-i1",
                "labels": { "ecustoms.dev/dataset-uid": "u", "ecustoms.dev/task": "import" },
                "annotations": { "ecustoms.dev/trigger": "slot:1" },
            },
            "status": { "conditions": condition.map(|kind| json!([{
                "type": kind, "status": "True", "message": "BackoffLimitExceeded",
                "lastTransitionTime": "2026-11-30T06:15:00Z",
            }])) },
        }))
        .unwrap()
    }

    fn pod(exit: i32, finished: &str, message: &str) -> Pod {
        serde_json::from_value(json!({
            "metadata": { "name": "p", "labels": { "batch.kubernetes.io/job-name": "rates-i1" } },
            "status": { "containerStatuses": [{
                "name": "import", "ready": false, "restartCount": 0, "image": "i", "imageID": "i",
                "state": { "terminated": { "exitCode": exit, "finishedAt": finished, "message": message } },
            }] },
        }))
        .unwrap()
    }

    fn outcome(job: &Job, pods: &[Pod]) -> Outcome {
        by_owner(std::slice::from_ref(job), pods)["u"][0].outcome.clone()
    }

    #[test]
    fn a_job_that_is_done_tells_what_it_imported() {
        let said =
            r#"{"sha256":"ab","number":7,"added":1,"changed":2,"removed":9,"unchanged":3,"dataset":"x"}"#;
        let pods = [pod(1, "2026-11-30T06:14:00Z", "down"), pod(0, "2026-11-30T06:15:00Z", said)];
        let Outcome::Done { at, report } = outcome(&job(Some("Complete")), &pods) else { panic!() };
        assert_eq!(at, Some("2026-11-30T06:15:00Z".parse().unwrap()));
        let report = report.unwrap();
        assert_eq!((report.sha256.as_str(), report.number, report.records()), ("ab", Some(7), 6));
    }

    #[test]
    fn a_job_that_failed_tells_the_last_reason_also_when_its_pods_are_gone() {
        let pods = [pod(1, "2026-11-30T06:15:00Z", "second\n"), pod(1, "2026-11-30T06:14:00Z", "first")];
        let why = |pods: &[Pod]| match outcome(&job(Some("Failed")), pods) {
            Outcome::Failed { why, .. } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why(&pods), "second");
        assert_eq!(why(&[]), "BackoffLimitExceeded");
        assert_eq!(outcome(&job(None), &pods), Outcome::Running);
        assert!(matches!(outcome(&job(Some("Complete")), &[]), Outcome::Done { report: None, .. }));
    }

    #[test]
    fn a_job_of_somebody_else_is_passed_over() {
        let mut other = job(None);
        other.metadata.annotations = None;
        assert!(by_owner(&[other], &[]).is_empty());
    }
}
