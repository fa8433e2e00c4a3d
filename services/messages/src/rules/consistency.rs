//! Whether the rules of a package can be satisfied together: conditions that ask for and forbid the same element, rules
//! that leave an element no value.

use std::collections::BTreeSet;

use serde::Serialize;

use super::attach::Attached;
use super::logic::{Formula, Place, satisfiable};
use super::table::{Block, Body, Case, Period};
use crate::definition::{Definition, Element, definitions};

/// Two rules that some message cannot both satisfy.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contradiction {
    /// The one rule.
    pub one: &'static str,
    /// The other; the same where a rule contradicts the structure of the message.
    pub other: &'static str,
    /// A message in which they do.
    pub message_type: &'static str,
    /// The element that they disagree about.
    pub element: String,
    /// What the one and the other demand.
    pub demands: String,
}

/// A demand of a condition on an element.
struct Claim<'b> {
    block: &'b Block,
    place: usize,
    /// The group in which it is asked.
    group: Place,
    element: String,
    required: bool,
    when: Formula,
    after: &'b [usize],
}

/// Every contradiction in the rules as they are attached to the definitions.
pub(super) fn contradictions(blocks: &[Block], attached: &[Attached]) -> Vec<Contradiction> {
    let mut found = BTreeSet::new();
    for (definition, attached) in definitions().iter().zip(attached) {
        let claims = claims(blocks, attached, definition);
        for one in &claims {
            against_structure(one, definition, &mut found);
            let rivals = claims.iter().filter(|other| !other.required && one.required);
            for other in rivals.filter(|other| one.element == other.element) {
                between(one, other, definition, &mut found);
            }
        }
        values(blocks, attached, definition, &mut found);
    }
    found.into_iter().collect()
}

fn claims<'b>(
    blocks: &'b [Block],
    attached: &'b Attached,
    definition: &'static Definition,
) -> Vec<Claim<'b>> {
    let mut claims = Vec::new();
    each(definition.root(), &Place::root(definition), &mut |group, place| {
        for asked in attached.get(group.slot()).into_iter().flatten() {
            let block = &blocks[asked.block];
            let Body::Cases(cases) = &block.body else { continue };
            for (at, case) in cases.iter().enumerate() {
                let when = reached(block, cases, at, place);
                let demands = case.required.iter().map(|path| (path, true));
                for (path, required) in demands.chain(case.forbidden.iter().map(|path| (path, false))) {
                    let Some(element) = place.absolute(path) else { continue };
                    let (group, when) = (place.clone(), when.clone());
                    claims.push(Claim {
                        block,
                        place: asked.block,
                        group,
                        element,
                        required,
                        when,
                        after: &asked.after,
                    });
                }
            }
        }
    });
    claims
}

fn each(group: &'static Element, place: &Place, visit: &mut dyn FnMut(&'static Element, &Place)) {
    visit(group, place);
    for child in group.children().iter().filter(|child| child.is_group()) {
        each(child, &place.below(child), visit);
    }
}

/// When the case of a condition counts: its guard holds, no case before it does, and it does.
fn reached(block: &Block, cases: &[Case], at: usize, place: &Place) -> Formula {
    let mut terms = vec![guard(block, place)];
    for (number, case) in cases.iter().enumerate().take(at + 1) {
        let when = case.when.as_ref().map_or(Formula::always(), |when| Formula::of(when, place));
        terms.push(if number == at { when } else { when.negated() });
    }
    Formula::All(terms)
}

fn guard(block: &Block, place: &Place) -> Formula {
    block.guard.as_ref().map_or(Formula::always(), |guard| Formula::of(guard, place))
}

/// A condition that forbids what the structure always has.
fn against_structure(claim: &Claim<'_>, definition: &Definition, found: &mut BTreeSet<Contradiction>) {
    let element = definition.element(&claim.element);
    let always = element.is_some_and(|element| element.min() > 0);
    let own = claim.element.strip_prefix(claim.group.path()).unwrap_or(&claim.element);
    let direct = !own.trim_start_matches('/').contains('/');
    if !claim.required && always && direct && satisfiable(&[&claim.when], &claim.group) {
        found.insert(Contradiction {
            one: claim.block.id,
            other: claim.block.id,
            message_type: definition.message_type(),
            element: claim.element.clone(),
            demands: "not allowed by the rule, required by the structure".to_owned(),
        });
    }
}

fn between(one: &Claim<'_>, other: &Claim<'_>, definition: &Definition, found: &mut BTreeSet<Contradiction>) {
    let together = one.block.period == other.block.period
        || one.block.period == Period::Always
        || other.block.period == Period::Always;
    // What is forbidden in one of several groups may stand in another; what is forbidden above them may not.
    let concerns = one.group.path().starts_with(other.group.path());
    let ordered = one.after.contains(&other.place) || other.after.contains(&one.place);
    if one.place == other.place || !together || !concerns || ordered {
        return;
    }
    if satisfiable(&[&one.when, &other.when], &one.group) {
        found.insert(Contradiction {
            one: one.block.id,
            other: other.block.id,
            message_type: definition.message_type(),
            element: one.element.clone(),
            demands: "required by the one, not allowed by the other".to_owned(),
        });
    }
}

/// Rules on one value, asked in one group, that no value satisfies.
fn values(
    blocks: &[Block],
    attached: &Attached,
    definition: &'static Definition,
    found: &mut BTreeSet<Contradiction>,
) {
    each(definition.root(), &Place::root(definition), &mut |group, place| {
        let musts: Vec<_> = attached
            .get(group.slot())
            .into_iter()
            .flatten()
            .filter_map(|asked| match &blocks[asked.block].body {
                Body::Must { holds, on } => Some((&blocks[asked.block], holds, place.absolute(on)?)),
                _ => None,
            })
            .collect();
        for (at, (one, holds, on)) in musts.iter().enumerate() {
            for (other, and_holds, _) in musts.iter().skip(at + 1).filter(|(_, _, too)| too == on) {
                let guards = [guard(one, place), guard(other, place)];
                let demands = [Formula::of(holds, place), Formula::of(and_holds, place)];
                let both = [&guards[0], &guards[1], &demands[0], &demands[1]];
                if satisfiable(&[&guards[0], &guards[1]], place) && !satisfiable(&both, place) {
                    found.insert(Contradiction {
                        one: one.id,
                        other: other.id,
                        message_type: definition.message_type(),
                        element: on.clone(),
                        demands: "no value satisfies both".to_owned(),
                    });
                }
            }
        }
    });
}
