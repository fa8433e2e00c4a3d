//! Conditions: what is the case with a resource, since when, and why.

use std::borrow::Cow;

use chrono::{DateTime, SubsecRound, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Whether something is the case.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Status {
    /// It is.
    True,
    /// It is not.
    False,
    /// Nobody can tell at present.
    Unknown,
}

/// One aspect of the state of a resource, in the form that all tools of Kubernetes read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Which aspect.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it is the case.
    pub status: Status,
    /// Why, in one word for programs.
    pub reason: String,
    /// Why, for people.
    pub message: String,
    /// The generation of the resource for which this was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Since when `status` has been so.
    pub last_transition_time: DateTime<Utc>,
}

impl JsonSchema for Condition {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One aspect of the state.",
            "type": "object",
            "required": ["lastTransitionTime", "message", "reason", "status", "type"],
            "properties": {
                "type": {
                    "description": "Which aspect.",
                    "type": "string", "maxLength": 316, "pattern": "^[A-Z][A-Za-z]+$"
                },
                "status": {
                    "description": "Whether it is the case.",
                    "type": "string", "enum": ["True", "False", "Unknown"]
                },
                "reason": {
                    "description": "Why, in one word for programs.",
                    "type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
                },
                "message": {
                    "description": "Why, for people.",
                    "type": "string", "maxLength": 32768
                },
                "observedGeneration": {
                    "description": "The generation for which this was found.",
                    "type": "integer", "format": "int64", "minimum": 0
                },
                "lastTransitionTime": {
                    "description": "Since when the status has been so.",
                    "type": "string", "format": "date-time"
                }
            }
        })
    }
}

/// The conditions of a resource: a list in which each type stands once.
pub fn conditions(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "What is the case with this resource, since when, and why.",
        "type": "array",
        "maxItems": 16,
        "items": Condition::json_schema(generator),
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"]
    })
}

/// An instant in the form of RFC 3339.
pub fn instant(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "date-time", "nullable": true })
}

/// What was found of one aspect, before it is known whether that is news.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Which aspect.
    pub kind: &'static str,
    /// Whether it is the case.
    pub status: Status,
    /// Why, in one word for programs.
    pub reason: &'static str,
    /// Why, for people.
    pub message: String,
}

impl Verdict {
    /// `kind` is the case.
    pub fn yes(kind: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { kind, status: Status::True, reason, message: message.into() }
    }

    /// `kind` is not the case.
    pub fn no(kind: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { kind, status: Status::False, reason, message: message.into() }
    }

    /// Nobody can tell whether `kind` is the case.
    pub fn unknown(kind: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { kind, status: Status::Unknown, reason, message: message.into() }
    }
}

/// The conditions that follow on `before`: an aspect whose status stays keeps the instant since when it has been so.
pub(crate) fn follow(
    before: &[Condition],
    found: &[Verdict],
    generation: Option<i64>,
    now: DateTime<Utc>,
) -> Vec<Condition> {
    found
        .iter()
        .map(|verdict| {
            let since = before
                .iter()
                .find(|old| old.kind == verdict.kind && old.status == verdict.status)
                .map_or_else(|| now.trunc_subsecs(0), |old| old.last_transition_time);
            Condition {
                kind: verdict.kind.to_owned(),
                status: verdict.status,
                reason: verdict.reason.to_owned(),
                message: shorten(&verdict.message),
                observed_generation: generation,
                last_transition_time: since,
            }
        })
        .collect()
}

/// What of `found` is news against `before`, and worth an event.
pub(crate) fn news<'a>(before: &[Condition], found: &'a [Verdict]) -> Vec<&'a Verdict> {
    found
        .iter()
        .filter(|verdict| {
            !before.iter().any(|old| {
                old.kind == verdict.kind && old.status == verdict.status && old.reason == verdict.reason
            })
        })
        .collect()
}

/// A message within what an event and a condition may hold.
fn shorten(message: &str) -> String {
    message.chars().take(1_000).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    #[test]
    fn the_instant_is_kept_while_the_status_stays_and_taken_anew_when_it_changes() {
        let first = follow(&[], &[Verdict::no("Ready", "Bad", "one")], Some(1), at(10));
        assert_eq!(first[0].last_transition_time, at(10));
        let same = follow(&first, &[Verdict::no("Ready", "Worse", "two")], Some(2), at(20));
        assert_eq!((same[0].last_transition_time, same[0].observed_generation), (at(10), Some(2)));
        assert_eq!((same[0].reason.as_str(), same[0].message.as_str()), ("Worse", "two"));
        let other = follow(&same, &[Verdict::yes("Ready", "Good", "three")], Some(2), at(30));
        assert_eq!(other[0].last_transition_time, at(30));
    }

    #[test]
    fn news_is_another_status_or_another_reason_but_not_another_wording() {
        let before = follow(&[], &[Verdict::no("Ready", "Bad", "one")], None, at(0));
        assert!(news(&before, &[Verdict::no("Ready", "Bad", "two")]).is_empty());
        assert_eq!(news(&before, &[Verdict::no("Ready", "Worse", "one")]).len(), 1);
        assert_eq!(news(&before, &[Verdict::yes("Ready", "Bad", "one")]).len(), 1);
        assert_eq!(news(&before, &[Verdict::no("Distributed", "Bad", "one")]).len(), 1);
    }

    #[test]
    fn an_aspect_that_is_not_judged_any_more_goes() {
        let before = follow(&[], &[Verdict::no("Ready", "Bad", "one")], None, at(0));
        assert!(follow(&before, &[], None, at(1)).is_empty());
    }
}
