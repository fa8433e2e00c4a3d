//! The conditions of resources as metrics; those of a resource that is gone go with it.

use std::collections::BTreeSet;

use customs_platform::metrics;

use crate::resource::{Status, Verdict};

/// The gauges of one kind of resource.
pub(crate) struct Gauges {
    kind: &'static str,
    known: BTreeSet<(String, &'static str)>,
}

impl Gauges {
    pub(crate) const fn new(kind: &'static str) -> Self {
        Self { kind, known: BTreeSet::new() }
    }

    /// Shows what is said of each resource now, and of no other.
    pub(crate) fn tell(&mut self, said: &[(String, Vec<Verdict>)]) {
        let mut now = BTreeSet::new();
        for (name, verdicts) in said {
            for verdict in verdicts {
                let value = match verdict.status {
                    Status::True => 1,
                    Status::False => 0,
                    Status::Unknown => -1,
                };
                metrics::condition(self.kind, name, verdict.kind, Some(value));
                now.insert((name.clone(), verdict.kind));
            }
        }
        for (name, condition) in self.known.difference(&now) {
            metrics::condition(self.kind, name, condition, None);
        }
        self.known = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_that_is_gone_is_not_told_any_more() {
        let mut gauges = Gauges::new("Thing");
        gauges.tell(&[("one".to_owned(), vec![Verdict::yes("Ready", "So", "")])]);
        assert!(metrics::text().contains("condition=\"Ready\",kind=\"Thing\",resource=\"one\"} 1"));
        gauges.tell(&[("two".to_owned(), vec![Verdict::unknown("Ready", "So", "")])]);
        let text = metrics::text();
        assert!(!text.contains("resource=\"one\"") && text.contains("resource=\"two\"} -1"), "{text}");
    }
}
