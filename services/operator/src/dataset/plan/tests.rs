//! Tests of the plan for a dataset: one story after the other, without a cluster.

use serde_json::{Value, json};

use super::*;
use crate::resource::Status;

const ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222222222222222222222222222";

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-30T{text}:00Z").parse().unwrap()
}

const THREE: &str = "3333333333333333333333333333333333333333333333333333333333333333";

/// A dataset that is looked at again and again, as the controller does.
struct Story {
    dataset: ReferenceDataset,
    content: Option<Result<String, String>>,
    runs: Vec<Run<Report>>,
}

impl Story {
    fn new(spec: Value) -> Self {
        let mut spec = spec;
        spec["dataset"] = "Currencies".into();
        let dataset = json!({
            "apiVersion": "ecustoms.dev/v1alpha1", "kind": "ReferenceDataset",
            "metadata": { "name": "rates", "namespace": "ec", "uid": "u", "generation": 1,
                "creationTimestamp": "2026-11-30T05:00:00Z" },
            "spec": spec,
        });
        Self { dataset: serde_json::from_value(dataset).unwrap(), content: None, runs: Vec::new() }
    }

    fn config_map(mut spec: Value) -> Self {
        spec["source"] = json!({ "configMapRef": { "name": "rates", "key": "rates.csv" } });
        let mut story = Self::new(spec);
        story.content = Some(Ok(ONE.to_owned()));
        story
    }

    fn fetched(mut spec: Value) -> Self {
        spec["source"] = json!({ "http": { "url": "https://a.example/rates.csv" } });
        Self::new(spec)
    }

    /// One look; what is wanted is made.
    fn look(&mut self, now: &str) -> Plan {
        let found = Found {
            dataset: &self.dataset,
            content: self.content.clone(),
            runs: &self.runs,
            can_import: true,
        };
        let plan = plan(&found, at(now));
        self.dataset.status = Some(ReferenceDatasetStatus {
            conditions: crate::resource::condition::follow(&[], &plan.verdicts, Some(1), at(now)),
            ..plan.status.clone()
        });
        if let Some(wanted) = &plan.wanted {
            let name = name(&self.dataset, wanted);
            assert!(self.runs.iter().all(|run| run.name != name), "{name} is made twice");
            let run =
                Run { name, task: wanted.task, trigger: wanted.trigger.clone(), outcome: Outcome::Running };
            self.runs.push(run);
        }
        plan
    }

    /// The last Job ends well.
    fn done(&mut self, now: &str, sha256: &str) {
        let report =
            Report { sha256: sha256.to_owned(), number: Some(7), added: 2, changed: 0, unchanged: 1 };
        self.end(Outcome::Done { at: Some(at(now)), report: Some(report) });
    }

    /// The last Job gives up.
    fn failed(&mut self, now: &str) {
        self.end(Outcome::Failed { at: Some(at(now)), why: "the source is down".to_owned() });
    }

    fn end(&mut self, outcome: Outcome<Report>) {
        let run = self.runs.last_mut().unwrap();
        assert_eq!(run.outcome, Outcome::Running);
        run.outcome = outcome;
    }
}

fn imported(plan: &Plan) -> (Status, &'static str) {
    (plan.verdicts[0].status, plan.verdicts[0].reason)
}

fn is_ready(plan: &Plan) -> bool {
    plan.verdicts[1].status == Status::True
}

#[test]
fn a_config_map_is_imported_once_and_again_when_it_changes() {
    let mut story = Story::config_map(json!({}));
    let first = story.look("06:00").wanted.unwrap();
    assert_eq!((first.task, first.sha256.as_deref()), (Task::Import, Some(ONE)));
    let running = story.look("06:01");
    assert_eq!((running.wanted.as_ref(), imported(&running)), (None, (Status::Unknown, "Running")));
    assert!(!is_ready(&running));
    story.done("06:02", ONE);
    let plan = story.look("06:03");
    assert_eq!((plan.wanted.as_ref(), imported(&plan)), (None, (Status::True, "Imported")));
    assert!(is_ready(&plan));
    let status = &plan.status;
    assert_eq!((status.active_version.as_deref(), status.active_number), (Some(ONE), Some(7)));
    assert_eq!((status.records, status.last_import_time), (Some(3), Some(at("06:02"))));
    // Also when Jobs have been taken away, it is not imported again.
    story.runs.clear();
    assert!(story.look("07:00").wanted.is_none());
    story.content = Some(Ok(TWO.to_owned()));
    assert_eq!(story.look("07:01").wanted.unwrap().sha256.as_deref(), Some(TWO));
}

#[test]
fn what_fails_is_tried_again_after_growing_pauses_and_the_old_data_still_counts() {
    let mut story = Story::config_map(json!({}));
    story.look("06:00");
    story.done("06:00", ONE);
    story.look("06:01");
    story.content = Some(Ok(TWO.to_owned()));
    assert!(story.look("06:10").wanted.is_some());
    story.failed("06:10");
    let plan = story.look("06:11");
    assert_eq!((plan.wanted.as_ref(), imported(&plan)), (None, (Status::False, "Failed")));
    assert_eq!((plan.verdicts[0].message.as_str(), plan.again), ("the source is down", Some(at("06:15"))));
    assert!(is_ready(&plan));
    // The reason is still told when the Job is gone.
    assert_eq!(story.look("06:14").verdicts[0].message, "the source is down");
    assert_eq!(story.look("06:15").wanted.unwrap().failures, 1);
    story.failed("06:16");
    assert_eq!(story.look("06:17").again, Some(at("06:26")));
    // Another content is another matter and is tried at once.
    story.content = Some(Ok(THREE.to_owned()));
    assert_eq!(story.look("06:18").wanted.unwrap().failures, 0);
    story.failed("06:19");
    assert_eq!(story.look("06:20").status.failures, 1);
    // And what counts already needs no import.
    story.content = Some(Ok(ONE.to_owned()));
    let plan = story.look("06:21");
    assert_eq!((plan.wanted.as_ref(), plan.status.failures, imported(&plan).1), (None, 0, "Imported"));
    assert_eq!(plan.again, None);
}

#[test]
fn pauses_end_at_six_hours() {
    for (failures, minutes) in [(1, 5), (2, 10), (7, 320), (8, 360), (40, 360)] {
        let status = ReferenceDatasetStatus {
            failures,
            last_failure_time: Some(at("00:00")),
            ..ReferenceDatasetStatus::default()
        };
        assert_eq!(retry_at(&status), Some(at("00:00") + TimeDelta::minutes(minutes)), "{failures}");
    }
}

#[test]
fn a_scheduled_source_is_fetched_at_each_instant_and_never_twice_at_a_time() {
    let mut story = Story::fetched(json!({ "schedule": "0 * * * *" }));
    let plan = story.look("05:30");
    assert_eq!((plan.wanted.as_ref(), imported(&plan).1), (None, "NotYet"));
    assert_eq!((plan.status.next_import_time, plan.again), (Some(at("06:00")), Some(at("06:00"))));
    assert_eq!(story.look("06:00").wanted.unwrap().task, Task::Import);
    // It takes longer than an hour: the next waits for its end.
    assert!(story.look("07:05").wanted.is_none());
    story.done("07:06", ONE);
    assert!(story.look("07:07").wanted.is_some());
    story.done("07:08", ONE);
    let plan = story.look("07:09");
    assert_eq!((plan.wanted.as_ref(), plan.status.last_import_time), (None, Some(at("07:08"))));
    // Instants that were slept through are one.
    assert!(story.look("12:30").wanted.is_some());
    story.done("12:31", ONE);
    assert!(story.look("12:32").wanted.is_none());
}

#[test]
fn a_source_without_a_schedule_is_fetched_once_for_each_change_of_it() {
    let mut story = Story::fetched(json!({}));
    assert!(story.look("06:00").wanted.is_some());
    story.done("06:01", ONE);
    assert!(story.look("06:02").wanted.is_none());
    story.dataset.spec.stale_after = Some("1h".to_owned());
    assert!(story.look("06:03").wanted.is_none());
    story.dataset.spec.source.http.as_mut().unwrap().url = "https://b.example/rates.csv".to_owned();
    assert!(story.look("06:04").wanted.is_some());
}

#[test]
fn what_needs_approval_waits_for_it_and_exactly_those_bytes_are_imported() {
    let mut story = Story::fetched(json!({ "schedule": "0 * * * *", "activation": { "mode": "Manual" } }));
    assert_eq!(story.look("06:00").wanted.unwrap().task, Task::Check);
    story.done("06:01", ONE);
    let plan = story.look("06:02");
    assert_eq!((plan.wanted.as_ref(), imported(&plan)), (None, (Status::False, "AwaitingApproval")));
    assert_eq!(plan.status.candidate_version.as_deref(), Some(ONE));
    assert!(!is_ready(&plan) && plan.verdicts[0].message.contains(ONE));
    story.dataset.spec.activation.approved_version = Some(TWO.to_owned());
    assert_eq!(imported(&story.look("06:03")).1, "AwaitingApproval");
    story.dataset.spec.activation.approved_version = Some(ONE.to_owned());
    let wanted = story.look("06:04").wanted.unwrap();
    assert_eq!((wanted.task, wanted.sha256.as_deref()), (Task::Import, Some(ONE)));
    story.done("06:05", ONE);
    let plan = story.look("06:06");
    assert_eq!((plan.wanted.as_ref(), imported(&plan).1), (None, "Imported"));
    assert_eq!((plan.status.active_version.as_deref(), plan.status.candidate_version), (Some(ONE), None));
    // The next instant finds the same file: nothing is asked of anybody.
    assert_eq!(story.look("07:00").wanted.unwrap().task, Task::Check);
    story.done("07:01", ONE);
    assert_eq!(imported(&story.look("07:02")).1, "Imported");
    // And then another one.
    assert_eq!(story.look("08:00").wanted.unwrap().task, Task::Check);
    story.done("08:01", TWO);
    assert_eq!(imported(&story.look("08:02")).1, "AwaitingApproval");
}

#[test]
fn a_config_map_that_needs_approval_is_its_own_candidate() {
    let mut story = Story::config_map(json!({ "activation": { "mode": "Manual" } }));
    let plan = story.look("06:00");
    assert_eq!((plan.wanted.as_ref(), plan.status.candidate_version.as_deref()), (None, Some(ONE)));
    story.dataset.spec.activation.approved_version = Some(ONE.to_owned());
    assert_eq!(story.look("06:01").wanted.unwrap().sha256.as_deref(), Some(ONE));
    story.done("06:02", ONE);
    assert_eq!(imported(&story.look("06:03")).1, "Imported");
    // An approval is for one content; the next needs its own.
    story.content = Some(Ok(TWO.to_owned()));
    let plan = story.look("06:04");
    assert_eq!(
        (imported(&plan).1, plan.status.candidate_version.as_deref()),
        ("AwaitingApproval", Some(TWO))
    );
    assert!(is_ready(&plan));
}

#[test]
fn nothing_is_imported_while_it_is_suspended_or_before_its_instant() {
    let mut story = Story::config_map(json!({ "suspend": true }));
    let plan = story.look("06:00");
    assert_eq!((plan.wanted.as_ref(), imported(&plan).1), (None, "Suspended"));
    story.dataset.spec.suspend = false;
    story.dataset.spec.activation.effective_from = Some(at("08:00"));
    let plan = story.look("06:01");
    assert_eq!((plan.wanted.as_ref(), imported(&plan).1, plan.again), (None, "NotYet", Some(at("08:00"))));
    assert!(story.look("08:00").wanted.is_some());
}

#[test]
fn what_is_not_as_it_was_pinned_or_cannot_be_read_is_not_imported() {
    let mut story = Story::config_map(json!({ "integrity": { "sha256": TWO } }));
    assert_eq!(imported(&story.look("06:00")), (Status::False, "IntegrityViolated"));
    story.content = Some(Ok(TWO.to_owned()));
    assert!(story.look("06:01").wanted.is_some());
    let mut story = Story::config_map(json!({}));
    story.content = Some(Err("there is no ConfigMap rates".to_owned()));
    assert_eq!(imported(&story.look("06:00")), (Status::False, "SourceMissing"));
    let mut story = Story::fetched(json!({ "integrity": { "sha256": TWO } }));
    assert_eq!(story.look("06:00").wanted.unwrap().sha256.as_deref(), Some(TWO));
    let mut story = Story::fetched(json!({ "schedule": "0 99 * * *" }));
    assert_eq!(imported(&story.look("06:00")), (Status::False, "ScheduleInvalid"));
}

#[test]
fn an_operator_that_is_not_told_how_to_import_says_so() {
    let story = Story::config_map(json!({}));
    let found =
        Found { dataset: &story.dataset, content: story.content.clone(), runs: &[], can_import: false };
    let plan = plan(&found, at("06:00"));
    assert_eq!((plan.wanted.as_ref(), imported(&plan).1), (None, "NotConfigured"));
}

#[test]
fn data_that_is_too_old_is_stale() {
    let mut story = Story::config_map(json!({ "staleAfter": "1h30m" }));
    let plan = story.look("06:00");
    assert_eq!((plan.verdicts[2].status, plan.again), (Status::False, Some(at("06:30"))));
    assert_eq!(story.look("06:30").verdicts[2].status, Status::True);
    story.done("06:40", ONE);
    assert_eq!(story.look("06:41").verdicts[2].status, Status::False);
    assert_eq!(story.look("08:10").verdicts[2].reason, "TooOld");
}

#[test]
fn a_job_that_somebody_took_away_before_its_end_is_made_again() {
    let mut story = Story::config_map(json!({}));
    let wanted = story.look("06:00").wanted.unwrap();
    let name = name(&story.dataset, &wanted);
    story.runs.clear();
    assert!(story.look("06:01").wanted.is_some());
    assert_eq!(story.runs[0].name, name);
}

#[test]
fn a_job_whose_pod_is_gone_counts_as_far_as_it_is_known_what_it_did() {
    let mut story = Story::config_map(json!({}));
    story.look("06:00");
    story.end(Outcome::Done { at: Some(at("06:01")), report: None });
    let plan = story.look("06:02");
    assert_eq!((plan.status.active_version.as_deref(), plan.status.records), (Some(ONE), None));
    let mut story = Story::fetched(json!({ "activation": { "mode": "Manual" } }));
    story.look("06:00");
    story.end(Outcome::Done { at: Some(at("06:01")), report: None });
    assert_eq!(imported(&story.look("06:02")), (Status::False, "Failed"));
    assert_eq!(story.look("06:06").wanted.unwrap().task, Task::Check);
}

#[test]
fn durations_are_hours_and_minutes() {
    for (text, minutes) in [
        ("36h", Some(2_160)),
        ("90m", Some(90)),
        ("1h30m", Some(90)),
        ("h", None),
        ("", None),
        ("5", None),
        ("1h5", None),
    ] {
        assert_eq!(duration(text), minutes.map(TimeDelta::minutes), "{text}");
    }
}
