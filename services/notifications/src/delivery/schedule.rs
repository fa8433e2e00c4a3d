//! When a delivery is tried again, and when it is given up.

use chrono::{DateTime, TimeDelta, Utc};

use super::state::DeliveryEvent;

/// How long a delivery is tried.
pub(crate) const LIFE: TimeDelta = TimeDelta::days(14);
/// First wait after a server that failed or did not answer.
const AFTER_OUTAGE_S: i64 = 150;
/// First wait after an answer that will not change soon.
const AFTER_REFUSAL_S: i64 = 600;
/// The longest wait.
const WAIT_MAX_S: i64 = 12 * 3600;

/// What follows from the `attempts`th attempt, which was answered by `status` (`None`: not at all) at `now`.
pub(crate) fn next(
    status: Option<u16>,
    attempts: i32,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> (DeliveryEvent, DateTime<Utc>) {
    match status {
        Some(200..=299) => return (DeliveryEvent::Take, now),
        Some(410) => return (DeliveryEvent::Leave, now),
        Some(_) | None => {}
    }
    if now >= expires_at {
        return (DeliveryEvent::Expire, now);
    }
    let first = if status.is_none_or(|status| status >= 500) { AFTER_OUTAGE_S } else { AFTER_REFUSAL_S };
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 20)).unwrap_or_default();
    let wait = first.saturating_mul(1 << doublings).min(WAIT_MAX_S);
    // The last attempt is made when the time is over, not before.
    (DeliveryEvent::Fail, (now + TimeDelta::seconds(wait)).min(expires_at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn wait_s(status: Option<u16>, attempts: i32) -> i64 {
        let (event, at) = next(status, attempts, START, START + LIFE);
        assert_eq!(event, DeliveryEvent::Fail);
        (at - START).num_seconds()
    }

    #[test]
    fn an_outage_is_waited_for_shorter_than_a_refusal_and_each_wait_doubles() {
        assert_eq!([1, 2, 3].map(|attempts| wait_s(None, attempts)), [150, 300, 600]);
        assert_eq!([1, 2, 3].map(|attempts| wait_s(Some(503), attempts)), [150, 300, 600]);
        assert_eq!([1, 2, 3].map(|attempts| wait_s(Some(404), attempts)), [600, 1200, 2400]);
        assert_eq!([301, 100, 429].map(|status| wait_s(Some(status), 1)), [600, 600, 600]);
        assert_eq!(wait_s(None, i32::MAX), 12 * 3600);
    }

    #[test]
    fn what_is_taken_is_done_and_who_is_gone_is_left() {
        assert_eq!(next(Some(204), 1, START, START + LIFE).0, DeliveryEvent::Take);
        assert_eq!(next(Some(410), 1, START, START + LIFE).0, DeliveryEvent::Leave);
    }

    proptest! {
        #[test]
        fn every_delivery_ends_after_fourteen_days_and_not_before(status in proptest::option::of(300_u16..600)) {
            prop_assume!(status != Some(410));
            let expires_at = START + LIFE;
            let (mut now, mut attempts) = (START, 1);
            loop {
                let (event, at) = next(status, attempts, now, expires_at);
                if event == DeliveryEvent::Expire {
                    break;
                }
                prop_assert!(at > now && at <= expires_at);
                now = at;
                attempts += 1;
            }
            prop_assert_eq!(now, expires_at);
            prop_assert!((20..60).contains(&attempts), "{} attempts", attempts);
        }
    }
}
