//! The Jobs of a replay: one selects letters and tells which, the other replays exactly those.

use k8s_openapi::api::batch::v1::Job;
use serde::Deserialize;

use crate::{
    jobs::{self, Errand, REPORT, Task},
    resource::{DeadLetterReplay, FailedLetter, GROUP},
    settings::Jobs,
};

/// What a Job says when it has ended well; `ecustoms bus dead-letters` writes it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Report {
    /// The letters that were selected.
    pub ids: Vec<String>,
    /// How many more there are behind them.
    pub more: u32,
    /// How many letters have taken effect, now or before.
    pub replayed: u32,
    /// How many failed again.
    pub failed: u32,
    /// Some of those, and why.
    pub letters: Vec<FailedLetter>,
}

/// What a Job is made for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// Select so many letters behind this one.
    Select {
        /// The last letter whose turn is over.
        after: Option<String>,
        /// How many at most.
        most: u32,
        /// How often it has failed before.
        failures: u32,
    },
    /// Replay these letters.
    Replay {
        /// SHA-256 over them.
        selection: String,
        /// The letters.
        ids: Vec<String>,
        /// How often it has failed before.
        failures: u32,
    },
}

impl Wanted {
    /// What the Job is to do.
    pub(crate) const fn task(&self) -> Task {
        match self {
            Self::Select { .. } => Task::Select,
            Self::Replay { .. } => Task::Replay,
        }
    }

    fn trigger(&self) -> String {
        match self {
            Self::Select { after, .. } => format!("after:{}", after.as_deref().unwrap_or("nothing")),
            Self::Replay { selection, .. } => format!("selection:{selection}"),
        }
    }

    const fn failures(&self) -> u32 {
        match self {
            Self::Select { failures, .. } | Self::Replay { failures, .. } => *failures,
        }
    }
}

/// The label of a Job that says for which replay it is.
pub(crate) fn owner_key() -> String {
    format!("{GROUP}/replay-uid")
}

/// The name of the Job.
pub(crate) fn name(replay: &DeadLetterReplay, wanted: &Wanted) -> String {
    jobs::name(replay, wanted.task(), &wanted.trigger(), wanted.failures())
}

/// The Job.
pub(crate) fn job(replay: &DeadLetterReplay, jobs: &Jobs, wanted: &Wanted) -> Job {
    let trigger = wanted.trigger();
    let errand = Errand {
        task: wanted.task(),
        trigger: &trigger,
        failures: wanted.failures(),
        owner_key: owner_key(),
        arguments: arguments(replay, jobs, wanted),
        volumes: Vec::new(),
    };
    errand.job(replay, jobs)
}

fn arguments(replay: &DeadLetterReplay, jobs: &Jobs, wanted: &Wanted) -> Vec<String> {
    let mut arguments: Vec<String> = ["bus", "dead-letters", wanted.task().word()].map(str::to_owned).into();
    let mut add = |option: &str, value: &str| arguments.push(format!("--{option}={value}"));
    add("url", &jobs.url);
    add("key", &jobs.key_file);
    add("password-file", &jobs.password_file);
    add("report", REPORT);
    if let Wanted::Select { after, most, .. } = wanted {
        let selection = &replay.spec.selection;
        add("most", &most.to_string());
        if let Some(id) = after {
            add("after", id);
        }
        selection.ids.iter().for_each(|id| add("id", id));
        selection.messages.iter().for_each(|name| add("message", name));
        selection.kinds.iter().for_each(|kind| add("kind", kind.word()));
        // The kubelet would put in what a variable holds.
        selection.reason_contains.iter().for_each(|part| add("reason", &part.replace('$', "$$")));
        selection.parked_after.iter().for_each(|at| add("parked-after", &at.to_rfc3339()));
        selection.parked_before.iter().for_each(|at| add("parked-before", &at.to_rfc3339()));
    }
    // After this nothing is an option any more.
    arguments.extend(["--".to_owned(), replay.spec.service.name().to_owned()]);
    if let Wanted::Replay { ids, .. } = wanted {
        arguments.extend(ids.iter().cloned());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn replay(selection: &Value) -> DeadLetterReplay {
        serde_json::from_value(json!({
            "apiVersion": "ecustoms.dev/v1alpha1", "kind": "DeadLetterReplay",
            "metadata": { "name": "after-outage", "namespace": "ec", "uid": "u-1" },
            "spec": { "service": "WebBroker", "selection": selection, "reason": "the ledger was locked" },
        }))
        .unwrap()
    }

    fn args(selection: &Value, wanted: &Wanted) -> Vec<String> {
        let jobs: Jobs = serde_json::from_value(json!({
            "url": "http://gateway:8080", "keyFile": "/k/key.p12", "passwordFile": "/k/password",
            "template": { "spec": { "containers": [{ "name": "replay" }] } },
        }))
        .unwrap();
        let job = serde_json::to_value(job(&replay(selection), &jobs, wanted)).unwrap();
        serde_json::from_value(job["spec"]["template"]["spec"]["containers"][0]["args"].clone()).unwrap()
    }

    const REACH: [&str; 4] = [
        "--url=http://gateway:8080",
        "--key=/k/key.p12",
        "--password-file=/k/password",
        "--report=/dev/termination-log",
    ];

    #[test]
    fn a_selection_is_told_to_the_job_option_by_option() {
        let selection = json!({
            "ids": ["0198a000-0000-7000-8000-000000000001"], "messages": ["guarantees.hold", "guarantees.held"],
            "kinds": ["Command", "Reply"], "reasonContains": "--locked $(HOME)",
            "parkedAfter": "2026-11-30T06:00:00Z", "parkedBefore": "2026-11-30T07:00:00Z",
        });
        let wanted = Wanted::Select { after: Some("0198".to_owned()), most: 40, failures: 0 };
        let args = args(&selection, &wanted);
        assert_eq!(args[..3], ["bus", "dead-letters", "select"]);
        assert_eq!(args[3..7], REACH);
        let rest = [
            "--most=40",
            "--after=0198",
            "--id=0198a000-0000-7000-8000-000000000001",
            "--message=guarantees.hold",
            "--message=guarantees.held",
            "--kind=command",
            "--kind=reply",
            "--reason=--locked $$(HOME)",
            "--parked-after=2026-11-30T06:00:00+00:00",
            "--parked-before=2026-11-30T07:00:00+00:00",
            "--",
            "web-broker",
        ];
        assert_eq!(args[7..], rest);
    }

    #[test]
    fn exactly_the_letters_that_were_selected_are_replayed() {
        let ids = vec!["one".to_owned(), "two".to_owned()];
        let args = args(&json!({}), &Wanted::Replay { selection: "ab".to_owned(), ids, failures: 1 });
        assert_eq!(args[..3], ["bus", "dead-letters", "replay"]);
        assert_eq!(args[3..7], REACH);
        assert_eq!(args[7..], ["--", "web-broker", "one", "two"]);
    }

    #[test]
    fn another_batch_another_selection_and_another_try_have_another_name() {
        let replay = replay(&json!({}));
        let select = |after: Option<&str>, failures| Wanted::Select {
            after: after.map(str::to_owned),
            most: 1,
            failures,
        };
        let ids = |selection: &str| Wanted::Replay {
            selection: selection.to_owned(),
            ids: Vec::new(),
            failures: 0,
        };
        let all = [select(None, 0), select(Some("a"), 0), select(None, 1), ids("a"), ids("b")]
            .map(|wanted| name(&replay, &wanted));
        assert!(all.iter().enumerate().all(|(index, one)| !all[..index].contains(one)), "{all:?}");
        assert!(all.iter().all(|name| name.starts_with("after-outage-")), "{all:?}");
        let fewer = Wanted::Select { after: None, most: 5, failures: 0 };
        assert_eq!(name(&replay, &fewer), all[0]);
    }
}
