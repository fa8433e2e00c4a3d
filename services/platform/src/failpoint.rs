//! Named points where a test may end the process, as a power cut would.
//!
//! `ECUSTOMS_FAILPOINT=before-commit:guarantees.hold` ends the process when it comes there for the first
//! time, `...#3` for the third; `...hold@guarantees` only within that service. Only debug builds listen; a
//! release build never looks.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

struct Armed {
    point: String,
    nth: u32,
    seen: AtomicU32,
}

static ARMED: OnceLock<Option<Armed>> = OnceLock::new();

fn armed() -> Option<&'static Armed> {
    ARMED
        .get_or_init(|| {
            if !cfg!(debug_assertions) {
                return None;
            }
            let text = std::env::var("ECUSTOMS_FAILPOINT").ok()?;
            let (point, nth) = text.rsplit_once('#').unwrap_or((&text, "1"));
            Some(Armed { point: point.to_owned(), nth: nth.parse().unwrap_or(1), seen: AtomicU32::new(0) })
        })
        .as_ref()
}

/// Ends the process here if `stage:label`, in `service`, is the armed point and its turn has come.
pub fn hit(stage: &str, label: &str, service: &str) {
    let Some(armed) = armed() else { return };
    if is_point(&armed.point, stage, label, service)
        && armed.seen.fetch_add(1, Ordering::SeqCst) + 1 == armed.nth
    {
        tracing::error!(stage, label, service, "failpoint reached");
        std::process::abort();
    }
}

fn is_point(point: &str, stage: &str, label: &str, service: &str) -> bool {
    let rest = point.strip_prefix(stage).and_then(|rest| rest.strip_prefix(':'));
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix(label)) else { return false };
    rest.is_empty() || rest.strip_prefix('@') == Some(service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_a_stage_and_a_label_and_may_name_a_service() {
        let here = |point| is_point(point, "before-ack", "declarations.movement-released", "statistics");
        assert!(here("before-ack:declarations.movement-released"));
        assert!(here("before-ack:declarations.movement-released@statistics"));
        assert!(!here("before-ack:declarations.movement-released@notifications"));
        assert!(!here("before-ack:declarations.movement"));
        assert!(!here("after-publish:declarations.movement-released"));
    }

    #[test]
    fn a_label_that_begins_like_another_is_not_the_other() {
        assert!(!is_point("before-commit:guarantees.hold-refused", "before-commit", "guarantees.hold", "x"));
    }
}
