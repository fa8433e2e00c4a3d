//! The business rules of the messages: conditions and rules as data, asked all at once.

mod amendment;
mod apply;
mod evaluate;
mod expression;
mod lookups;
mod number;
mod table;

use std::cell::RefCell;
use std::sync::LazyLock;

pub use lookups::{Lookups, NoLookups, Office, list_name};

use crate::code::ErrorCode;
use crate::definition::{Definition, Element, definitions};
use crate::document::{Document, NodeRef};
use crate::finding::{Finding, Text, shortened};
use crate::texts;
use apply::Found;
use evaluate::{Once, Scope};
use table::{Block, Table, Where};

static TABLE: LazyLock<Table> = LazyLock::new(table::load);
static ATTACHED: LazyLock<Vec<Attached>> = LazyLock::new(|| definitions().iter().map(attach).collect());

/// The rules of a definition by the number of the group in which they are asked.
type Attached = Vec<Vec<&'static Block>>;

/// What is known of the movement beyond the message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'c> {
    /// The message before this one: the declaration (in its last version) for IE013 and IE170, the unloading permission for
    /// IE044.
    pub prior: Option<&'c Document>,
    /// Whether the declaration has been accepted and has an MRN.
    pub accepted: Option<bool>,
    /// Whether the movement waits for another guarantee.
    pub guarantee_under_amendment: Option<bool>,
    /// Whether the message is held to the rules of the transitional period of phase 5, which asked less.
    pub transitional: bool,
}

/// One rule as the catalogue tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RuleEntry {
    /// Its id, such as `C0030`.
    pub id: &'static str,
    /// What it says.
    pub text: Text,
}

/// The rules of all messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

impl Rules {
    /// Every rule that a message breaks: first the code lists (12), then the conditions (13, 15), then the rules (14).
    ///
    /// What cannot be told, because a list or the message before is not known, is not an error.
    pub fn check(document: &Document, lookups: &dyn Lookups, context: &Context<'_>) -> Vec<Finding> {
        let mut values = Vec::new();
        let mut conditions = Vec::new();
        let mut rules = Vec::new();
        let attached = definitions()
            .iter()
            .position(|one| std::ptr::eq(one, document.definition()))
            .and_then(|at| ATTACHED.get(at));
        let once = RefCell::new(vec![Once::Open; TABLE.once]);
        let scope = Scope { document, lookups, context, once };
        for node in document.nodes() {
            if !node.element().is_group() {
                values.extend(value(node, lookups));
                continue;
            }
            let blocks = attached.and_then(|attached| attached.get(node.element().slot()));
            for block in blocks.into_iter().flatten() {
                let found = if block.id.starts_with(['B', 'C']) { &mut conditions } else { &mut rules };
                apply::ask(block, node, &scope, found);
            }
        }
        conditions.sort_by_key(|found: &Found| found.at);
        rules.sort_by_key(|found: &Found| found.at);
        values.extend(conditions.into_iter().chain(rules).map(|found| found.finding));
        values
    }

    /// Every rule of the tables, in their order.
    pub fn catalogue() -> Vec<RuleEntry> {
        let mut entries: Vec<RuleEntry> = Vec::new();
        for block in &TABLE.blocks {
            let [en, ru, kk] = block.words;
            if !entries.iter().any(|one| one.id == block.id) {
                entries.push(RuleEntry { id: block.id, text: Text::fixed(en, ru, kk) });
            }
        }
        entries
    }

    /// The rules that are asked in a message.
    pub fn of(definition: &Definition) -> Vec<&'static str> {
        let at = definitions().iter().position(|one| std::ptr::eq(one, definition));
        let attached = at.and_then(|at| ATTACHED.get(at)).into_iter().flatten().flatten();
        let mut ids: Vec<&'static str> = attached.map(|block| block.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The tables of the rules as text: what a package of rules is made of, to be dated and hashed.
    pub fn tables() -> [&'static str; 2] {
        table::TEXTS
    }
}

/// What is wrong with a value: against its format where that was not asked in full, or not in its code list.
fn value(node: NodeRef<'_>, lookups: &dyn Lookups) -> Option<Finding> {
    let text = node.text()?;
    let element = node.element();
    if !node.document().is_strict()
        && let Some(fault) = element.format().and_then(|format| format.fault(text))
    {
        return Some(finding(node, "FORMAT", ErrorCode::Rule, texts::fault(node.name(), fault)));
    }
    let number = element.list().filter(|number| !lookups::is_technical(number))?;
    if let Some(roles) = lookups::office_roles(number) {
        return office(node, text, number, roles, lookups);
    }
    let name = list_name(number)?;
    let unknown = lookups.list_known(name) && !lookups.code(name, text);
    unknown.then(|| finding(node, number, ErrorCode::CodeList, texts::not_listed(node.name(), name)))
}

fn office(
    node: NodeRef<'_>,
    id: &str,
    number: &'static str,
    roles: &[&str],
    lookups: &dyn Lookups,
) -> Option<Finding> {
    if !lookups.offices_known() {
        return None;
    }
    let message = match lookups.office(id) {
        None => texts::no_office(id),
        Some(office)
            if roles.is_empty() || office.roles.iter().any(|role| roles.contains(&role.as_str())) =>
        {
            return None;
        }
        Some(_) => texts::no_role(id, roles),
    };
    Some(finding(node, number, ErrorCode::CodeList, message))
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
        line: node.place().line(),
        column: node.place().column(),
    }
}

/// The groups of a definition in which each rule is asked.
fn attach(definition: &'static Definition) -> Attached {
    let mut attached: Attached = Vec::new();
    attached.resize_with(definition.size(), Vec::new);
    for block in &TABLE.blocks {
        let in_phase = block.phase.is_none_or(|phase| phase == definition.phase());
        let named = block.messages.iter().any(|name| *name == "*" || *name == definition.message_type());
        if !in_phase || !(named || marked(definition.root(), block.id)) {
            continue;
        }
        match block.place {
            Where::At(path) => {
                if let Some(element) = definition.element(path).filter(|element| element.is_group()) {
                    attached[element.slot()].push(block);
                }
            }
            Where::Marked => each_group(definition.root(), &mut |group| {
                if group.children().iter().any(|child| child.rules().contains(&block.id)) {
                    attached[group.slot()].push(block);
                }
            }),
            Where::Everywhere => each_group(definition.root(), &mut |group| {
                if group.children().iter().all(|child| child.min() == 0) {
                    attached[group.slot()].push(block);
                }
            }),
        }
    }
    attached
}

fn marked(element: &Element, id: &str) -> bool {
    element.rules().contains(&id) || element.children().iter().any(|child| marked(child, id))
}

fn each_group(element: &'static Element, visit: &mut dyn FnMut(&'static Element)) {
    if element.is_group() {
        visit(element);
        for child in element.children() {
            each_group(child, visit);
        }
    }
}
