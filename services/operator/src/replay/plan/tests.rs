//! Tests of the plan for a replay: one story after the other, without a cluster.

use serde_json::{Value, json};

use super::*;
use crate::resource::Status;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-30T{text}:00Z").parse().unwrap()
}

/// A replay that is looked at again and again, as the controller does.
struct Story {
    replay: DeadLetterReplay,
    runs: Vec<Run<Report>>,
}

impl Story {
    fn new(spec: Value) -> Self {
        let mut spec = spec;
        (spec["service"], spec["reason"]) = ("Guarantees".into(), "the ledger was locked".into());
        let replay = json!({
            "apiVersion": "ecustoms.dev/v1alpha1", "kind": "DeadLetterReplay",
            "metadata": { "name": "outage", "namespace": "ec", "uid": "u", "generation": 1 }, "spec": spec,
        });
        Self { replay: serde_json::from_value(replay).unwrap(), runs: Vec::new() }
    }

    /// One look; what is wanted is made.
    fn look(&mut self, now: &str) -> Plan {
        let plan = plan(&Found { replay: &self.replay, runs: &self.runs, can_replay: true }, at(now));
        self.replay.status = Some(plan.status.clone());
        if let Some(wanted) = &plan.wanted {
            let name = name(&self.replay, wanted);
            assert!(self.runs.iter().all(|run| run.name != name), "{name} is made twice");
            let run = Run { name, task: wanted.task(), trigger: String::new(), outcome: Outcome::Running };
            self.runs.push(run);
        }
        plan
    }

    /// The last Job ends well.
    fn done(&mut self, now: &str, report: &Value) {
        let report = serde_json::from_value(report.clone()).unwrap();
        self.end(Outcome::Done { at: Some(at(now)), report: Some(report) });
    }

    /// The last Job gives up.
    fn failed(&mut self, now: &str) {
        self.end(Outcome::Failed { at: Some(at(now)), why: "no suite answers".to_owned() });
    }

    fn end(&mut self, outcome: Outcome<Report>) {
        let run = self.runs.last_mut().unwrap();
        assert_eq!(run.outcome, Outcome::Running);
        run.outcome = outcome;
    }
}

fn complete(plan: &Plan) -> (Status, &'static str) {
    (plan.verdicts[0].status, plan.verdicts[0].reason)
}

fn counts(plan: &Plan) -> [u32; 4] {
    let DeadLetterReplayStatus { matched, replayed, failed, remaining, .. } = plan.status;
    [matched, replayed, failed, remaining]
}

fn ids(plan: &Plan) -> Vec<String> {
    match plan.wanted.clone().unwrap() {
        Wanted::Replay { ids, .. } => ids,
        other @ Wanted::Select { .. } => panic!("{other:?}"),
    }
}

#[test]
fn letters_are_selected_and_exactly_those_are_replayed_once() {
    let mut story = Story::new(json!({}));
    let select = Wanted::Select { after: None, most: 100, failures: 0 };
    assert_eq!(story.look("06:00").wanted, Some(select));
    let running = story.look("06:01");
    assert_eq!((running.wanted.as_ref(), complete(&running)), (None, (Status::Unknown, "Running")));
    story.done("06:01", &json!({ "ids": ["a", "b", "c"], "more": 0 }));
    let plan = story.look("06:02");
    assert_eq!(
        (ids(&plan), counts(&plan)),
        (vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], [3, 0, 0, 3])
    );
    story.done(
        "06:03",
        &json!({ "replayed": 2, "failed": 1, "letters": [{ "id": "b", "reason": "no such hold" }] }),
    );
    let plan = story.look("06:04");
    assert_eq!((complete(&plan), counts(&plan)), ((Status::True, "SomeFailed"), [3, 2, 1, 1]));
    let failed = &plan.verdicts[1];
    assert_eq!((failed.status, failed.reason), (Status::True, "LettersFailed"));
    assert!(failed.message.contains("no such hold"), "{}", failed.message);
    assert_eq!(plan.status.completion_time, Some(at("06:03")));
    // Nothing is done ever after, also when its Jobs have been taken away.
    story.runs.clear();
    let plan = story.look("07:00");
    assert_eq!((plan.wanted.as_ref(), counts(&plan)), (None, [3, 2, 1, 1]));
}

#[test]
fn nothing_that_matches_is_a_good_end() {
    let mut story = Story::new(json!({}));
    story.look("06:00");
    story.done("06:01", &json!({ "ids": [], "more": 0 }));
    let plan = story.look("06:02");
    assert_eq!((plan.wanted.as_ref(), complete(&plan)), (None, (Status::True, "NothingMatched")));
    assert_eq!((plan.verdicts[1].status, counts(&plan)), (Status::False, [0, 0, 0, 0]));
}

#[test]
fn many_letters_come_in_batches_up_to_the_limit_and_none_comes_twice() {
    let mut story = Story::new(json!({ "limit": 150 }));
    let batch = |from: u32, to: u32| (from..to).map(|number| format!("{number:03}")).collect::<Vec<_>>();
    story.look("06:00");
    story.done("06:01", &json!({ "ids": batch(0, 100), "more": 400 }));
    let plan = story.look("06:02");
    assert_eq!((ids(&plan).len(), counts(&plan)), (100, [100, 0, 0, 500]));
    story
        .done("06:03", &json!({ "replayed": 99, "failed": 1, "letters": [{ "id": "007", "reason": "no" }] }));
    let plan = story.look("06:04");
    // The one that failed lies before: it is not selected again.
    let next = Wanted::Select { after: Some("099".to_owned()), most: 50, failures: 0 };
    assert_eq!((plan.wanted.as_ref(), counts(&plan)), (Some(&next), [100, 99, 1, 401]));
    story.done("06:05", &json!({ "ids": batch(100, 150), "more": 350 }));
    assert_eq!(ids(&story.look("06:06")).len(), 50);
    story.done("06:07", &json!({ "replayed": 50, "failed": 0 }));
    let plan = story.look("06:08");
    assert_eq!((complete(&plan).1, counts(&plan)), ("SomeFailed", [150, 149, 1, 351]));
}

#[test]
fn what_needs_approval_waits_for_it_and_exactly_those_letters_are_replayed() {
    let mut story = Story::new(json!({ "approval": { "mode": "Manual" } }));
    story.look("06:00");
    story.done("06:01", &json!({ "ids": ["a", "b"], "more": 7 }));
    let plan = story.look("06:02");
    assert_eq!((plan.wanted.as_ref(), complete(&plan)), (None, (Status::False, "AwaitingApproval")));
    let candidate = plan.status.candidate_selection.unwrap();
    assert_eq!(candidate, hash(&["a".to_owned(), "b".to_owned()]));
    story.replay.spec.approval.approved_selection = Some(hash(&["a".to_owned()]));
    assert_eq!(complete(&story.look("06:03")).1, "AwaitingApproval");
    story.replay.spec.approval.approved_selection = Some(candidate);
    assert_eq!(ids(&story.look("06:04")), ["a", "b"]);
    story.done("06:05", &json!({ "replayed": 2, "failed": 0 }));
    // What is behind has its own approval if it is selected: the next one asks for it.
    let plan = story.look("06:06");
    assert_eq!(plan.wanted, Some(Wanted::Select { after: Some("b".to_owned()), most: 98, failures: 0 }));
    story.done("06:07", &json!({ "ids": ["c"], "more": 0 }));
    assert_eq!(complete(&story.look("06:08")).1, "AwaitingApproval");
}

#[test]
fn a_job_that_fails_is_made_again_after_growing_pauses_and_given_up_after_five() {
    let mut story = Story::new(json!({}));
    story.look("06:00");
    story.failed("06:00");
    let plan = story.look("06:00");
    assert_eq!((plan.wanted.as_ref(), complete(&plan)), (None, (Status::False, "Retrying")));
    assert_eq!((plan.verdicts[0].message.as_str(), plan.again), ("no suite answers", Some(at("06:01"))));
    for (again, failed) in [("06:01", "06:01"), ("06:03", "06:03"), ("06:07", "06:07")] {
        assert!(story.look(again).wanted.is_some(), "{again}");
        story.failed(failed);
        assert!(story.look(failed).wanted.is_none(), "{failed}");
    }
    assert!(story.look("06:15").wanted.is_some());
    story.failed("06:16");
    let plan = story.look("06:17");
    assert_eq!((plan.wanted.as_ref(), complete(&plan)), (None, (Status::False, "GivenUp")));
    assert_eq!((plan.verdicts[1].status, plan.verdicts[1].reason), (Status::True, "GivenUp"));
    assert!(story.look("09:00").wanted.is_none());
}

#[test]
fn a_step_that_succeeds_forgets_the_failures_of_the_one_before() {
    let mut story = Story::new(json!({}));
    story.look("06:00");
    story.failed("06:00");
    story.look("06:00");
    assert!(story.look("06:01").wanted.is_some());
    story.done("06:02", &json!({ "ids": ["a"], "more": 0 }));
    let plan = story.look("06:02");
    assert_eq!((ids(&plan), plan.status.failures), (vec!["a".to_owned()], 0));
    // Its pod is gone before it could be read: replayed again, which finds what is there.
    story.end(Outcome::Done { at: Some(at("06:03")), report: None });
    assert_eq!(complete(&story.look("06:03")).1, "Retrying");
    assert_eq!(ids(&story.look("06:04")), ["a"]);
    story.done("06:05", &json!({ "replayed": 1, "failed": 0 }));
    assert_eq!(complete(&story.look("06:05")), (Status::True, "Replayed"));
}

#[test]
fn a_status_that_is_lost_is_found_again_in_the_jobs_and_nothing_is_made_twice() {
    let mut story = Story::new(json!({}));
    story.look("06:00");
    story.done("06:01", &json!({ "ids": ["a"], "more": 0 }));
    story.look("06:02");
    story.done("06:03", &json!({ "replayed": 1, "failed": 0 }));
    let runs = story.runs.clone();
    for _ in 0..2 {
        (story.replay.status, story.runs) = (None, runs.clone());
        // Each look wants the Job that is there already, and finds its outcome with the next.
        for _ in 0..2 {
            let found = Found { replay: &story.replay, runs: &story.runs, can_replay: true };
            let plan = plan(&found, at("06:10"));
            let wanted = name(&story.replay, plan.wanted.as_ref().unwrap());
            assert!(runs.iter().any(|run| run.name == wanted), "{wanted}");
            story.replay.status = Some(plan.status);
        }
        let plan = story.look("06:11");
        assert_eq!((complete(&plan).1, counts(&plan)), ("Replayed", [1, 1, 0, 0]));
    }
}

#[test]
fn nothing_is_begun_while_it_is_suspended_or_when_nobody_is_told_how() {
    let mut story = Story::new(json!({ "suspend": true }));
    assert_eq!(complete(&story.look("06:00")), (Status::False, "Suspended"));
    let found = Found { replay: &story.replay, runs: &[], can_replay: false };
    let plan = plan(&found, at("06:00"));
    assert_eq!((plan.wanted.as_ref(), complete(&plan).1), (None, "NotConfigured"));
    story.replay.spec.suspend = false;
    assert!(story.look("06:01").wanted.is_some());
}

#[test]
fn what_has_ended_is_kept_for_its_time() {
    let mut story = Story::new(json!({ "ttlSecondsAfterFinished": 3600 }));
    story.look("06:00");
    story.done("06:01", &json!({ "ids": [], "more": 0 }));
    let plan = story.look("06:02");
    assert_eq!((plan.is_over, plan.again), (false, Some(at("07:01"))));
    assert!(!story.look("07:00").is_over && story.look("07:01").is_over);
}
