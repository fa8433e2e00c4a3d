//! Whether every accepted message leads on: from each one the later messages can be made, whatever it left out.

use std::sync::LazyLock;

use serde::Serialize;

use crate::definition::{Element, definition};
use crate::phase::Phase;

const FLOWS: &str = include_str!("flows.tbl");

/// The head of every message, which customs writes.
const HEAD: [&str; 6] = [
    "messageSender",
    "messageRecipient",
    "preparationDateAndTime",
    "messageIdentification",
    "messageType",
    "correlationIdentifier",
];

static GAPS: LazyLock<Vec<Gap>> = LazyLock::new(|| gaps_in(FLOWS));

/// What an accepted message can lack, or have, so that a later one cannot be made from it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The message that cannot be made.
    pub message_type: &'static str,
    /// The message it is made from.
    pub source: &'static str,
    /// The phase.
    pub phase: Phase,
    /// The element.
    pub element: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Every gap in the table of later messages.
pub(crate) fn gaps() -> Vec<Gap> {
    GAPS.clone()
}

struct Flow {
    message_type: &'static str,
    source: &'static str,
    phase: Phase,
    said: Vec<&'static str>,
}

fn gaps_in(table: &'static str) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('|').map(str::trim);
        let (Some(message_type), Some(source), Some(said)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let said: Vec<&'static str> = said.split(' ').filter(|word| !word.is_empty()).chain(HEAD).collect();
        for phase in Phase::ALL {
            let flow = Flow { message_type, source, phase, said: said.clone() };
            if let (Some(target), Some(from)) = (definition(message_type, phase), definition(source, phase)) {
                flow.group(target.root(), Some(from.root()), "", true, &mut gaps);
            }
        }
    }
    gaps
}

impl Flow {
    /// Hold the elements of a group against those of the group that it is made from.
    fn group(
        &self,
        target: &Element,
        from: Option<&Element>,
        path: &str,
        certain: bool,
        gaps: &mut Vec<Gap>,
    ) {
        for child in target.children() {
            let at =
                if path.is_empty() { child.name().to_owned() } else { format!("{path}/{}", child.name()) };
            if self.says(&at) {
                continue;
            }
            let source = from.and_then(|from| from.child(child.name()));
            let needed = certain && child.min() > 0;
            if needed && !self.told_either_way(&at) && source.is_none_or(|source| source.min() == 0) {
                gaps.push(self.gap(&at, "required here, and the source may lack it"));
            }
            let Some(source) = source else { continue };
            if source.max() > child.max() {
                gaps.push(self.gap(&at, "the source may have more of them"));
            }
            if child.is_group() {
                self.group(child, Some(source), &at, needed, gaps);
            } else if !fits(source, child) {
                gaps.push(self.gap(&at, "the source may have a value that does not fit here"));
            }
        }
    }

    /// Whether customs says the element, or the group that it stands in.
    fn says(&self, path: &str) -> bool {
        self.said.iter().any(|said| path == *said || path.starts_with(&format!("{said}/")))
    }

    /// Whether LRN or MRN names the movement, whichever is known.
    fn told_either_way(&self, path: &str) -> bool {
        path.ends_with("/LRN") && self.says("TransitOperation/MRN")
    }

    fn gap(&self, element: &str, reason: &'static str) -> Gap {
        let (message_type, source, phase) = (self.message_type, self.source, self.phase);
        Gap { message_type, source, phase, element: element.to_owned(), reason }
    }
}

/// Whether every value of the one element is a value of the other.
fn fits(source: &Element, target: &Element) -> bool {
    match (source.format(), target.format()) {
        (Some(source), Some(target)) => source.fits_into(target),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_messages_can_be_made_from_every_accepted_one() {
        assert_eq!(gaps(), []);
    }

    #[test]
    fn every_line_names_messages_and_elements_that_exist() {
        for line in FLOWS.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let target = definition(parts[0], Phase::P6).unwrap();
            assert!(definition(parts[1], Phase::P6).is_some(), "{line}");
            for path in parts[2].split(' ').filter(|path| !path.is_empty()) {
                assert!(target.element(path).is_some(), "{line}: {path}");
            }
        }
    }

    #[test]
    fn a_message_that_needs_more_than_the_source_has_is_found() {
        let found = gaps_in("CC029C | CC015C | TransitOperation/MRN TransitOperation/releaseDate\n");
        let elements: Vec<&str> = found.iter().map(|gap| gap.element.as_str()).collect();
        assert!(elements.contains(&"TransitOperation/declarationAcceptanceDate"), "{elements:?}");
    }
}
