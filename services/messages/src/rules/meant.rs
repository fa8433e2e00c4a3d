//! The one value with which a broken rule would hold, where the rule itself says it.

use customs_kernel::Correction;

use super::compile::Route;
use super::evaluate::{Scope, Spot};
use super::expression::{Expression, Operand, Relation, Set, Test};

impl<'s> Scope<'s> {
    /// What `holds` wants at the path `on`, where `text` stands now: of a rule that names or computes exactly one value.
    pub(super) fn meant(
        &self,
        holds: &Expression<Route>,
        on: &Route,
        text: &str,
        spot: Spot<'s>,
    ) -> Option<Correction> {
        let same = |route: &Route| route.path.text == on.path.text;
        let value = match holds {
            Expression::Compare(Operand::Value(left), Relation::Equal, right) if same(left) => {
                self.one_value(right, spot)
            }
            Expression::Compare(left, Relation::Equal, Operand::Value(right)) if same(right) => {
                self.one_value(left, spot)
            }
            Expression::In(Operand::Value(route), Set::Words(words)) if same(route) && words.len() == 1 => {
                words.first().map(|word| (*word).to_owned())
            }
            Expression::Once(_, inner) => return self.meant(inner, on, text, spot),
            Expression::Not(inner) => match inner.as_ref() {
                Expression::Test(Test::Lowercase, route) if same(route) => Some(text.to_uppercase()),
                _ => None,
            },
            _ => None,
        };
        value.filter(|value| value != text).map(Correction::Replace)
    }
}
