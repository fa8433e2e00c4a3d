//! The rules as a lawyer reads them: id, where they come from, what they say, under which codes they are reported.

use serde::Serialize;

use super::package::Package;
use super::table::{Block, Body};
use crate::code::ErrorCode;
use crate::definition::{Definition, Element};
use crate::finding::Text;

const SOURCES: &str = include_str!("sources.tbl");

/// What a rule decides.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// Whether an element is required, free or not allowed.
    Condition,
    /// Which values an element can have.
    Value,
    /// In which order conditions are asked.
    Order,
}

/// One rule as the catalogue tells it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleEntry {
    /// Its id, such as `C0030`.
    pub id: &'static str,
    /// What it decides.
    pub kind: RuleKind,
    /// The codes of CL180 under which it is reported.
    pub codes: Vec<ErrorCode>,
    /// What it says.
    pub text: Text,
    /// The law or technical norm it comes from.
    pub source: &'static str,
    /// The rule in the language of the tables, one statement for each kind of group.
    pub statements: Vec<&'static str>,
}

/// Every rule in the order of the tables.
pub(super) fn entries(blocks: &[Block]) -> Vec<RuleEntry> {
    let mut entries: Vec<RuleEntry> = Vec::new();
    for block in blocks {
        let codes = codes(&block.body);
        if let Some(known) = entries.iter_mut().find(|one| one.id == block.id) {
            known.statements.push(block.statement);
            known.codes.extend(codes);
            known.codes.sort_unstable();
            known.codes.dedup();
            continue;
        }
        let [en, ru, kk] = block.words;
        entries.push(RuleEntry {
            id: block.id,
            kind: kind(&block.body),
            codes,
            text: Text::fixed(en, ru, kk),
            source: source(block.id),
            statements: vec![block.statement],
        });
    }
    entries
}

fn kind(body: &Body) -> RuleKind {
    match body {
        Body::Cases(_) => RuleKind::Condition,
        Body::Order(..) => RuleKind::Order,
        _ => RuleKind::Value,
    }
}

/// Where a rule comes from: what the table says of it, or of its class.
fn source(id: &str) -> &'static str {
    let named = |key: &str| {
        let lines = SOURCES.lines().filter_map(|line| line.split_once(" | "));
        lines.into_iter().find(|(one, _)| *one == key).map(|(_, source)| source)
    };
    named(id).or_else(|| named(id.get(..1)?)).unwrap_or_default()
}

fn codes(body: &Body) -> Vec<ErrorCode> {
    match body {
        Body::Cases(cases) => {
            let mut codes = Vec::new();
            if cases.iter().any(|case| !case.required.is_empty()) {
                codes.push(ErrorCode::Missing);
            }
            if cases.iter().any(|case| !case.forbidden.is_empty()) {
                codes.push(ErrorCode::NotAllowed);
            }
            codes
        }
        Body::Filled => vec![ErrorCode::Missing],
        Body::Order(..) => Vec::new(),
        Body::Must { .. }
        | Body::Unique(_)
        | Body::Distinct(_)
        | Body::Ordinal(_)
        | Body::Running(_)
        | Body::Differ { .. }
        | Body::Amendment => vec![ErrorCode::Rule],
    }
}

/// For each element of a definition, by its number: the rules that can be reported there.
pub(crate) fn by_element(definition: &'static Definition) -> Vec<Vec<&'static str>> {
    let mut found: Vec<Vec<&'static str>> = Vec::new();
    found.resize_with(definition.size(), Vec::new);
    let package = Package::at(None);
    let attached = package.attached(definition);
    each(definition.root(), &mut |group| {
        for asked in attached.and_then(|attached| attached.get(group.slot())).into_iter().flatten() {
            let block = &package.blocks()[asked.block];
            for element in told_at(block, definition.root(), group) {
                found[element.slot()].push(block.id);
            }
        }
    });
    for ids in &mut found {
        ids.sort_unstable();
        ids.dedup();
    }
    found
}

fn each(element: &'static Element, visit: &mut dyn FnMut(&'static Element)) {
    visit(element);
    for child in element.children() {
        each(child, visit);
    }
}

/// The elements at which a rule asked in `group` can be reported.
fn told_at(block: &Block, root: &'static Element, group: &'static Element) -> Vec<&'static Element> {
    match &block.body {
        Body::Cases(cases) => {
            let paths = cases.iter().flat_map(|case| case.required.iter().chain(&case.forbidden));
            paths.filter_map(|path| path.element(root, group)).collect()
        }
        Body::Must { on: path, .. }
        | Body::Unique(path)
        | Body::Running(path)
        | Body::Distinct(path)
        | Body::Ordinal(path) => path.element(root, group).into_iter().collect(),
        Body::Differ { group: name, part } => {
            name.element(root, group).and_then(|one| part.element(root, one)).into_iter().collect()
        }
        Body::Amendment | Body::Filled | Body::Order(..) => Vec::new(),
    }
}
