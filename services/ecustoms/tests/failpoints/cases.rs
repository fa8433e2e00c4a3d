//! The table of cases: every step of every story, at the points where a process may die.

use crate::story::Story;

/// One point of one story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) story: Story,
    pub(crate) stage: &'static str,
    /// Use case, message or timer; `#2` its second time, `@service` only there.
    pub(crate) label: &'static str,
}

impl Case {
    /// The point as it is armed.
    pub(crate) fn point(&self) -> String {
        format!("{}:{}", self.stage, self.label)
    }
}

/// A transaction is about to be committed.
const BEFORE: &str = "before-commit";
/// It is committed, nothing of it is published.
const AFTER: &str = "after-commit";
/// A message is with the bus, and still in the outbox.
const PUBLISHED: &str = "after-publish";
/// A message has taken effect, and is still with the bus.
const UNACKNOWLEDGED: &str = "before-ack";

/// What is done at each step, stages, labels.
type Row = (Story, &'static [&'static str], &'static [&'static str]);

const TABLE: &[Row] = &[
    // Who acts: parties, officers, and services at the orders and answers of the sagas.
    (
        Story::Discharged,
        &[BEFORE, AFTER],
        &[
            "declarations.submit-declaration",
            "guarantees.hold",
            "guarantees.held",
            "declarations.release-movement",
            "declarations.record-crossing#1",
            "declarations.record-crossing#2",
            "declarations.record-crossing#3",
            "declarations.record-crossing#4",
            "declarations.notify-arrival",
            "declarations.send-arrival-message",
            "declarations.record-destination-control",
            "guarantees.free",
            "guarantees.freed",
        ],
    ),
    // Who is told: boxes and counters.
    (
        Story::Discharged,
        &[BEFORE, AFTER, UNACKNOWLEDGED],
        &[
            "declarations.message-issued",
            "declarations.movement-changed",
            "guarantees.use-changed",
            "declarations.movement-released@notifications",
            "declarations.movement-released@statistics",
            "declarations.movement-arrived@notifications",
            "declarations.movement-arrived@statistics",
            "declarations.movement-discharged@notifications",
            "declarations.movement-discharged@statistics",
        ],
    ),
    // What each step sends; a crossing only tells of the change.
    (
        Story::Discharged,
        &[PUBLISHED],
        &[
            "guarantees.hold",
            "guarantees.held",
            "guarantees.use-changed",
            "declarations.message-issued",
            "declarations.movement-changed#2",
            "declarations.movement-released",
            "declarations.movement-changed#4",
            "declarations.movement-changed#5",
            "declarations.movement-changed#6",
            "declarations.movement-changed#7",
            "declarations.movement-arrived",
            "guarantees.free",
            "guarantees.freed",
            "declarations.movement-discharged",
        ],
    ),
    (
        Story::Discharged,
        &[UNACKNOWLEDGED],
        &["guarantees.hold", "guarantees.held", "guarantees.free", "guarantees.freed"],
    ),
    (
        Story::Amended,
        &[BEFORE, AFTER],
        &[
            "guarantees.hold-refused",
            "declarations.send-departure-message",
            "guarantees.hold#2",
            "guarantees.held",
        ],
    ),
    (Story::Amended, &[PUBLISHED, UNACKNOWLEDGED], &["guarantees.hold-refused", "guarantees.hold#2"]),
    (
        Story::Withdrawn,
        &[BEFORE, AFTER],
        &["declarations.send-departure-message", "guarantees.free", "guarantees.freed"],
    ),
    (Story::Withdrawn, &[PUBLISHED, UNACKNOWLEDGED], &["guarantees.free", "guarantees.freed"]),
    (Story::Expired, &[BEFORE, AFTER], &["timer.guarantee-amendment", "guarantees.free"]),
    (Story::Expired, &[PUBLISHED], &["guarantees.free"]),
];

/// Every case whose name contains what `FAILPOINTS` names, if it is set.
pub(crate) fn cases() -> Vec<Case> {
    let wanted = std::env::var("FAILPOINTS").unwrap_or_default();
    let rows = TABLE.iter().flat_map(|(story, stages, labels)| {
        labels
            .iter()
            .flat_map(move |label| stages.iter().map(move |stage| Case { story: *story, stage, label }))
    });
    rows.filter(|case| format!("{:?} {}", case.story, case.point()).contains(&wanted)).collect()
}
