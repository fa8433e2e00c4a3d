//! `DeadLetterReplay`: dead letters of a service that are to be tried again, once, with a reason on record.

#![expect(unreachable_pub, reason = "the derive of schemas makes public structs within functions")]
#![expect(clippy::duplicated_attributes, reason = "each column of a table has the same attributes")]

use chrono::{DateTime, Utc};
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::{Condition, conditions, instant};

/// Which dead letters are tried again, how many at most, and on whose word.
#[derive(Clone, CustomResource, Debug, Deserialize, KubeSchema, PartialEq, Serialize)]
#[kube(
    group = "ecustoms.dev",
    version = "v1alpha1",
    kind = "DeadLetterReplay",
    namespaced,
    status = "DeadLetterReplayStatus",
    derive = "PartialEq",
    shortname = "ecdlr",
    category = "ecustoms",
    doc = "Dead letters of a service that the operator has tried again, each once; after a second person's approval where that is asked for. Like a Job it is done once: for more, make another.",
    printcolumn(name = "Service", type_ = "string", json_path = ".spec.service"),
    printcolumn(name = "Matched", type_ = "integer", json_path = ".status.matched"),
    printcolumn(name = "Replayed", type_ = "integer", json_path = ".status.replayed"),
    printcolumn(name = "Failed", type_ = "integer", json_path = ".status.failed"),
    printcolumn(
        name = "Complete",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Complete\")].status"
    ),
    printcolumn(
        name = "Candidate",
        type_ = "string",
        json_path = ".status.candidateSelection",
        priority = 1
    ),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[x_kube(
    validation = Rule::new("!has(self.approval) || !has(self.approval.mode) || self.approval.mode != 'Manual' || !has(self.limit) || self.limit <= 100")
        .message("a second person approves 100 letters at most: lower the limit")
        .field_path(".limit"),
    validation = Rule::new("!has(self.selection) || !has(self.selection.ids) || self.selection.ids.size() <= (has(self.limit) ? self.limit : 100)")
        .message("more ids than the limit allows")
        .field_path(".limit")
)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetterReplaySpec {
    /// The service that could not act on them.
    #[x_kube(validation = Rule::new("self == oldSelf").message("service is immutable: make another replay"))]
    pub service: Service,
    /// Which of its dead letters; all unless narrowed.
    #[serde(default)]
    #[x_kube(validation = Rule::new("self == oldSelf").message("selection is immutable: make another replay"))]
    pub selection: Selection,
    /// How many at most, the oldest first.
    #[serde(default = "limit")]
    #[schemars(range(min = 1, max = 1000))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("limit is immutable: make another replay"))]
    pub limit: u32,
    /// Why they are tried again: what was repaired. For those who look later.
    #[schemars(length(min = 10, max = 1024))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("reason is immutable: make another replay"))]
    pub reason: String,
    /// On whose word.
    #[serde(default)]
    pub approval: Approval,
    /// Begin nothing for the time being.
    #[serde(default)]
    pub suspend: bool,
    /// How long this resource is kept when all is done, in seconds; a week unless set.
    #[serde(default = "ttl")]
    #[schemars(range(min = 0, max = 31_536_000))]
    pub ttl_seconds_after_finished: u32,
}

const fn limit() -> u32 {
    100
}

const fn ttl() -> u32 {
    604_800
}

/// The services that hear messages.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Service {
    /// Movements and their messages.
    Declarations,
    /// Guarantees and their ledger.
    Guarantees,
    /// Reference data.
    References,
    /// Work at the desk.
    WebBroker,
    /// Message boxes and webhooks.
    Notifications,
    /// Counters of transit.
    Statistics,
}

impl Service {
    /// The name by which the suite knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Declarations => "declarations",
            Self::Guarantees => "guarantees",
            Self::References => "references",
            Self::WebBroker => "web-broker",
            Self::Notifications => "notifications",
            Self::Statistics => "statistics",
        }
    }
}

/// What a dead letter must be to be tried again; everything that is said holds.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[x_kube(
    validation = Rule::new("!has(self.parkedAfter) || !has(self.parkedBefore) || self.parkedAfter < self.parkedBefore")
        .message("parkedBefore must be after parkedAfter")
        .field_path(".parkedBefore")
)]
#[serde(rename_all = "camelCase")]
pub struct Selection {
    /// One of these letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 100),
        inner(
            length(max = 36),
            regex(pattern = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
        )
    )]
    pub ids: Vec<String>,
    /// One of these messages, as in guarantees.hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 32),
        inner(length(max = 100), regex(pattern = r"^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$"))
    )]
    pub messages: Vec<String>,
    /// One of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 3))]
    pub kinds: Vec<Kind>,
    /// The reason for which it was parked has this in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub reason_contains: Option<String>,
    /// It was parked at this instant or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub parked_after: Option<DateTime<Utc>>,
    /// It was parked before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub parked_before: Option<DateTime<Utc>>,
}

/// The kinds of messages on the bus.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Kind {
    /// Something is to be done.
    Command,
    /// What became of a command.
    Reply,
    /// Something has happened.
    Event,
}

impl Kind {
    /// The word by which the suite knows it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Reply => "reply",
            Self::Event => "event",
        }
    }
}

/// On whose word letters are tried again.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[x_kube(
    validation = Rule::new("!has(self.approvedSelection) || (has(self.mode) && self.mode == 'Manual')")
        .message("approvedSelection needs mode Manual")
)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// Whether a second person decides.
    #[serde(default)]
    #[x_kube(validation = Rule::new("self == oldSelf").message("mode is immutable: make another replay"))]
    pub mode: ApprovalMode,
    /// The selection that may be replayed: the SHA-256 in `status.candidateSelection`. Who may set it is a role of its
    /// own (`approve` on this resource).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 64, max = 64), regex(pattern = r"^[0-9a-f]{64}$"))]
    pub approved_selection: Option<String>,
}

/// Whether a second person decides.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum ApprovalMode {
    /// What is selected is replayed.
    #[default]
    Automatic,
    /// What is selected waits until its SHA-256 is approved; exactly those letters are replayed.
    Manual,
}

/// What became of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetterReplayStatus {
    /// How many letters were selected so far.
    #[serde(default)]
    pub matched: u32,
    /// How many of them have taken effect.
    #[serde(default)]
    pub replayed: u32,
    /// How many of them failed again, and stay dead letters.
    #[serde(default)]
    pub failed: u32,
    /// How many letters that match were still waiting when that was last looked at: those that failed again, and those
    /// whose turn has not come or is beyond the limit.
    #[serde(default)]
    pub remaining: u32,
    /// The letters whose turn it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100), inner(length(max = 36)))]
    pub letters: Vec<String>,
    /// SHA-256 over these letters, a line each: what is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub candidate_selection: Option<String>,
    /// How many letters that match are behind them.
    #[serde(default)]
    pub behind: u32,
    /// The last letter whose turn is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 36))]
    pub after: Option<String>,
    /// Some of those that failed again, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10))]
    pub failed_letters: Vec<FailedLetter>,
    /// When it was first looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub start_time: Option<DateTime<Utc>>,
    /// When nothing was left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub completion_time: Option<DateTime<Utc>>,
    /// The Job that ran last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub last_job: Option<String>,
    /// The last Job whose outcome is in this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub settled_job: Option<String>,
    /// How often in a row a Job failed.
    #[serde(default)]
    pub failures: u32,
    /// When one last failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub last_failure_time: Option<DateTime<Utc>>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub last_failure: Option<String>,
    /// The generation that was looked at last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// What is the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
}

/// A letter that failed again.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedLetter {
    /// The letter.
    #[schemars(length(max = 36))]
    pub id: String,
    /// Why it is parked now.
    #[schemars(length(max = 1024))]
    pub reason: String,
}
