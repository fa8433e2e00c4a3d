//! Values held against their formats, where that was not done in full, and against the code lists.

use std::sync::LazyLock;

use super::lookups::{self, Lookups, Office, list_name};
use crate::code::ErrorCode;
use crate::correction::spelling;
use crate::definition::{Definition, Element, definitions};
use crate::document::{Document, NodeRef};
use crate::finding::{Finding, Text, shortened};
use crate::texts;

/// What the values of an element are held to, for each element of each definition.
static HELD: LazyLock<Vec<Vec<Held>>> = LazyLock::new(|| definitions().iter().map(held).collect());

/// What a value is held to.
#[derive(Clone, Copy)]
enum Held {
    /// Nothing but its format.
    Free,
    /// A published list: its number and name.
    List(&'static str, &'static str),
    /// The customs offices with one of these roles, and the number of their list.
    Office(&'static str, &'static [&'static str]),
}

/// Every value of a message that is not of its format or its code list.
pub(super) fn check(document: &Document, lookups: &dyn Lookups) -> Vec<Finding> {
    let Some(held) = HELD.get(document.definition().place()) else { return Vec::new() };
    // Whether the list of an element is known is asked once for all of its values.
    let mut known: Vec<Option<bool>> = vec![None; held.len()];
    let mut found = Vec::new();
    for node in document.nodes().filter(|node| !node.element().is_group()) {
        let slot = node.element().slot();
        let (Some(held), Some(known)) = (held.get(slot), known.get_mut(slot)) else { continue };
        found.extend(value(node, *held, known, lookups));
    }
    found
}

fn held(definition: &'static Definition) -> Vec<Held> {
    fn fill(element: &'static Element, held: &mut Vec<Held>) {
        held.push(kind(element).unwrap_or(Held::Free));
        for child in element.children() {
            fill(child, held);
        }
    }
    let mut held = Vec::with_capacity(definition.size());
    fill(definition.root(), &mut held);
    held
}

fn kind(element: &Element) -> Option<Held> {
    let number = element.list().filter(|number| !lookups::is_technical(number))?;
    match lookups::office_roles(number) {
        Some(roles) => Some(Held::Office(number, roles)),
        None => Some(Held::List(number, list_name(number)?)),
    }
}

/// What is wrong with a value: against its format where that was not asked in full, or not in its code list.
fn value(node: NodeRef<'_>, held: Held, known: &mut Option<bool>, lookups: &dyn Lookups) -> Option<Finding> {
    let text = node.text()?;
    if !node.document().is_strict()
        && let Some(fault) = node.element().format().and_then(|format| format.fault(text))
    {
        let format = node.element().format();
        let fits = |other: &str| format.is_some_and(|format| format.fault(other).is_none());
        let finding = finding(node, "FORMAT", ErrorCode::Rule, texts::fault(node.name(), fault));
        return Some(finding.mended_by(spelling(text, fits)));
    }
    match held {
        Held::Free => None,
        Held::Office(number, roles) => {
            let known = *known.get_or_insert_with(|| lookups.offices_known());
            if known { office(node, text, number, roles, lookups) } else { None }
        }
        Held::List(number, name) => {
            let known = *known.get_or_insert_with(|| lookups.list_known(name));
            let unknown = known && !lookups.code(name, text);
            unknown.then(|| {
                let finding =
                    finding(node, number, ErrorCode::CodeList, texts::not_listed(node.name(), name));
                finding.mended_by(spelling(text, |other| lookups.code(name, other)))
            })
        }
    }
}

fn office(
    node: NodeRef<'_>,
    id: &str,
    number: &'static str,
    roles: &[&str],
    lookups: &dyn Lookups,
) -> Option<Finding> {
    let fits =
        |office: &Office| roles.is_empty() || office.roles.iter().any(|role| roles.contains(&role.as_str()));
    let message = match lookups.office(id) {
        None => texts::no_office(id),
        Some(office) if fits(&office) => return None,
        Some(_) => texts::no_role(id, roles),
    };
    let known = |other: &str| lookups.office(other).is_some_and(|office| fits(&office));
    Some(finding(node, number, ErrorCode::CodeList, message).mended_by(spelling(id, known)))
}

fn finding(node: NodeRef<'_>, rule: &'static str, code: ErrorCode, message: Text) -> Finding {
    Finding {
        rule: Some(rule),
        code,
        pointer: node.xpath(),
        json_pointer: node.json_pointer(),
        value: node.text().and_then(shortened),
        message,
        fix: None,
        correction: None,
        line: node.place().line(),
        column: node.place().column(),
    }
}
