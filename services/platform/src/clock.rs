//! The clocks of a running suite: the machine's own and one that a sandbox may move.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Clock;

/// The machine's clock, rounded to microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the machine is asked")]
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

/// The machine's clock with an offset that an administrator of a sandbox may raise.
#[derive(Debug, Default)]
pub struct SandboxClock {
    offset_us: AtomicI64,
}

impl SandboxClock {
    /// Moves the clock forward by `step` and tells the whole offset, in microseconds.
    pub fn advance(&self, step: TimeDelta) -> i64 {
        let step = step.num_microseconds().unwrap_or_default().max(0);
        self.offset_us.fetch_add(step, Ordering::SeqCst).saturating_add(step)
    }

    /// Sets the whole offset, in microseconds, as told by another process; it never goes back.
    pub fn raise_to(&self, offset_us: i64) {
        self.offset_us.fetch_max(offset_us, Ordering::SeqCst);
    }
}

impl Clock for SandboxClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::microseconds(self.offset_us.load(Ordering::SeqCst))
    }
}
