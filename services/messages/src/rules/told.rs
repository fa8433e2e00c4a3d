//! Conditions told to programs: which elements are required or not allowed, as trees of terms over paths.
//!
//! What nobody but customs can tell, such as what the register of parties says or how the message before this one stands, is
//! a term that is `unknown`: three-valued logic carries it to the conditions that depend on it, and to no other.

use serde::Serialize;

use super::compile::{Route, Start, Task};
use super::expression::{Expression, Operand, Origin, Relation, Set, Test};
use super::package::Package;
use super::table::{Body, Case, Period};
use crate::definition::{Definition, Element};
use crate::phase::Phase;

/// What a term says.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TermKind {
    /// Holds where one of its terms holds.
    Any,
    /// Holds where all of its terms hold.
    All,
    /// Holds where its term does not.
    Not,
    /// Holds in every message of the kind.
    Always,
    /// Holds in no message of the kind.
    Never,
    /// Only customs can tell whether it holds.
    Unknown,
    /// An element stands at the path.
    Present,
    /// One of the elements at the path fulfils its term.
    Some,
    /// Every element at the path fulfils its term.
    Every,
    /// A value of its operand is among the words, or in the list.
    Within,
    /// A value of its first operand equals one of the second.
    Equal,
    /// A value of its first operand is less than one of the second.
    Less,
    /// A value of its first operand is at most one of the second.
    LessOrEqual,
    /// A value of its first operand is greater than one of the second.
    Greater,
    /// A value of its first operand is at least one of the second.
    GreaterOrEqual,
    /// Operand: the values at the path, or as many of their first characters as are named.
    Value,
    /// Operand: how many elements stand at the path.
    Count,
    /// Operand: the word.
    Text,
    /// Operand: the word as an exact decimal.
    Number,
}

/// One term of a condition.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    /// What it says.
    pub kind: TermKind,
    /// Its terms or operands, by their places among the terms of the condition; each stands before it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<u32>,
    /// Where it looks: from the root with `/`, from the group in which the condition is asked with `@/`, else from the element
    /// in question, with `..` for the group above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How many of the first characters count, where not all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
    /// The words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// The published name of the code list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<&'static str>,
    /// Whether a code list that is not known counts as empty; else nothing can be told without it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lenient: bool,
}

/// One case of a condition: the first that holds counts, and where it cannot be told whether one holds, none does.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConditionCase {
    /// The term that must hold, by its place; none where nothing must.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<u32>,
    /// The elements that are required then, as paths from the group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// The elements that are not allowed then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<String>,
}

/// A condition as it is asked in one kind of group of a message.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// The rule.
    pub rule: &'static str,
    /// The kind of group in which it is asked, as path from the root; empty for the root.
    pub at: String,
    /// The terms of which it is made.
    pub terms: Vec<Term>,
    /// The term that must hold for it to be asked at all, by its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<u32>,
    /// Its cases.
    pub cases: Vec<ConditionCase>,
    /// The conditions of the same group that come before it: where one of them decides on an element, it is silent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<&'static str>,
}

impl Condition {
    /// Whether there are messages for which only customs can tell what it demands.
    pub fn is_partly_unknown(&self) -> bool {
        self.terms.iter().any(|term| term.kind == TermKind::Unknown)
    }
}

/// The conditions of a message, in the order in which they are asked of a group.
pub(crate) fn conditions(definition: &'static Definition) -> Vec<Condition> {
    let package = Package::at(None);
    let mut found = Vec::new();
    let Some(plan) = package.plan(definition) else { return found };
    let transitional = definition.phase() == Phase::P5;
    let elsewhere = if transitional { Period::Final } else { Period::Transition };
    each(definition.root(), "", &mut |group, path| {
        let tasks = plan.groups.get(group.slot()).map_or(&[][..], Vec::as_slice);
        for task in tasks.iter().filter(|task| task.period != elsewhere) {
            let id = |task: &Task| package.blocks()[task.block].id;
            let Body::Cases(cases) = &task.body else { continue };
            let mut teller = Teller { terms: Vec::new(), transitional };
            let when = task.guard.as_ref().map(|guard| teller.statement(guard));
            let cases = cases.iter().map(|case| teller.case(case)).collect();
            let after = task.after.iter().filter_map(|earlier| tasks.get(*earlier)).map(id).collect();
            found.push(Condition {
                rule: id(task),
                at: path.to_owned(),
                terms: teller.terms,
                when,
                cases,
                after,
            });
        }
    });
    found
}

fn each(group: &'static Element, path: &str, visit: &mut dyn FnMut(&'static Element, &str)) {
    visit(group, path);
    for child in group.children().iter().filter(|child| child.is_group()) {
        let name = child.name();
        let below = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        each(child, &below, visit);
    }
}

struct Teller {
    terms: Vec<Term>,
    transitional: bool,
}

impl Teller {
    fn case(&mut self, case: &Case<Route>) -> ConditionCase {
        let paths = |routes: &[Route]| routes.iter().map(|route| route.path.text.to_owned()).collect();
        ConditionCase {
            when: case.when.as_ref().map(|when| self.statement(when)),
            required: paths(&case.required),
            forbidden: paths(&case.forbidden),
        }
    }

    fn add(&mut self, term: Term) -> u32 {
        if let Some(known) = self.terms.iter().position(|one| *one == term) {
            return place(known);
        }
        self.terms.push(term);
        place(self.terms.len() - 1)
    }

    fn statement(&mut self, expression: &Expression<Route>) -> u32 {
        let term = match expression {
            Expression::Any(terms) => Term::of(TermKind::Any, self.all(terms)),
            Expression::All(terms) => Term::of(TermKind::All, self.all(terms)),
            Expression::Not(inner) => Term::of(TermKind::Not, vec![self.statement(inner)]),
            Expression::Once(_, inner) => return self.statement(inner),
            Expression::Settled(holds) => Term::settled(*holds),
            Expression::Transitional => Term::settled(self.transitional),
            Expression::Present(route) => Term::at(TermKind::Present, route),
            Expression::Quantified { every, path, inner } => {
                let kind = if *every { TermKind::Every } else { TermKind::Some };
                let term = Term::at(kind, path);
                if term.kind == TermKind::Unknown {
                    term
                } else {
                    Term { of: vec![self.statement(inner)], ..term }
                }
            }
            Expression::Compare(left, relation, right) => match (operand(left), operand(right)) {
                (Some(left), Some(right)) => {
                    Term::of(related(*relation), vec![self.add(left), self.add(right)])
                }
                _ => Term::of(TermKind::Unknown, Vec::new()),
            },
            Expression::In(of, set) => match operand(of) {
                Some(of) => self.within(of, set),
                None => Term::of(TermKind::Unknown, Vec::new()),
            },
            Expression::Test(
                Test::Known | Test::Lowercase | Test::CheckDigit | Test::Flight | Test::Eori | Test::Tariff,
                _,
            )
            | Expression::Among(..)
            | Expression::Accepted => Term::of(TermKind::Unknown, Vec::new()),
        };
        self.add(term)
    }

    fn all(&mut self, terms: &[Expression<Route>]) -> Vec<u32> {
        terms.iter().map(|term| self.statement(term)).collect()
    }

    fn within(&mut self, of: Term, set: &Set) -> Term {
        let term = Term::of(TermKind::Within, vec![self.add(of)]);
        match set {
            Set::Words(words) => {
                Term { words: words.iter().map(|word| (*word).to_owned()).collect(), ..term }
            }
            Set::List { name, lenient } => Term { list: Some(name), lenient: *lenient, ..term },
        }
    }
}

impl Term {
    fn of(kind: TermKind, of: Vec<u32>) -> Self {
        Self { kind, of, path: None, first: None, words: Vec::new(), list: None, lenient: false }
    }

    fn settled(holds: bool) -> Self {
        Self::of(if holds { TermKind::Always } else { TermKind::Never }, Vec::new())
    }

    /// A term about what stands at a route; unknown where that is in the message before.
    fn at(kind: TermKind, route: &Route) -> Self {
        let origin = match (route.start, route.path.origin) {
            (Start::Prior | Start::Named, _) | (_, Origin::Prior) => {
                return Self::of(TermKind::Unknown, Vec::new());
            }
            (_, Origin::Root) => "/",
            (_, Origin::Context) => "@/",
            (_, Origin::Here) => "",
        };
        Self { path: Some(format!("{origin}{}", route.path.text)), ..Self::of(kind, Vec::new()) }
    }

    fn word(kind: TermKind, word: String) -> Self {
        Self { words: vec![word], ..Self::of(kind, Vec::new()) }
    }
}

/// An operand as a term; none where it is of no kind that is told.
fn operand(operand: &Operand<Route>) -> Option<Term> {
    Some(match operand {
        Operand::Text(text) => Term::word(TermKind::Text, (*text).to_owned()),
        Operand::Number(number) => Term::word(TermKind::Number, super::number::write(*number)),
        Operand::Value(route) => known(Term::at(TermKind::Value, route))?,
        Operand::First(count, route) => {
            Term { first: u32::try_from(*count).ok(), ..known(Term::at(TermKind::Value, route))? }
        }
        Operand::Count(route) => known(Term::at(TermKind::Count, route))?,
        Operand::Last(..)
        | Operand::At(..)
        | Operand::Length(_)
        | Operand::Sum(_)
        | Operand::Max(_)
        | Operand::Name => return None,
    })
}

fn known(term: Term) -> Option<Term> {
    (term.kind != TermKind::Unknown).then_some(term)
}

fn related(relation: Relation) -> TermKind {
    match relation {
        Relation::Equal => TermKind::Equal,
        Relation::Less => TermKind::Less,
        Relation::LessOrEqual => TermKind::LessOrEqual,
        Relation::Greater => TermKind::Greater,
        Relation::GreaterOrEqual => TermKind::GreaterOrEqual,
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
