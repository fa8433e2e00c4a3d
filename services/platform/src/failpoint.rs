//! Named points where a test may end the process, as a power cut would.
//!
//! `ECUSTOMS_FAILPOINT=before-commit:guarantees.hold` ends the process when it comes there for the first
//! time, `...#3` for the third. Only debug builds listen; a release build never looks.

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

/// Ends the process here if `stage:label` is the armed point and its turn has come.
pub fn hit(stage: &str, label: &str) {
    let Some(armed) = armed() else { return };
    let here = armed.point.strip_prefix(stage).and_then(|rest| rest.strip_prefix(':')) == Some(label);
    if here && armed.seen.fetch_add(1, Ordering::SeqCst) + 1 == armed.nth {
        tracing::error!(stage, label, "failpoint reached");
        std::process::abort();
    }
}
