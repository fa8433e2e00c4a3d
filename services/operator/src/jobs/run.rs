//! The runs of a resource: Jobs of ours, what they were for and what became of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{ContainerStateTerminated, Pod},
};
use kube::ResourceExt;
use serde::de::DeserializeOwned;

use crate::resource::GROUP;

/// What a Job is to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Task {
    /// Fetch a file and tell its SHA-256.
    Check,
    /// Import a file.
    Import,
    /// Select dead letters and tell which.
    Select,
    /// Replay dead letters.
    Replay,
}

impl Task {
    const ALL: [Self; 4] = [Self::Check, Self::Import, Self::Select, Self::Replay];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Import => "import",
            Self::Select => "select",
            Self::Replay => "replay",
        }
    }
}

/// How far a Job is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome<R> {
    /// It has not ended.
    Running,
    /// It has done what it was to do.
    Done {
        /// When.
        at: Option<DateTime<Utc>>,
        /// What it said, if that can still be read.
        report: Option<R>,
    },
    /// It has given up.
    Failed {
        /// When.
        at: Option<DateTime<Utc>>,
        /// Why, as far as that can still be read.
        why: String,
    },
}

/// One Job of a resource, which reports `R`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Run<R> {
    /// The name of the Job.
    pub name: String,
    /// What it was to do.
    pub task: Task,
    /// What it was made for.
    pub trigger: String,
    /// How far it is.
    pub outcome: Outcome<R>,
}

/// The annotation of a Job that says what it was made for.
pub(crate) fn trigger_key() -> String {
    format!("{GROUP}/trigger")
}

/// The label of a Job that says what it does.
pub(crate) fn task_key() -> String {
    format!("{GROUP}/task")
}

/// The runs of each resource, by its UID, which stands in the label `owner_key`.
pub(crate) fn by_owner<R: DeserializeOwned>(
    jobs: &[Job],
    pods: &[Pod],
    owner_key: &str,
) -> BTreeMap<String, Vec<Run<R>>> {
    let mut runs: BTreeMap<String, Vec<Run<R>>> = BTreeMap::new();
    for job in jobs {
        if let (Some(owner), Some(run)) = (job.labels().get(owner_key), read(job, pods)) {
            runs.entry(owner.clone()).or_default().push(run);
        }
    }
    runs
}

fn read<R: DeserializeOwned>(job: &Job, pods: &[Pod]) -> Option<Run<R>> {
    let name = job.name_any();
    let word = job.labels().get(&task_key())?;
    let task = Task::ALL.into_iter().find(|task| task.word() == word)?;
    let trigger = job.annotations().get(&trigger_key())?.clone();
    let outcome = outcome(job, &name, pods);
    Some(Run { name, task, trigger, outcome })
}

fn outcome<R: DeserializeOwned>(job: &Job, name: &str, pods: &[Pod]) -> Outcome<R> {
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
    use serde_json::{Value, json};

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

    const OWNER: &str = "ecustoms.dev/dataset-uid";

    fn outcome(job: &Job, pods: &[Pod]) -> Outcome<Value> {
        by_owner(std::slice::from_ref(job), pods, OWNER)["u"][0].outcome.clone()
    }

    #[test]
    fn a_job_that_is_done_tells_what_it_imported() {
        let pods =
            [pod(1, "2026-11-30T06:14:00Z", "down"), pod(0, "2026-11-30T06:15:00Z", r#"{"sha256":"ab"}"#)];
        let Outcome::Done { at, report } = outcome(&job(Some("Complete")), &pods) else { panic!() };
        assert_eq!(at, Some("2026-11-30T06:15:00Z".parse().unwrap()));
        assert_eq!(report, Some(json!({ "sha256": "ab" })));
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
        assert!(by_owner::<Value>(&[other], &[], OWNER).is_empty());
        let mut unknown = job(None);
        unknown.metadata.labels.get_or_insert_default().insert(task_key(), "bake".to_owned());
        assert!(by_owner::<Value>(&[unknown], &[], OWNER).is_empty());
    }
}
