//! Deciding an expression for a group of a message.

use std::cell::Cell;

use customs_kernel::check_digit;

use super::compile::{Route, Start};
use super::expression::{Expression, Operand, Path, Relation, Set, Test};
use super::lookups::Lookups;
use super::{Context, number};
use crate::document::{Document, NodeRef};

/// The list of eight-digit codes of the tariff.
const TARIFF: &str = "CombinedNomenclature";

/// What a run of the rules over one message looks at.
pub(super) struct Scope<'s> {
    pub(super) document: &'s Document,
    pub(super) lookups: &'s dyn Lookups,
    pub(super) context: &'s Context<'s>,
    /// The statements that are decided once, as far as they are.
    pub(super) once: Vec<Cell<Once>>,
}

/// A statement that is decided once for a message: open, or decided.
pub(super) type Once = Option<Option<bool>>;

/// The element in question, and the element in which the rule is asked.
#[derive(Clone, Copy)]
pub(super) struct Spot<'s> {
    pub(super) here: NodeRef<'s>,
    pub(super) context: NodeRef<'s>,
}

impl<'s> Spot<'s> {
    pub(super) fn at(node: NodeRef<'s>) -> Self {
        Self { here: node, context: node }
    }
}

/// One value of an operand.
enum Value<'s> {
    Text(&'s str),
    Number(i128),
}

impl<'s> Scope<'s> {
    /// Whether the statement holds; `None` where that cannot be told.
    pub(super) fn holds(&self, expression: &Expression<Route>, spot: Spot<'s>) -> Option<bool> {
        match expression {
            Expression::Any(terms) => self.kleene(terms, spot, true),
            Expression::All(terms) => self.kleene(terms, spot, false),
            Expression::Not(inner) => self.holds(inner, spot).map(|holds| !holds),
            Expression::Present(route) => self.any(route, spot, &mut |_| true),
            Expression::Compare(left, relation, right) => self.compare(left, *relation, right, spot),
            Expression::In(operand, set) => self.within(operand, set, spot),
            Expression::Quantified { every, path, inner } => self.quantified(*every, path, inner, spot),
            Expression::Test(test, route) => self.test(*test, route, spot),
            Expression::Among(inner, outer) => self.among(inner, outer, spot),
            Expression::Accepted => self.context.accepted,
            Expression::Transitional => Some(self.context.transitional),
            Expression::Settled(holds) => Some(*holds),
            Expression::Once(place, inner) => self.once(*place, inner, spot),
        }
    }

    fn once(&self, place: usize, inner: &Expression<Route>, spot: Spot<'s>) -> Option<bool> {
        let Some(slot) = self.once.get(place) else { return self.holds(inner, spot) };
        if let Some(known) = slot.get() {
            return known;
        }
        let holds = self.holds(inner, spot);
        slot.set(Some(holds));
        holds
    }

    /// All terms, or any of them; `decisive` is the outcome that one term alone brings about.
    fn kleene(&self, terms: &[Expression<Route>], spot: Spot<'s>, decisive: bool) -> Option<bool> {
        let mut told = true;
        for term in terms {
            match self.holds(term, spot) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => told = false,
            }
        }
        told.then_some(!decisive)
    }

    /// Whether an element at the path fulfils the predicate; `None` where there is no message before this one.
    pub(super) fn any(
        &self,
        route: &Route,
        spot: Spot<'s>,
        fulfils: &mut dyn FnMut(NodeRef<'s>) -> bool,
    ) -> Option<bool> {
        let (start, up) = match route.start {
            Start::Nowhere => return Some(false),
            Start::Single(slot) => return Some(self.document.first(slot).is_some_and(fulfils)),
            Start::Here(up) => (spot.here, up),
            Start::Context(up) => (spot.context, up),
            Start::Root => (self.document.root(), 0),
            Start::Prior => return Some(named(self.context.prior?.root(), &route.path, fulfils)),
            Start::Named => return Some(named(spot.here, &route.path, fulfils)),
        };
        if route.steps.last().is_some_and(|slot| self.document.first(*slot).is_none()) {
            return Some(false);
        }
        let mut start = Some(start);
        for _ in 0..up {
            start = start.and_then(NodeRef::parent);
        }
        Some(start.is_some_and(|start| walk(start, &route.steps, fulfils)))
    }

    fn quantified(
        &self,
        every: bool,
        path: &Route,
        inner: &Expression<Route>,
        spot: Spot<'s>,
    ) -> Option<bool> {
        let mut told = true;
        let found = self.any(path, spot, &mut |node| {
            let holds = self.holds(inner, Spot { here: node, ..spot });
            told &= holds.is_some();
            holds == Some(!every)
        })?;
        if found {
            return Some(!every);
        }
        told.then_some(every)
    }

    /// Whether every value at one path is a value at the other.
    fn among(&self, inner: &Route, outer: &Route, spot: Spot<'s>) -> Option<bool> {
        let mut values = std::collections::HashSet::new();
        self.any(outer, spot, &mut |node| {
            values.extend(node.text());
            false
        })?;
        let stranger =
            self.any(inner, spot, &mut |node| node.text().is_some_and(|text| !values.contains(text)));
        stranger.map(|stranger| !stranger)
    }

    fn test(&self, test: Test, path: &Route, spot: Spot<'s>) -> Option<bool> {
        if test == Test::Known {
            let mut known = Some(false);
            self.any(path, spot, &mut |node| {
                known = node.text().map_or(Some(false), |id| self.lookups.party_known(id));
                true
            })?;
            return known;
        }
        if test == Test::Tariff {
            return self.tariff(path, spot);
        }
        self.any(path, spot, &mut |node| node.text().is_some_and(|text| passes(test, text)))
    }

    /// Whether the commodity code is in the tariff, where that is known.
    fn tariff(&self, path: &Route, spot: Spot<'s>) -> Option<bool> {
        if !self.lookups.list_known(TARIFF) {
            return None;
        }
        self.any(path, spot, &mut |node| {
            let heading = node.text_at("harmonizedSystemSubHeadingCode").unwrap_or_default();
            let digits = node.text_at("combinedNomenclatureCode").unwrap_or_default();
            self.lookups.code(TARIFF, &format!("{heading}{digits}"))
        })
    }

    fn within(&self, operand: &Operand<Route>, set: &Set, spot: Spot<'s>) -> Option<bool> {
        if let Set::List { name, lenient } = set
            && !self.lookups.list_known(name)
        {
            return lenient.then_some(false);
        }
        self.any_value(operand, spot, &mut |value| match (value, set) {
            (Value::Text(text), Set::Words(words)) => words.contains(text),
            (Value::Text(text), Set::List { name, .. }) => self.lookups.code(name, text),
            (Value::Number(_), _) => false,
        })
    }

    fn compare(
        &self,
        left: &Operand<Route>,
        relation: Relation,
        right: &Operand<Route>,
        spot: Spot<'s>,
    ) -> Option<bool> {
        if let (Operand::Value(route), Relation::Equal, Operand::Text(text)) = (left, relation, right) {
            return self.any(route, spot, &mut |node| node.text() == Some(text));
        }
        let mut told = true;
        let found = self.any_value(left, spot, &mut |one| {
            let holds = self.any_value(right, spot, &mut |two| related(one, relation, two));
            told &= holds.is_some();
            holds == Some(true)
        })?;
        (found || told).then_some(found)
    }

    /// The value of an operand that has exactly one, as a message writes it.
    pub(super) fn one_value(&self, operand: &Operand<Route>, spot: Spot<'s>) -> Option<String> {
        let (mut one, mut more) = (None, false);
        self.any_value(operand, spot, &mut |value| {
            more = one.is_some();
            one = Some(match value {
                Value::Text(text) => (*text).to_owned(),
                Value::Number(number) => number::write(*number),
            });
            more
        })?;
        one.filter(|_| !more)
    }

    /// Whether a value of the operand fulfils the predicate.
    fn any_value(
        &self,
        operand: &Operand<Route>,
        spot: Spot<'s>,
        fulfils: &mut dyn FnMut(&Value<'s>) -> bool,
    ) -> Option<bool> {
        match operand {
            Operand::Text(text) => Some(fulfils(&Value::Text(text))),
            Operand::Number(number) => Some(fulfils(&Value::Number(*number))),
            Operand::Name => Some(fulfils(&Value::Text(self.document.message_type()))),
            Operand::Value(path) => {
                self.any(path, spot, &mut |node| node.text().is_some_and(|text| fulfils(&Value::Text(text))))
            }
            Operand::First(count, path) => self.any(path, spot, &mut |node| {
                let text = node.text().and_then(|text| text.get(..*count));
                text.is_some_and(|text| fulfils(&Value::Text(text)))
            }),
            Operand::Last(count, path) => self.any(path, spot, &mut |node| {
                let text = node.text().unwrap_or_default();
                let last = text.len().checked_sub(*count).and_then(|from| text.get(from..));
                last.is_some_and(|text| fulfils(&Value::Text(text)))
            }),
            Operand::At(place, path) => self.any(path, spot, &mut |node| {
                let text = node.text().and_then(|text| text.get(place - 1..*place));
                text.is_some_and(|text| fulfils(&Value::Text(text)))
            }),
            Operand::Length(path) => self.any(path, spot, &mut |node| {
                let length = node.text().map_or(0, |text| text.chars().count());
                fulfils(&Value::Number(number::count(length)))
            }),
            Operand::Count(path) => {
                let mut count = 0;
                self.any(path, spot, &mut |_| {
                    count += 1;
                    false
                })?;
                Some(fulfils(&Value::Number(number::count(count))))
            }
            Operand::Sum(path) => {
                let mut sum = 0;
                self.any(path, spot, &mut |node| {
                    sum += node.text().and_then(number::read).unwrap_or(0);
                    false
                })?;
                Some(fulfils(&Value::Number(sum)))
            }
            Operand::Max(path) => {
                let mut max = 0;
                self.any(path, spot, &mut |node| {
                    max = max.max(node.text().and_then(number::read).unwrap_or(0));
                    false
                })?;
                Some(fulfils(&Value::Number(max)))
            }
        }
    }
}

/// Go through the elements on the way, by their numbers, until one fulfils the predicate.
fn walk<'d>(node: NodeRef<'d>, steps: &[usize], fulfils: &mut dyn FnMut(NodeRef<'d>) -> bool) -> bool {
    match steps.split_first() {
        None => fulfils(node),
        Some((step, rest)) => node.like(*step).any(|child| walk(child, rest, fulfils)),
    }
}

/// Go through the elements at a path, by their names, until one fulfils the predicate.
fn named<'d>(node: NodeRef<'d>, path: &Path, fulfils: &mut dyn FnMut(NodeRef<'d>) -> bool) -> bool {
    fn down<'d>(node: NodeRef<'d>, steps: &[u16], fulfils: &mut dyn FnMut(NodeRef<'d>) -> bool) -> bool {
        match steps.split_first() {
            None => fulfils(node),
            Some((step, rest)) => node.named(*step).any(|child| down(child, rest, fulfils)),
        }
    }
    let mut start = Some(node);
    for _ in 0..path.up {
        start = start.and_then(NodeRef::parent);
    }
    start.is_some_and(|start| down(start, &path.steps, fulfils))
}

fn related(one: &Value<'_>, relation: Relation, two: &Value<'_>) -> bool {
    // Two texts are equal as texts; they are greater or less as numbers, and beside a number they are numbers.
    let order = match (one, two) {
        (Value::Text(one), Value::Text(two)) if relation == Relation::Equal => return one == two,
        (Value::Text(one), Value::Text(two)) => match (number::read(one), number::read(two)) {
            (Some(one), Some(two)) => one.cmp(&two),
            _ => one.cmp(two),
        },
        _ => match (number_of(one), number_of(two)) {
            (Some(one), Some(two)) => one.cmp(&two),
            _ => return false,
        },
    };
    match relation {
        Relation::Equal => order.is_eq(),
        Relation::Less => order.is_lt(),
        Relation::LessOrEqual => order.is_le(),
        Relation::Greater => order.is_gt(),
        Relation::GreaterOrEqual => order.is_ge(),
    }
}

fn number_of(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => number::read(text),
    }
}

fn passes(test: Test, text: &str) -> bool {
    match test {
        Test::Known | Test::Tariff => false,
        Test::Lowercase => text.chars().any(char::is_lowercase),
        Test::CheckDigit => check_digit::holds(text),
        Test::Flight => is_flight(text),
        Test::Eori => is_eori(text),
    }
}

/// The flight number: one to three characters of the airline, one to four digits, a letter at most.
fn is_flight(text: &str) -> bool {
    let body = text.strip_suffix(|last: char| last.is_ascii_alphabetic()).unwrap_or(text);
    let digits = body.bytes().rev().take_while(u8::is_ascii_digit).count();
    let prefix = |digits: usize| (1..=3).contains(&(body.len() - digits));
    text.is_ascii() && (1..=digits.min(4)).any(prefix)
}

/// Two capital letters and one to fifteen visible characters (R0850).
fn is_eori(text: &str) -> bool {
    let bytes = text.as_bytes();
    (3..=17).contains(&bytes.len())
        && bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(2).all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flight_numbers_have_airline_number_and_suffix() {
        for good in ["KC987", "KC0987A", "DV7", "1234567"] {
            assert!(is_flight(good), "{good}");
        }
        for wrong in ["", "KCAB1234", "KC", "A", "KC12345678", "ҚС987"] {
            assert!(!is_flight(wrong), "{wrong}");
        }
    }

    #[test]
    fn identification_numbers_begin_with_a_country() {
        assert!(is_eori("KZ960241002789") && is_eori("XI1"));
        assert!(!is_eori("KZ") && !is_eori("kz1") && !is_eori("KZ 1") && !is_eori("KZ1234567890123456"));
    }
}
