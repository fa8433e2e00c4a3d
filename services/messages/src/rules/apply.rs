//! Asking the rules of a message and writing down what they find.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::attach::Asked;
use super::evaluate::{Scope, Spot, walk};
use super::expression::Path;
use super::table::{Block, Body, Case, Period};
use super::{amendment, number};
use crate::code::ErrorCode;
use crate::document::NodeRef;
use crate::finding::{Finding, Text, shortened};
use crate::texts;

/// A finding with the place in the document that orders it.
pub(super) struct Found {
    pub(super) at: usize,
    pub(super) finding: Finding,
}

/// Ask one rule in one group.
pub(super) fn ask<'s>(
    asked: &Asked,
    block: &Block,
    group: NodeRef<'s>,
    scope: &Scope<'s>,
    found: &mut Vec<Found>,
) {
    let spot = Spot::at(group);
    if !applies(block, spot, scope) {
        return;
    }
    match &block.body {
        Body::Cases(cases) => condition(asked, block, cases, spot, scope, found),
        Body::Must { holds, on } => {
            if scope.holds(holds, spot) == Some(false) {
                must(block, on, spot, scope, found);
            }
        }
        Body::Unique(path) => unique(block, path, spot, scope, found),
        Body::Distinct(name) => distinct(block, group, *name, found),
        Body::Ordinal(name) => {
            for node in group.named(*name) {
                numbered(block, node, usize::try_from(group.ordinal()).unwrap_or(0), found);
            }
        }
        Body::Running(path) => {
            let mut last = 0;
            scope.any(path, spot, &mut |node| {
                last += 1;
                numbered(block, node, last, found);
                false
            });
        }
        Body::Differ { group: name, part } => differ(block, group, *name, *part, found),
        Body::Amendment => {
            for node in amendment::forbidden(group.document(), scope.context) {
                found.push(at_node(block, ErrorCode::Rule, node));
            }
        }
        Body::Order(..) => {}
        Body::Filled => {
            if group.children().next().is_none() {
                found.push(at_node(block, ErrorCode::Missing, group));
            }
        }
    }
}

/// A number that must be the one expected.
fn numbered(block: &Block, node: NodeRef<'_>, expected: usize, found: &mut Vec<Found>) {
    if node.text().and_then(number::read) != Some(number::count(expected)) {
        let mut one = at_node(block, ErrorCode::Rule, node);
        one.finding.fix = Some(texts::expected(expected));
        found.push(one);
    }
}

/// Whether a rule has anything to say of this group, whatever it says.
pub(super) fn decides<'s>(asked: &Asked, block: &Block, group: NodeRef<'s>, scope: &Scope<'s>) -> bool {
    let spot = Spot::at(group);
    if !applies(block, spot, scope) {
        return false;
    }
    match &block.body {
        Body::Cases(cases) => case(cases, spot, scope).is_some_and(|case| {
            let mut paths = case.required.iter().chain(&case.forbidden);
            paths.any(|path| !decided(asked, path, spot, scope))
        }),
        Body::Must { holds, .. } => scope.holds(holds, spot).is_some(),
        Body::Unique(path) | Body::Running(path) => scope.any(path, spot, &mut |_| true) == Some(true),
        Body::Distinct(name) | Body::Ordinal(name) => group.named(*name).next().is_some(),
        Body::Differ { group: name, .. } => group.named(*name).count() > 1,
        Body::Amendment => scope.context.prior.is_some(),
        Body::Filled => true,
        Body::Order(..) => false,
    }
}

/// Whether a rule is asked at all here and now.
fn applies<'s>(block: &Block, spot: Spot<'s>, scope: &Scope<'s>) -> bool {
    let elsewhere = if scope.context.transitional { Period::Final } else { Period::Transition };
    block.period != elsewhere
        && block.guard.as_ref().is_none_or(|guard| scope.holds(guard, spot) == Some(true))
}

/// The case of a condition that counts here.
fn case<'c, 's>(cases: &'c [Case], spot: Spot<'s>, scope: &Scope<'s>) -> Option<&'c Case> {
    for case in cases {
        match case.when.as_ref().map_or(Some(true), |when| scope.holds(when, spot)) {
            Some(true) => return Some(case),
            Some(false) => {}
            None => return None,
        }
    }
    None
}

fn condition<'s>(
    asked: &Asked,
    block: &Block,
    cases: &[Case],
    spot: Spot<'s>,
    scope: &Scope<'s>,
    found: &mut Vec<Found>,
) {
    let Some(case) = case(cases, spot, scope) else { return };
    for path in case.required.iter().filter(|path| !decided(asked, path, spot, scope)) {
        if scope.any(path, spot, &mut |_| true) == Some(false) {
            found.push(absent(block, path, spot.here));
        }
    }
    for path in case.forbidden.iter().filter(|path| !decided(asked, path, spot, scope)) {
        scope.any(path, spot, &mut |node| {
            found.push(at_node(block, ErrorCode::NotAllowed, node));
            false
        });
    }
}

/// Whether a condition that comes first by an order of validation decides on the element.
fn decided<'s>(asked: &Asked, path: &Path, spot: Spot<'s>, scope: &Scope<'s>) -> bool {
    asked.after.iter().any(|earlier| {
        let earlier = &scope.blocks[*earlier];
        let Body::Cases(cases) = &earlier.body else { return false };
        applies(earlier, spot, scope)
            && case(cases, spot, scope).is_some_and(|case| {
                case.required.iter().chain(&case.forbidden).any(|one| one.text == path.text)
            })
    })
}

fn must<'s>(block: &Block, on: &Path, spot: Spot<'s>, scope: &Scope<'s>, found: &mut Vec<Found>) {
    let mut told = false;
    scope.any(on, spot, &mut |node| {
        found.push(at_node(block, ErrorCode::Rule, node));
        told = true;
        true
    });
    if !told {
        let mut missing = absent(block, on, spot.here);
        missing.finding.code = ErrorCode::Rule;
        found.push(missing);
    }
}

fn unique<'s>(block: &Block, path: &Path, spot: Spot<'s>, scope: &Scope<'s>, found: &mut Vec<Found>) {
    let mut values = HashSet::new();
    scope.any(path, spot, &mut |node| {
        if node.text().is_some_and(|text| !values.insert(text)) {
            found.push(at_node(block, ErrorCode::Rule, node));
        }
        false
    });
}

/// Asked at the first group of a kind for all of them.
fn distinct(block: &Block, group: NodeRef<'_>, name: u16, found: &mut Vec<Found>) {
    let Some(parent) = group.parent().filter(|_| group.ordinal() == 1) else { return };
    let mut values = HashSet::new();
    let like = parent.children().filter(|one| std::ptr::eq(one.element(), group.element()));
    for node in like.flat_map(|one| one.named(name)) {
        if node.text().is_some_and(|text| !values.insert(text)) {
            found.push(at_node(block, ErrorCode::Rule, node));
        }
    }
}

/// What several groups all have alike is told at the first of them.
fn differ(block: &Block, parent: NodeRef<'_>, name: u16, part: u16, found: &mut Vec<Found>) {
    let mut groups = parent.named(name);
    let Some(first) = groups.next() else { return };
    let Some(one) = first.named(part).next() else { return };
    let mut more = false;
    for group in groups {
        more = true;
        if !first.named(part).map(Alike).eq(group.named(part).map(Alike)) {
            return;
        }
    }
    if more {
        found.push(at_node(block, ErrorCode::Rule, one));
    }
}

/// An element compared by what it says.
struct Alike<'d>(NodeRef<'d>);

impl PartialEq for Alike<'_> {
    fn eq(&self, other: &Self) -> bool {
        amendment::same(self.0, other.0)
    }
}

fn at_node(block: &Block, code: ErrorCode, node: NodeRef<'_>) -> Found {
    Found {
        at: node.index(),
        finding: Finding {
            rule: Some(block.id),
            code,
            pointer: node.xpath(),
            json_pointer: node.json_pointer(),
            value: node.text().and_then(shortened),
            message: text(block),
            fix: None,
            line: node.place().line(),
            column: node.place().column(),
        },
    }
}

/// An element that is missing: told at the deepest group on its path that is there.
fn absent(block: &Block, path: &Path, group: NodeRef<'_>) -> Found {
    let mut deepest = group;
    let mut steps = path.steps.as_slice();
    while let Some((step, rest)) = steps.split_first() {
        let mut next = None;
        walk(deepest, &[*step], &mut |node| {
            next = Some(node);
            true
        });
        let Some(node) = next else { break };
        deepest = node;
        steps = rest;
    }
    let mut found = at_node(block, ErrorCode::Missing, deepest);
    found.finding.value = None;
    let left = path.text.split('/').filter(|step| *step != "..").skip(path.steps.len() - steps.len());
    for name in left {
        _ = write!(found.finding.pointer, "/{name}");
        _ = write!(found.finding.json_pointer, "/{name}");
    }
    found
}

fn text(block: &Block) -> Text {
    let [en, ru, kk] = block.words;
    Text::fixed(en, ru, kk)
}
