//! Correlation ids: the client's own where it is sane, a fresh one otherwise.

use chrono::{DateTime, Utc};
use customs_kernel::id::uuid_at;

/// The header that carries the correlation id both ways.
pub(super) const HEADER: &str = "x-correlation-id";

/// The id that the client sent, if it is 1 to 100 letters, digits and `-_.:`; otherwise a fresh one.
pub(super) fn correlation_id(sent: Option<&str>, now: DateTime<Utc>) -> String {
    let sane = |text: &&str| {
        (1..=100).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    sent.filter(sane).map_or_else(|| uuid_at(now).to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_any_other_is_replaced() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(correlation_id(Some("order-17:a_b.c"), now), "order-17:a_b.c");
        for sent in [None, Some(""), Some("a b"), Some("a\"b"), Some("<x>"), Some(&"x".repeat(101))] {
            assert_eq!(correlation_id(sent, now).len(), 36, "{sent:?}");
        }
    }
}
