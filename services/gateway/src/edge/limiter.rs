//! Rate limits: so many requests of one sender in a window, counted over all replicas.

use std::{sync::Arc, time::Duration};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use customs_kernel::{Clock, Problem, problem};

use crate::{auth::Visit, config::Limits, memory::Memory};

/// Counts requests.
pub(crate) struct Limiter {
    memory: Arc<Memory>,
    clock: Arc<dyn Clock>,
    window_s: i64,
    requests_max: u64,
    logins_max: u64,
}

/// What a sender has left in the window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Allowance {
    most: u64,
    counted: u64,
    window_s: i64,
    reset_s: i64,
}

impl Limiter {
    /// Counting in `memory` by `limits`.
    pub(crate) fn new(memory: Arc<Memory>, clock: Arc<dyn Clock>, limits: &Limits) -> Self {
        Self {
            memory,
            clock,
            window_s: i64::from(limits.window_seconds.max(1)),
            requests_max: limits.requests_max,
            logins_max: limits.logins_max,
        }
    }

    /// Counts a request of `visit`.
    pub(crate) async fn request(&self, visit: &Visit) -> Allowance {
        self.count("requests", visit.counted_as(), self.requests_max).await
    }

    /// Counts a log-in from the address of `visit`.
    pub(crate) async fn login(&self, visit: &Visit) -> Allowance {
        self.count("logins", &visit.address, self.logins_max).await
    }

    async fn count(&self, what: &str, who: &str, most: u64) -> Allowance {
        let now = self.clock.now().timestamp();
        let window = now.div_euclid(self.window_s);
        let reset_s = self.window_s - now.rem_euclid(self.window_s);
        let life = Duration::from_secs(u64::try_from(self.window_s).unwrap_or(60));
        let counted = self.memory.count(&format!("gateway/{what}/{who}/{window}"), life).await;
        Allowance { most, counted, window_s: self.window_s, reset_s }
    }
}

impl Allowance {
    /// The problem that there were too many, if there were.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.counted <= self.most {
            return Ok(());
        }
        let detail = format!("{} requests in {} seconds are allowed", self.most, self.window_s);
        let seconds = u32::try_from(self.reset_s).unwrap_or(1);
        Err(problem::TOO_MANY_REQUESTS.because(detail).retry_after(seconds))
    }

    /// Tells the sender what is left (draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let left = self.most.saturating_sub(self.counted);
        let policy = format!("\"default\";q={};w={}", self.most, self.window_s);
        let state = format!("\"default\";r={left};t={}", self.reset_s);
        for (name, text) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use customs_kernel::ManualClock;
    use customs_platform::cache::local::LocalCache;

    use super::*;

    #[tokio::test]
    async fn the_request_over_the_limit_is_refused_until_the_window_ends() {
        let clock = Arc::new(ManualClock::at(DateTime::from_timestamp(1_800_000_010, 0).unwrap()));
        let given: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let memory = Memory::new(Arc::new(LocalCache::new(Arc::clone(&given))), Arc::clone(&given));
        let limits = Limits { requests_max: 2, ..Limits::default() };
        let limiter = Limiter::new(Arc::new(memory), given, &limits);
        let visit = Visit::anonymous("c".to_owned(), "10.0.0.1".to_owned(), 1_000);
        for _ in 0..2 {
            assert!(limiter.request(&visit).await.check().is_ok());
        }
        let refused = limiter.request(&visit).await.check().unwrap_err();
        assert_eq!((refused.status, refused.retry_after_s), (429, Some(50)));
        let other = Visit::anonymous("c".to_owned(), "10.0.0.2".to_owned(), 1_000);
        assert!(limiter.request(&other).await.check().is_ok());
        clock.advance(TimeDelta::seconds(50));
        assert!(limiter.request(&visit).await.check().is_ok());
    }
}
