//! What the rules ask of reference data, and which lists the messages name.

use std::sync::LazyLock;

const LISTS: &str = include_str!("../definitions/lists.tbl");

/// The lists that are part of the formats themselves and need no look-up.
const TECHNICAL: [&str; 8] = ["CL024", "CL026", "CL027", "CL030", "CL060", "CL070", "CL079", "CL180"];

static NAMES: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| LISTS.lines().filter_map(|line| line.split_once(' ')).collect());

/// A customs office as far as the rules need it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Office {
    /// Country code, two letters.
    pub country: String,
    /// Roles as the office list has them: `DEP`, `DES`, `TRA`, `TXT`, `GUA`, `ENQ`, `REC` and others.
    pub roles: Vec<String>,
}

/// Reference data as of the legal date of a message.
pub trait Lookups {
    /// Whether the code list of that published name, such as `DeclarationType`, is known at all.
    fn list_known(&self, list: &str) -> bool;

    /// Whether a code is in the list of that published name.
    fn code(&self, list: &str, code: &str) -> bool;

    /// Whether the list of customs offices is known at all.
    fn offices_known(&self) -> bool;

    /// The customs office with that reference number.
    fn office(&self, id: &str) -> Option<Office>;

    /// Whether an identification number is in the register of parties; `None` where there is no register to ask.
    fn party_known(&self, id: &str) -> Option<bool>;
}

/// No reference data: nothing that needs it is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLookups;

impl Lookups for NoLookups {
    fn list_known(&self, _: &str) -> bool {
        false
    }

    fn code(&self, _: &str, _: &str) -> bool {
        false
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

/// The published name of the code list with a number: `CL231` is `DeclarationType`.
pub fn list_name(number: &str) -> Option<&'static str> {
    let place = NAMES.binary_search_by_key(&number, |(one, _)| one).ok()?;
    NAMES.get(place).map(|(_, name)| *name)
}

/// Whether the formats themselves hold a value to the list.
pub(super) fn is_technical(number: &str) -> bool {
    TECHNICAL.contains(&number)
}

/// The roles of which an office in an element with that list must have one; none where it is no list of offices.
pub(super) fn office_roles(number: &str) -> Option<&'static [&'static str]> {
    Some(match number {
        "CL141" => &[],
        "CL171" => &["DEP"],
        "CL172" => &["DES"],
        "CL173" => &["TRA"],
        "CL174" => &["GUA"],
        "CL175" => &["TXT"],
        "CL176" => &["ENQ"],
        "CL177" => &["REC"],
        "CL179" => &["ENQ", "REC"],
        "CL194" => &["EXT"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Element, definitions};

    fn lists(element: &Element, found: &mut Vec<&'static str>) {
        found.extend(element.list());
        for child in element.children() {
            lists(child, found);
        }
    }

    #[test]
    fn every_list_that_a_message_names_has_a_name() {
        let mut found = Vec::new();
        for definition in definitions() {
            lists(definition.root(), &mut found);
        }
        for number in found {
            assert!(list_name(number).is_some(), "{number}");
        }
        assert_eq!(list_name("CL231"), Some("DeclarationType"));
        assert_eq!(list_name("CL000"), None);
    }
}
