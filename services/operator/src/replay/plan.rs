//! What is to be done for a replay and what is to be said of it: decided from what was found.
//!
//! Letters come in batches: a Job selects the next, their ids are noted, another Job replays exactly those. A letter
//! that is not there any more has taken effect, so a Job that was cut off may be made again.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::job::{Report, Wanted, name};
use crate::{
    jobs::{Outcome, Run, Task},
    resource::{ApprovalMode, DeadLetterReplay, DeadLetterReplayStatus, FailedLetter, Verdict},
};

/// How many letters make one batch: their ids must fit into the last words of a container.
const BATCH: u32 = 100;
/// How often the Job of one step may fail.
const FAILURES_MAX: u32 = 5;
/// How long after a failure the next try comes; twice as long after each further one.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How many of those that failed again are told by name.
const NAMED: usize = 10;

/// A replay as it was found.
pub(crate) struct Found<'a> {
    /// The resource.
    pub replay: &'a DeadLetterReplay,
    /// Its Jobs.
    pub runs: &'a [Run<Report>],
    /// Whether this operator has been told how to replay.
    pub can_replay: bool,
}

/// What should be.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The Job to be made.
    pub wanted: Option<Wanted>,
    /// The status, without its conditions.
    pub status: DeadLetterReplayStatus,
    /// What is said.
    pub verdicts: [Verdict; 2],
    /// When something changes by itself.
    pub again: Option<DateTime<Utc>>,
    /// It has been kept for long enough.
    pub is_over: bool,
}

/// Decides for one replay.
pub(crate) fn plan(found: &Found<'_>, now: DateTime<Utc>) -> Plan {
    let mut status = found.replay.status.clone().unwrap_or_default();
    status.observed_generation = found.replay.metadata.generation;
    status.start_time.get_or_insert(now.trunc_subsecs(0));
    settle(&mut status, found, now);
    let (wanted, complete) = decide(found, &status, now);
    if let Some(wanted) = &wanted {
        status.last_job = Some(name(found.replay, wanted));
    }
    let ttl = TimeDelta::seconds(i64::from(found.replay.spec.ttl_seconds_after_finished));
    let over = status.completion_time.map(|at| at + ttl);
    let retry = retry_at(&status).filter(|at| status.completion_time.is_none() && *at > now);
    Plan {
        again: [over, retry].into_iter().flatten().min(),
        is_over: over.is_some_and(|at| at <= now),
        verdicts: [complete, failed(&status)],
        wanted,
        status,
    }
}

/// Takes the outcome of the last Job into the status, once.
fn settle(status: &mut DeadLetterReplayStatus, found: &Found<'_>, now: DateTime<Utc>) {
    let Some(last) = status.last_job.clone().filter(|last| status.settled_job.as_ref() != Some(last)) else {
        return;
    };
    let Some(run) = found.runs.iter().find(|run| run.name == last) else { return };
    match &run.outcome {
        Outcome::Running => return,
        Outcome::Done { at, report: Some(report) } => {
            (status.failures, status.last_failure_time, status.last_failure) = (0, None, None);
            let at = at.unwrap_or(now);
            if run.task == Task::Select {
                selected(status, report, at);
            } else {
                replayed(status, report, found, at);
            }
        }
        Outcome::Done { at, report: None } => {
            fail(status, at.unwrap_or(now), "what the Job has done cannot be read any more");
        }
        Outcome::Failed { at, why } => fail(status, at.unwrap_or(now), why),
    }
    status.settled_job = Some(last);
}

fn selected(status: &mut DeadLetterReplayStatus, report: &Report, at: DateTime<Utc>) {
    status.matched = status.matched.saturating_add(count(&report.ids));
    status.behind = report.more;
    status.candidate_selection = (!report.ids.is_empty()).then(|| hash(&report.ids));
    status.letters.clone_from(&report.ids);
    status.remaining = status.failed.saturating_add(count(&status.letters)).saturating_add(report.more);
    if report.ids.is_empty() {
        status.completion_time = Some(at.trunc_subsecs(0));
    }
}

fn replayed(status: &mut DeadLetterReplayStatus, report: &Report, found: &Found<'_>, at: DateTime<Utc>) {
    status.replayed = status.replayed.saturating_add(report.replayed);
    status.failed = status.failed.saturating_add(report.failed);
    let room = NAMED.saturating_sub(status.failed_letters.len());
    let named = report.letters.iter().take(room);
    status.failed_letters.extend(named.map(|FailedLetter { id, reason }| FailedLetter {
        id: id.chars().take(36).collect(),
        reason: reason.chars().take(1_000).collect(),
    }));
    status.after = status.letters.pop();
    (status.letters, status.candidate_selection) = (Vec::new(), None);
    status.remaining = status.failed.saturating_add(status.behind);
    if status.behind == 0 || status.matched >= found.replay.spec.limit {
        status.completion_time = Some(at.trunc_subsecs(0));
    }
}

fn fail(status: &mut DeadLetterReplayStatus, at: DateTime<Utc>, why: &str) {
    status.failures = status.failures.saturating_add(1);
    status.last_failure_time = Some(at.trunc_subsecs(0));
    status.last_failure = Some(why.chars().take(1_000).collect());
    if status.failures >= FAILURES_MAX {
        status.completion_time = Some(at.trunc_subsecs(0));
    }
}

fn count(ids: &[String]) -> u32 {
    u32::try_from(ids.len()).unwrap_or(u32::MAX)
}

/// SHA-256 over letters, a line each.
fn hash(ids: &[String]) -> String {
    let lines: String = ids.iter().flat_map(|id| [id.as_str(), "\n"]).collect();
    hex::encode(openssl::sha::sha256(lines.as_bytes()))
}

/// What is done next, and what is said of it.
fn decide(
    found: &Found<'_>,
    status: &DeadLetterReplayStatus,
    now: DateTime<Utc>,
) -> (Option<Wanted>, Verdict) {
    if status.completion_time.is_some() {
        return (None, ended(status));
    }
    if let Some(run) = found.runs.iter().find(|run| run.outcome == Outcome::Running) {
        return (None, Verdict::unknown("Complete", "Running", format!("Job {} runs", run.name)));
    }
    let no = |reason, why: String| (None, Verdict::no("Complete", reason, why));
    let spec = &found.replay.spec;
    if !found.can_replay {
        return no(
            "NotConfigured",
            "the operator is not told how to replay: replays.keySecret of its chart".to_owned(),
        );
    }
    if spec.suspend {
        return no("Suspended", "nothing is begun for the time being".to_owned());
    }
    if retry_at(status).is_some_and(|at| at > now) {
        return no("Retrying", status.last_failure.clone().unwrap_or_default());
    }
    let failures = status.failures;
    let Some(selection) = status.candidate_selection.clone().filter(|_| !status.letters.is_empty()) else {
        let most = spec.limit.saturating_sub(status.matched).clamp(1, BATCH);
        let wanted = Wanted::Select { after: status.after.clone(), most, failures };
        return (Some(wanted), Verdict::unknown("Complete", "Running", "letters are being selected"));
    };
    let approval = &spec.approval;
    if approval.mode == ApprovalMode::Manual && approval.approved_selection.as_ref() != Some(&selection) {
        let letters = status.letters.len();
        return no("AwaitingApproval", format!("{selection} of {letters} letters waits for its approval"));
    }
    let wanted = Wanted::Replay { selection, ids: status.letters.clone(), failures };
    (Some(wanted), Verdict::unknown("Complete", "Running", "letters are being replayed"))
}

/// What is said of a replay that has ended.
fn ended(status: &DeadLetterReplayStatus) -> Verdict {
    if status.failures >= FAILURES_MAX {
        return Verdict::no("Complete", "GivenUp", status.last_failure.clone().unwrap_or_default());
    }
    let DeadLetterReplayStatus { matched, replayed, failed, remaining, .. } = status;
    match (matched, failed) {
        (0, _) => Verdict::yes("Complete", "NothingMatched", "no dead letter is as the selection wants it"),
        (_, 0) => Verdict::yes("Complete", "Replayed", format!("{replayed} took effect, {remaining} remain")),
        _ => Verdict::yes(
            "Complete",
            "SomeFailed",
            format!("{replayed} took effect, {failed} failed again, {remaining} remain"),
        ),
    }
}

/// Whether somebody should look.
fn failed(status: &DeadLetterReplayStatus) -> Verdict {
    if status.failures >= FAILURES_MAX {
        return Verdict::yes("Failed", "GivenUp", status.last_failure.clone().unwrap_or_default());
    }
    match status.failed_letters.first() {
        Some(FailedLetter { id, reason }) => {
            let message = format!("{} failed again, {id} among them: {reason}", status.failed);
            Verdict::yes("Failed", "LettersFailed", message)
        }
        None => Verdict::no("Failed", "NothingFailed", "no letter has failed again"),
    }
}

/// When what failed may be tried again.
fn retry_at(status: &DeadLetterReplayStatus) -> Option<DateTime<Utc>> {
    let doubled = 1_i32.checked_shl(status.failures.saturating_sub(1)).unwrap_or(1).max(1);
    status.last_failure_time.map(|at| at + PAUSE.checked_mul(doubled).unwrap_or(PAUSE))
}

#[cfg(test)]
mod tests;
