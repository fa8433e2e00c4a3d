//! Statements about any message at once: whether some message can make them hold together.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Expression, Operand, Origin, Path, Relation, Set, Test};
use super::standing;
use crate::definition::{Definition, Element};

/// A group of a definition, in which a rule is asked.
#[derive(Clone)]
pub(super) struct Place {
    definition: &'static Definition,
    path: String,
}

/// A statement taken apart.
#[derive(Clone, Debug)]
pub(super) enum Formula {
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Is(Fact, bool),
}

/// What can be so or not.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Fact {
    /// An element is there.
    Present(String),
    /// A value is one of some.
    Within { value: Term, codes: BTreeSet<String> },
    /// Something that is not looked into.
    Other(String),
}

/// A value, or what is taken of it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Term {
    /// How it is written: the function and the path.
    text: String,
    /// The element that holds the value.
    element: String,
    /// Whether there is one such value for the group, so that it cannot be two things at once.
    single: bool,
    /// Whether it is the value itself and not a part of it.
    whole: bool,
}

impl Place {
    pub(super) fn root(definition: &'static Definition) -> Self {
        Self { definition, path: String::new() }
    }

    pub(super) fn below(&self, element: &Element) -> Self {
        let path = join(&self.path, element.name());
        Self { path, ..self.clone() }
    }

    /// The path of the group.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// A path as it runs from the root; none for one into the message before.
    pub(super) fn absolute(&self, path: &Path) -> Option<String> {
        let mut start = match path.origin {
            Origin::Root => String::new(),
            Origin::Here | Origin::Context => self.path.clone(),
            Origin::Prior => return None,
        };
        for _ in 0..path.up {
            start = start.rsplit_once('/').map(|(above, _)| above.to_owned()).unwrap_or_default();
        }
        let names = path.text.split('/').filter(|step| !["", "..", "."].contains(step));
        Some(names.fold(start, |at, name| join(&at, name)))
    }

    fn element(&self, path: &str) -> Option<&'static Element> {
        self.definition.element(path)
    }

    /// Whether there is one element at the path for this group.
    fn is_single(&self, path: &str) -> bool {
        let mut at = String::new();
        path.split('/').all(|name| {
            at = join(&at, name);
            let shared = self.path == at || self.path.starts_with(&format!("{at}/"));
            shared || self.element(&at).is_some_and(|element| !element.repeats())
        })
    }

    /// Whether the element is there whenever the group is.
    fn is_certain(&self, path: &str) -> bool {
        let mut at = String::new();
        path.split('/').all(|name| {
            at = join(&at, name);
            let shared = self.path == at || self.path.starts_with(&format!("{at}/"));
            shared || self.element(&at).is_some_and(|element| element.min() > 0)
        })
    }
}

impl Formula {
    pub(super) const fn always() -> Self {
        Self::All(Vec::new())
    }

    /// The statement as asked in a group.
    pub(super) fn of(expression: &Expression, place: &Place) -> Self {
        let other = |text: String| Self::Is(Fact::Other(format!("{}: {text}", place.path)), true);
        match expression {
            Expression::Any(terms) => Self::Any(terms.iter().map(|term| Self::of(term, place)).collect()),
            Expression::All(terms) => Self::All(terms.iter().map(|term| Self::of(term, place)).collect()),
            Expression::Not(inner) => Self::of(inner, place).negated(),
            Expression::Once(_, inner) => Self::of(inner, place),
            Expression::Settled(holds) => {
                if *holds {
                    Self::always()
                } else {
                    Self::Any(Vec::new())
                }
            }
            Expression::Present(path) => match place.absolute(path) {
                Some(path) => Self::Is(Fact::Present(path), true),
                None => Self::Is(Fact::Other(format!("present {path:?}")), true),
            },
            Expression::Compare(left, Relation::Equal, Operand::Text(text)) => {
                let codes = BTreeSet::from([(*text).to_owned()]);
                within(left, codes, place).unwrap_or_else(|| other(format!("{left:?} = {text}")))
            }
            Expression::In(operand, set) => {
                let known = codes(set).and_then(|codes| within(operand, codes, place));
                known.unwrap_or_else(|| other(format!("{operand:?} in {set:?}")))
            }
            Expression::Transitional => Self::Is(Fact::Other("transitional".to_owned()), true),
            Expression::Accepted => Self::Is(Fact::Other("accepted".to_owned()), true),
            // An identification number is known or not; an absent one is never.
            Expression::Test(Test::Known, path) => match place.absolute(path) {
                Some(path) => Self::All(vec![
                    Self::Is(Fact::Present(path.clone()), true),
                    Self::Is(Fact::Other(format!("known {path}")), true),
                ]),
                None => other(format!("{expression:?}")),
            },
            Expression::Compare(..)
            | Expression::Quantified { .. }
            | Expression::Among(..)
            | Expression::Test(..) => other(format!("{expression:?}")),
        }
    }

    pub(super) fn negated(&self) -> Self {
        match self {
            Self::All(terms) => Self::Any(terms.iter().map(Self::negated).collect()),
            Self::Any(terms) => Self::All(terms.iter().map(Self::negated).collect()),
            Self::Is(fact, so) => Self::Is(fact.clone(), !so),
        }
    }
}

fn codes(set: &Set) -> Option<BTreeSet<String>> {
    match set {
        Set::Words(words) => Some(words.iter().map(|word| (*word).to_owned()).collect()),
        Set::List { name, .. } => {
            standing::codes(name).map(|codes| codes.iter().map(|code| (*code).to_owned()).collect())
        }
    }
}

fn within(operand: &Operand, codes: BTreeSet<String>, place: &Place) -> Option<Formula> {
    let (function, path) = match operand {
        Operand::Value(path) => ("", path),
        Operand::First(count, path) => (["", "first1", "first2", "first3"].get(*count).copied()?, path),
        Operand::Last(_, path) => ("last", path),
        Operand::At(_, path) => ("at", path),
        Operand::Text(_)
        | Operand::Number(_)
        | Operand::Length(_)
        | Operand::Count(_)
        | Operand::Sum(_)
        | Operand::Max(_)
        | Operand::Name => return None,
    };
    // The message before is of another definition; what is looked at there stands in its transit operation, once.
    let (element, single) = match place.absolute(path) {
        Some(element) => (element.clone(), place.is_single(&element)),
        None => (format!("^{}", path.text), path.text.starts_with("TransitOperation/")),
    };
    let (text, whole) = (format!("{function} {element}"), function.is_empty());
    Some(Formula::Is(Fact::Within { value: Term { text, element, single, whole }, codes }, true))
}

/// Whether some message fulfils all statements, as far as they are looked into.
pub(super) fn satisfiable(formulas: &[&Formula], place: &Place) -> bool {
    let open: Vec<&Formula> = formulas.to_vec();
    search(open, &mut Vec::new(), place)
}

fn search<'f>(mut open: Vec<&'f Formula>, chosen: &mut Vec<(&'f Fact, bool)>, place: &Place) -> bool {
    // Branches last: what is certain prunes them.
    let Some(next) =
        open.iter().position(|one| !matches!(one, Formula::Any(_))).or(open.len().checked_sub(1))
    else {
        return true;
    };
    match open.swap_remove(next) {
        Formula::All(terms) => {
            open.extend(terms);
            search(open, chosen, place)
        }
        Formula::Any(terms) => terms.iter().any(|term| {
            let mut open = open.clone();
            open.push(term);
            search(open, chosen, place)
        }),
        Formula::Is(fact, so) => {
            chosen.push((fact, *so));
            let possible = agree(chosen, place) && search(open, chosen, place);
            chosen.pop();
            possible
        }
    }
}

/// Whether facts can be so together.
fn agree(facts: &[(&Fact, bool)], place: &Place) -> bool {
    let mut present: BTreeMap<&str, bool> = BTreeMap::new();
    let mut values: BTreeMap<&Term, (Option<BTreeSet<&str>>, BTreeSet<&str>)> = BTreeMap::new();
    for (fact, so) in facts {
        let agreed = match fact {
            Fact::Other(_) => !facts.iter().any(|(other, too)| other == fact && too != so),
            Fact::Present(path) => note(&mut present, path, *so),
            Fact::Within { value, codes } => {
                let (allowed, excluded) = values.entry(value).or_default();
                let codes = codes.iter().map(String::as_str);
                if *so && value.single {
                    let codes: BTreeSet<&str> = codes.collect();
                    *allowed = Some(match allowed.take() {
                        Some(known) => known.intersection(&codes).copied().collect(),
                        None => codes,
                    });
                } else if !so {
                    excluded.extend(codes);
                }
                !so || note(&mut present, &value.element, true)
            }
        };
        if !agreed {
            return false;
        }
    }
    let left = |value: &Term, allowed: &Option<BTreeSet<&str>>, excluded: &BTreeSet<&str>| match allowed {
        Some(allowed) => allowed.iter().any(|code| !excluded.contains(code)),
        None => !exhausted(value, excluded, &present, place),
    };
    present.iter().all(|(path, there)| possible(path, *there, &present, place))
        && values.iter().all(|(value, (allowed, excluded))| left(value, allowed, excluded))
}

/// Whether an element that is certainly there has no value left.
fn exhausted(value: &Term, excluded: &BTreeSet<&str>, present: &BTreeMap<&str, bool>, place: &Place) -> bool {
    let there = present.get(value.element.as_str()) == Some(&true) || place.is_certain(&value.element);
    if !there || !value.whole {
        return false;
    }
    let Some(element) = place.element(&value.element) else { return !value.element.starts_with('^') };
    if let Some(values) = element.format().and_then(crate::format::Format::listed) {
        return values.iter().all(|code| excluded.contains(code));
    }
    let codes = element.list().and_then(super::list_name).and_then(standing::codes);
    codes.is_some_and(|codes| codes.iter().all(|code| excluded.contains(code)))
}

fn note<'p>(present: &mut BTreeMap<&'p str, bool>, path: &'p str, there: bool) -> bool {
    *present.entry(path).or_insert(there) == there
}

/// Whether an element can be there, or not be there, in the structure and beside the others.
fn possible(path: &str, there: bool, present: &BTreeMap<&str, bool>, place: &Place) -> bool {
    if !there {
        let below = format!("{path}/");
        let holds = present.iter().any(|(other, so)| *so && other.starts_with(&below));
        return !place.is_certain(path) && !holds;
    }
    path.starts_with('^') || place.element(path).is_some()
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}
