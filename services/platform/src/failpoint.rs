//! Named points where a test may end the process, as a power cut would.
//!
//! `ECUSTOMS_FAILPOINT=before-commit:guarantees.hold` ends the process when it comes there for the first
//! time, `...#3` for the third; `...hold@guarantees` only within that service. `ECUSTOMS_FAILPOINT=@FILE`
//! names a file that holds the point, so that a running process can be armed. Only debug builds listen; a
//! release build never looks.

use std::{
    fs,
    path::PathBuf,
    sync::{Mutex, OnceLock, PoisonError},
};

/// Where the point is written.
enum Source {
    Text(String),
    File(PathBuf),
}

/// The point that was armed last, and how often it was passed since.
static SEEN: Mutex<(String, u32)> = Mutex::new((String::new(), 0));
static SOURCE: OnceLock<Option<Source>> = OnceLock::new();

fn source() -> Option<&'static Source> {
    SOURCE
        .get_or_init(|| {
            if !cfg!(debug_assertions) {
                return None;
            }
            let text = std::env::var("ECUSTOMS_FAILPOINT").ok()?;
            Some(match text.strip_prefix('@') {
                Some(file) => Source::File(PathBuf::from(file)),
                None => Source::Text(text),
            })
        })
        .as_ref()
}

/// Ends the process here if `stage:label`, in `service`, is the armed point and its turn has come.
pub fn hit(stage: &str, label: &str, service: &str) {
    let armed = match source() {
        None => return,
        Some(Source::Text(text)) => text.clone(),
        Some(Source::File(file)) => match fs::read_to_string(file) {
            Ok(text) => text.trim().to_owned(),
            Err(_) => return,
        },
    };
    let (point, turn) = armed.rsplit_once('#').unwrap_or((&armed, "1"));
    if is_point(point, stage, label, service) && passed(&armed).to_string() == turn {
        tracing::error!(stage, label, service, "failpoint reached");
        std::process::abort();
    }
}

fn is_point(point: &str, stage: &str, label: &str, service: &str) -> bool {
    let rest = point.strip_prefix(stage).and_then(|rest| rest.strip_prefix(':'));
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix(label)) else { return false };
    rest.is_empty() || rest.strip_prefix('@') == Some(service)
}

/// How often `armed` was passed since it was armed, this time included.
fn passed(armed: &str) -> u32 {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.0 != armed {
        *seen = (armed.to_owned(), 0);
    }
    seen.1 += 1;
    seen.1
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

    #[test]
    fn turns_are_counted_anew_for_each_point() {
        assert_eq!(["a#2", "a#2", "b", "a#2"].map(passed), [1, 2, 1, 1]);
    }
}
