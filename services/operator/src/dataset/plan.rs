//! What is to be done for a dataset and what is to be said of it: decided from what was found.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::{
    job::{Wanted, name},
    report::Report,
    schedule::Schedule,
};
use crate::{
    jobs::{Outcome, Run, Task},
    resource::{ActivationMode, ReferenceDataset, ReferenceDatasetStatus, Verdict},
};

/// How long after a failure the next try comes at the earliest; twice as long after each further one.
const PAUSE: TimeDelta = TimeDelta::minutes(5);
/// The longest pause.
const PAUSE_MAX: TimeDelta = TimeDelta::hours(6);

/// A dataset as it was found.
pub(crate) struct Found<'a> {
    /// The resource.
    pub dataset: &'a ReferenceDataset,
    /// SHA-256 of the content, where the source is a `ConfigMap`; or why there is none.
    pub content: Option<Result<String, String>>,
    /// Its Jobs.
    pub runs: &'a [Run<Report>],
    /// Whether this operator has been told how to import.
    pub can_import: bool,
}

/// What should be.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The Job to be made.
    pub wanted: Option<Wanted>,
    /// The status, without its conditions.
    pub status: ReferenceDatasetStatus,
    /// What is said.
    pub verdicts: [Verdict; 3],
    /// When something changes by itself.
    pub again: Option<DateTime<Utc>>,
}

/// What the source asks for now.
enum Demand {
    /// Nothing: no instant of the schedule has come.
    Nothing,
    /// It cannot be told what.
    Unclear(&'static str, String),
    /// This.
    Run(Wanted),
    /// It has been dealt with.
    Met,
    /// It waits for a second person.
    Approval(String),
}

/// Decides for one dataset.
pub(crate) fn plan(found: &Found<'_>, now: DateTime<Utc>) -> Plan {
    let mut status = found.dataset.status.clone().unwrap_or_default();
    status.observed_generation = found.dataset.metadata.generation;
    let failure = settle(&mut status, found, now);
    let schedule = schedule(found.dataset);
    let demand = match &schedule {
        Err(why) => Demand::Unclear("ScheduleInvalid", why.clone()),
        Ok(schedule) => demand(found, &mut status, schedule.as_ref(), now),
    };
    let running = found.runs.iter().find(|run| run.outcome == Outcome::Running);
    if matches!(demand, Demand::Met) {
        forget_failures(&mut status);
    }
    let (wanted, imported) = decide(found, &status, demand, running, failure, now);
    if let Some(wanted) = &wanted {
        status.last_job = Some(name(found.dataset, wanted));
    }
    let due = schedule.ok().flatten().and_then(|schedule| schedule.next(now));
    let retry = retry_at(&status).filter(|at| *at > now && status.failures > 0);
    let effective = found.dataset.spec.activation.effective_from.filter(|at| *at > now);
    status.next_import_time =
        [due, retry].into_iter().flatten().min().filter(|_| !found.dataset.spec.suspend);
    let (stale, stale_at) = stale(found.dataset, &status, now);
    Plan {
        again: [status.next_import_time, effective, stale_at].into_iter().flatten().min(),
        wanted,
        verdicts: [imported, ready(&status), stale],
        status,
    }
}

/// Takes the outcome of the last Job into the status, once; tells why it failed, if it just did.
fn settle(status: &mut ReferenceDatasetStatus, found: &Found<'_>, now: DateTime<Utc>) -> Option<String> {
    let last = status.last_job.clone()?;
    if status.settled_job.as_ref() == Some(&last) {
        return None;
    }
    let run = found.runs.iter().find(|run| run.name == last)?;
    let failure = match (&run.outcome, run.task) {
        (Outcome::Running, _) => return None,
        (Outcome::Failed { at, why }, _) => Some(fail(status, run, *at, now, why)),
        (Outcome::Done { at, report }, Task::Import) => {
            forget_failures(status);
            status.handled = Some(run.trigger.clone());
            status.last_import_time = Some(at.unwrap_or(now).trunc_subsecs(0));
            status.records = report.as_ref().map(Report::records);
            status.active_number = report.as_ref().and_then(|report| report.number);
            let told = report.as_ref().map(|report| report.sha256.clone());
            status.active_version = Some(told.unwrap_or_else(|| content_of(&run.trigger)));
            status.candidate_version = None;
            None
        }
        (Outcome::Done { report: Some(report), .. }, _) => {
            forget_failures(status);
            status.handled = Some(run.trigger.clone());
            status.candidate_version = Some(report.sha256.clone());
            None
        }
        (Outcome::Done { at, .. }, _) => {
            Some(fail(status, run, *at, now, "what the Job found cannot be read any more"))
        }
    };
    status.settled_job = Some(last);
    failure
}

fn fail(
    status: &mut ReferenceDatasetStatus,
    run: &Run<Report>,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    why: &str,
) -> String {
    let is_same = status.failed_trigger.as_ref() == Some(&run.trigger);
    status.failures = if is_same { status.failures.saturating_add(1) } else { 1 };
    status.last_failure_time = Some(at.unwrap_or(now).trunc_subsecs(0));
    status.failed_trigger = Some(run.trigger.clone());
    why.to_owned()
}

fn forget_failures(status: &mut ReferenceDatasetStatus) {
    (status.failures, status.last_failure_time, status.failed_trigger) = (0, None, None);
}

/// The content that a Job was made for, where its pod is gone and cannot tell.
fn content_of(trigger: &str) -> String {
    let content = trigger.strip_prefix("content:").or_else(|| trigger.strip_prefix("approved:"));
    content.unwrap_or("unknown").to_owned()
}

fn schedule(dataset: &ReferenceDataset) -> Result<Option<Schedule>, String> {
    let zone = dataset.spec.time_zone.as_deref();
    dataset.spec.schedule.as_deref().map(|text| Schedule::parse(text, zone)).transpose()
}

/// What the source asks for now.
fn demand(
    found: &Found<'_>,
    status: &mut ReferenceDatasetStatus,
    schedule: Option<&Schedule>,
    now: DateTime<Utc>,
) -> Demand {
    let spec = &found.dataset.spec;
    let pinned = spec.integrity.as_ref().map(|integrity| integrity.sha256.clone());
    let run = |task, trigger: String, sha256: Option<String>, status: &ReferenceDatasetStatus| {
        let is_same = status.failed_trigger.as_ref() == Some(&trigger);
        Demand::Run(Wanted { task, trigger, sha256, failures: if is_same { status.failures } else { 0 } })
    };
    let is_manual = spec.activation.mode == ActivationMode::Manual;
    let trigger = match &found.content {
        Some(Err(why)) => return Demand::Unclear("SourceMissing", why.clone()),
        Some(Ok(sha256)) => {
            if let Some(pinned) = pinned.as_ref().filter(|pinned| *pinned != sha256) {
                let why = format!("the ConfigMap holds {sha256}, and {pinned} is asked for");
                return Demand::Unclear("IntegrityViolated", why);
            }
            if is_manual {
                let is_news = status.active_version.as_ref() != Some(sha256);
                status.candidate_version = is_news.then(|| sha256.clone());
                None
            } else {
                let trigger = format!("content:{sha256}");
                return if status.handled.as_ref() == Some(&trigger) {
                    Demand::Met
                } else {
                    run(Task::Import, trigger, Some(sha256.clone()), status)
                };
            }
        }
        None => match schedule {
            Some(schedule) => {
                let since = created(found.dataset).unwrap_or(now);
                match schedule.latest(since, now) {
                    Some(at) => Some(format!("slot:{}", at.to_rfc3339())),
                    None if is_manual && status.candidate_version.is_some() => None,
                    None => return Demand::Nothing,
                }
            }
            None => Some(format!("source:{}", source_hash(found.dataset))),
        },
    };
    if let Some(trigger) = trigger {
        // A check that was handled is not repeated; an approved import has a trigger of its own.
        if status.handled.as_ref() != Some(&trigger) && status.checked.as_ref() != Some(&trigger) {
            let task = if is_manual { Task::Check } else { Task::Import };
            return run(task, trigger, pinned, status);
        }
        if !is_manual {
            return Demand::Met;
        }
        status.checked = Some(trigger);
    }
    let Some(candidate) =
        status.candidate_version.clone().filter(|one| status.active_version.as_ref() != Some(one))
    else {
        status.candidate_version = None;
        return Demand::Met;
    };
    match &spec.activation.approved_version {
        Some(approved) if *approved == candidate => {
            run(Task::Import, format!("approved:{candidate}"), Some(candidate), status)
        }
        Some(approved) => {
            Demand::Approval(format!("{candidate} waits for its approval; {approved} is approved"))
        }
        None => Demand::Approval(format!("{candidate} waits for its approval")),
    }
}

fn created(dataset: &ReferenceDataset) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(dataset.metadata.creation_timestamp.as_ref()?.0.as_second(), 0)
}

/// Changes with what is fetched, and with nothing else in the resource.
fn source_hash(dataset: &ReferenceDataset) -> String {
    let spec = &dataset.spec;
    let what = serde_json::json!([spec.source, spec.integrity]).to_string();
    hex::encode(openssl::sha::sha256(what.as_bytes())).chars().take(16).collect()
}

/// What is done about the demand, and what is said of it.
fn decide(
    found: &Found<'_>,
    status: &ReferenceDatasetStatus,
    demand: Demand,
    running: Option<&Run<Report>>,
    failure: Option<String>,
    now: DateTime<Utc>,
) -> (Option<Wanted>, Verdict) {
    if let Some(run) = running {
        return (None, Verdict::unknown("Imported", "Running", format!("Job {} runs", run.name)));
    }
    let wanted = match demand {
        Demand::Nothing => return (None, no("NotYet", "no instant of the schedule has come")),
        Demand::Unclear(reason, why) => return (None, no(reason, why)),
        Demand::Approval(why) => return (None, no("AwaitingApproval", why)),
        Demand::Met => {
            let version = status.active_version.as_deref().unwrap_or("nothing");
            return (None, Verdict::yes("Imported", "Imported", format!("{version} is imported")));
        }
        Demand::Run(wanted) => wanted,
    };
    let activation = &found.dataset.spec.activation;
    if !found.can_import {
        return (
            None,
            no("NotConfigured", "the operator is not told how to import: imports.keySecret of its chart"),
        );
    }
    if found.dataset.spec.suspend {
        return (None, no("Suspended", "nothing is imported for the time being"));
    }
    if let Some(at) = activation.effective_from.filter(|at| *at > now) {
        return (None, no("NotYet", format!("nothing is imported before {at}")));
    }
    if wanted.failures > 0 && retry_at(status).is_some_and(|at| at > now) {
        let before =
            found.dataset.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
        let known = before.iter().find(|old| old.kind == "Imported" && old.reason == "Failed");
        let why = failure.or_else(|| known.map(|old| old.message.clone())).unwrap_or_default();
        return (None, no("Failed", why));
    }
    let task = wanted.task.word();
    let said = Verdict::unknown("Imported", "Running", format!("a Job to {task} it is made"));
    (Some(wanted), said)
}

fn no(reason: &'static str, why: impl Into<String>) -> Verdict {
    Verdict::no("Imported", reason, why)
}

/// When what failed may be tried again.
fn retry_at(status: &ReferenceDatasetStatus) -> Option<DateTime<Utc>> {
    let doubled = 1_i32.checked_shl(status.failures.saturating_sub(1)).filter(|factor| *factor > 0);
    let pause = doubled.and_then(|factor| PAUSE.checked_mul(factor)).unwrap_or(PAUSE_MAX).min(PAUSE_MAX);
    status.last_failure_time.map(|at| at + pause)
}

fn ready(status: &ReferenceDatasetStatus) -> Verdict {
    match &status.active_version {
        Some(version) => Verdict::yes("Ready", "Active", format!("{version} counts")),
        None => Verdict::no("Ready", "NothingImported", "nothing has been imported yet"),
    }
}

/// Whether the data is too old, and when it will be.
fn stale(
    dataset: &ReferenceDataset,
    status: &ReferenceDatasetStatus,
    now: DateTime<Utc>,
) -> (Verdict, Option<DateTime<Utc>>) {
    let Some(after) = dataset.spec.stale_after.as_deref().and_then(duration) else {
        return (Verdict::no("Stale", "NoLimit", "no limit is set"), None);
    };
    let Some(since) = status.last_import_time.or_else(|| created(dataset)) else {
        return (Verdict::no("Stale", "Fresh", "it has just been made"), None);
    };
    let at = since + after;
    if at <= now {
        (Verdict::yes("Stale", "TooOld", format!("nothing was imported since {since}")), None)
    } else {
        (Verdict::no("Stale", "Fresh", format!("it is stale from {at} on")), Some(at))
    }
}

/// Hours and minutes, as in `36h` or `1h30m`.
fn duration(text: &str) -> Option<TimeDelta> {
    let (hours, rest) = text.split_once('h').map_or((None, text), |(hours, rest)| (Some(hours), rest));
    let minutes = rest.strip_suffix('m');
    if hours.is_none() && minutes.is_none() || minutes.is_none() && !rest.is_empty() {
        return None;
    }
    let number = |text: Option<&str>| text.map_or(Some(0), |text| text.parse::<i64>().ok());
    TimeDelta::try_hours(number(hours)?)?.checked_add(&TimeDelta::try_minutes(number(minutes)?)?)
}

#[cfg(test)]
mod tests;
