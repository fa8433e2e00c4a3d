//! Short code lists that stand, for judging a message where no reference data are at hand.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::lookups::{Lookups, Office, list_name};

const STANDING: &str = include_str!("../definitions/standing.tbl");

static LISTS: LazyLock<HashMap<&'static str, HashSet<&'static str>>> = LazyLock::new(|| {
    let lines = STANDING.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let (number, codes) = line.split_once(' ')?;
            Some((list_name(number)?, codes.split(' ').collect()))
        })
        .collect()
});

/// The lists of the system itself: kinds of declaration, guarantee, packages, countries of common transit and the like.
///
/// Offices, parties, the tariff and every longer list are not known, and nothing that needs them is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandingLists;

impl Lookups for StandingLists {
    fn list_known(&self, list: &str) -> bool {
        LISTS.contains_key(list)
    }

    fn code(&self, list: &str, code: &str) -> bool {
        LISTS.get(list).is_some_and(|codes| codes.contains(code))
    }

    fn offices_known(&self) -> bool {
        false
    }

    fn office(&self, _: &str) -> Option<Office> {
        None
    }

    fn party_known(&self, _: &str) -> Option<bool> {
        None
    }
}

/// The codes of a standing list.
pub(super) fn codes(list: &str) -> Option<&'static HashSet<&'static str>> {
    LISTS.get(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_list_that_has_a_name() {
        assert_eq!(LISTS.len(), STANDING.lines().count() - 1);
        assert!(
            StandingLists.code("DeclarationType", "T2SM") && !StandingLists.code("DeclarationType", "T3")
        );
        assert!(!StandingLists.list_known("CUSCode"));
    }
}
