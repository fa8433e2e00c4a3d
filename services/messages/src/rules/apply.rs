//! Asking the rules of a message and writing down what they find.

use std::collections::HashSet;
use std::fmt::Write as _;

use customs_kernel::Correction;

use super::compile::{Route, Task};
use super::evaluate::{Scope, Spot};
use super::expression::Expression;
use super::table::{Block, Body, Case, Period};
use super::{amendment, number};
use crate::code::ErrorCode;
use crate::document::NodeRef;
use crate::finding::{Finding, Text, shortened};

/// A finding with the place in the document that orders it.
pub(super) struct Found {
    pub(super) at: usize,
    pub(super) finding: Finding,
}

impl Found {
    /// The same with what would mend it.
    fn mended_by(self, correction: Option<Correction>) -> Self {
        Self { finding: self.finding.mended_by(correction), ..self }
    }
}

/// What is asked of one group.
#[derive(Clone, Copy)]
pub(super) struct Asked<'s> {
    pub(super) task: &'s Task,
    pub(super) block: &'s Block,
    pub(super) group: NodeRef<'s>,
    /// Everything that is asked of such a group.
    pub(super) tasks: &'s [Task],
}

/// Ask one rule in one group.
pub(super) fn ask<'s>(asked: Asked<'s>, scope: &Scope<'s>, found: &mut Vec<Found>) {
    let Asked { task, block, group, .. } = asked;
    let spot = Spot::at(group);
    if !applies(task, spot, scope) {
        return;
    }
    match &task.body {
        Body::Cases(cases) => condition(asked, cases, scope, found),
        Body::Must { holds, on } => {
            if scope.holds(holds, spot) == Some(false) {
                must(block, holds, on, spot, scope, found);
            }
        }
        Body::Unique(route) => unique(block, route, spot, scope, found),
        Body::Distinct(route) => distinct(block, group, route, found),
        Body::Ordinal(route) => {
            let expected = usize::try_from(group.ordinal()).unwrap_or(0);
            scope.any(route, spot, &mut |node| {
                numbered(block, node, expected, found);
                false
            });
        }
        Body::Running(route) => {
            let mut last = 0;
            scope.any(route, spot, &mut |node| {
                last += 1;
                numbered(block, node, last, found);
                false
            });
        }
        Body::Differ { group: like, part } => differ(block, group, like, part, found),
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
        let one = at_node(block, ErrorCode::Rule, node);
        found.push(one.mended_by(Some(Correction::Replace(expected.to_string()))));
    }
}

/// Whether a rule has anything to say of this group, whatever it says.
pub(super) fn decides<'s>(asked: Asked<'s>, scope: &Scope<'s>) -> bool {
    let Asked { task, group, .. } = asked;
    let spot = Spot::at(group);
    if !applies(task, spot, scope) {
        return false;
    }
    match &task.body {
        Body::Cases(cases) => case(cases, spot, scope).is_some_and(|case| {
            let mut routes = case.required.iter().chain(&case.forbidden);
            routes.any(|route| !decided(asked, route, scope))
        }),
        Body::Must { holds, .. } => scope.holds(holds, spot).is_some(),
        Body::Unique(route) | Body::Running(route) | Body::Distinct(route) | Body::Ordinal(route) => {
            scope.any(route, spot, &mut |_| true) == Some(true)
        }
        Body::Differ { group: like, .. } => child(group, like).count() > 1,
        Body::Amendment => scope.context.prior.is_some(),
        Body::Filled => true,
        Body::Order(..) => false,
    }
}

/// Whether a rule is asked at all here and now.
fn applies<'s>(task: &Task, spot: Spot<'s>, scope: &Scope<'s>) -> bool {
    let elsewhere = if scope.context.transitional { Period::Final } else { Period::Transition };
    task.period != elsewhere && task.guard.as_ref().is_none_or(|guard| scope.holds(guard, spot) == Some(true))
}

/// The case of a condition that counts here.
fn case<'c, 's>(cases: &'c [Case<Route>], spot: Spot<'s>, scope: &Scope<'s>) -> Option<&'c Case<Route>> {
    for case in cases {
        match case.when.as_ref().map_or(Some(true), |when| scope.holds(when, spot)) {
            Some(true) => return Some(case),
            Some(false) => {}
            None => return None,
        }
    }
    None
}

fn condition<'s>(asked: Asked<'s>, cases: &[Case<Route>], scope: &Scope<'s>, found: &mut Vec<Found>) {
    let (block, spot) = (asked.block, Spot::at(asked.group));
    let Some(case) = case(cases, spot, scope) else { return };
    for route in case.required.iter().filter(|route| !decided(asked, route, scope)) {
        if scope.any(route, spot, &mut |_| true) == Some(false) {
            found.push(absent(block, route, spot.here));
        }
    }
    for route in case.forbidden.iter().filter(|route| !decided(asked, route, scope)) {
        scope.any(route, spot, &mut |node| {
            found.push(at_node(block, ErrorCode::NotAllowed, node).mended_by(Some(Correction::Remove)));
            false
        });
    }
}

/// Whether a condition that comes first by an order of validation decides on the element.
fn decided<'s>(asked: Asked<'s>, route: &Route, scope: &Scope<'s>) -> bool {
    let spot = Spot::at(asked.group);
    let earlier = asked.task.after.iter().filter_map(|earlier| asked.tasks.get(*earlier));
    earlier.into_iter().any(|earlier| {
        let Body::Cases(cases) = &earlier.body else { return false };
        applies(earlier, spot, scope)
            && case(cases, spot, scope).is_some_and(|case| {
                let mut routes = case.required.iter().chain(&case.forbidden);
                routes.any(|one| one.path.text == route.path.text)
            })
    })
}

fn must<'s>(
    block: &Block,
    holds: &Expression<Route>,
    on: &Route,
    spot: Spot<'s>,
    scope: &Scope<'s>,
    found: &mut Vec<Found>,
) {
    let mut told = false;
    scope.any(on, spot, &mut |node| {
        let correction = node.text().and_then(|text| scope.meant(holds, on, text, spot));
        found.push(at_node(block, ErrorCode::Rule, node).mended_by(correction));
        told = true;
        true
    });
    if !told {
        let mut missing = absent(block, on, spot.here);
        missing.finding.code = ErrorCode::Rule;
        found.push(missing);
    }
}

fn unique<'s>(block: &Block, route: &Route, spot: Spot<'s>, scope: &Scope<'s>, found: &mut Vec<Found>) {
    let mut values = Values::default();
    scope.any(route, spot, &mut |node| {
        if node.text().is_some_and(|text| values.has(text)) {
            found.push(at_node(block, ErrorCode::Rule, node));
        }
        false
    });
}

/// Asked at the first group of a kind for all of them.
fn distinct(block: &Block, group: NodeRef<'_>, route: &Route, found: &mut Vec<Found>) {
    let Some(parent) = group.parent().filter(|_| group.ordinal() == 1) else { return };
    let mut values = Values::default();
    for node in parent.like(group.element().slot()).flat_map(|one| child(one, route)) {
        if node.text().is_some_and(|text| values.has(text)) {
            found.push(at_node(block, ErrorCode::Rule, node));
        }
    }
}

/// The values that were met; of a single one there is nothing to keep.
#[derive(Default)]
struct Values<'v> {
    first: Option<&'v str>,
    others: HashSet<&'v str>,
}

impl<'v> Values<'v> {
    /// Whether the value was met before; it counts from now on.
    fn has(&mut self, value: &'v str) -> bool {
        let Some(first) = self.first else {
            self.first = Some(value);
            return false;
        };
        first == value || !self.others.insert(value)
    }
}

/// What several groups all have alike is told at the first of them.
fn differ(block: &Block, parent: NodeRef<'_>, like: &Route, part: &Route, found: &mut Vec<Found>) {
    let mut groups = child(parent, like);
    let Some(first) = groups.next() else { return };
    let Some(one) = child(first, part).next() else { return };
    let mut more = false;
    for group in groups {
        more = true;
        if !child(first, part).map(Alike).eq(child(group, part).map(Alike)) {
            return;
        }
    }
    if more {
        found.push(at_node(block, ErrorCode::Rule, one));
    }
}

/// The elements of a group to which a path of one step leads.
fn child<'d>(group: NodeRef<'d>, route: &Route) -> impl Iterator<Item = NodeRef<'d>> + use<'d> {
    route.steps.last().copied().into_iter().flat_map(move |slot| group.like(slot))
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
            correction: None,
            line: node.place().line(),
            column: node.place().column(),
        },
    }
}

/// An element that is missing: told at the deepest group on its path that is there.
fn absent(block: &Block, route: &Route, group: NodeRef<'_>) -> Found {
    let path = &route.path;
    let mut deepest = group;
    let mut steps = path.steps.as_slice();
    while let Some((step, rest)) = steps.split_first() {
        let Some(node) = deepest.named(*step).next() else { break };
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
    found.mended_by(Some(Correction::Add))
}

fn text(block: &Block) -> Text {
    let [en, ru, kk] = block.words;
    Text::fixed(en, ru, kk)
}
