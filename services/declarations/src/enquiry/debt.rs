//! The debt of a movement: what is told to the holder and claimed from the guarantor.

use customs_declarations_contract::BeginRecovery;
use customs_kernel::{Currency, Money, Problem, problem};

use crate::transit::DeclarationFacts;

/// A debt: its amount, or that it is what the guarantees cover, and what is told about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Debt {
    amount: Option<Money>,
    /// What is told to the holder.
    pub(super) text: String,
}

impl Debt {
    /// A debt assumed to be what the guarantees cover.
    pub(crate) fn assumed(text: &str) -> Self {
        Self { amount: None, text: text.to_owned() }
    }

    /// The debt that an officer names; amount and currency come together or not at all.
    pub(super) fn named(ask: &BeginRecovery) -> Result<Self, Problem> {
        let invalid = |what: &str, pointer: &str| problem::INPUT_INVALID.because(what).at(pointer);
        let amount = match (&ask.amount, &ask.currency) {
            (None, None) => None,
            (Some(_), None) => return Err(invalid("an amount has a currency", "/currency")),
            (None, Some(_)) => return Err(invalid("a currency has an amount", "/amount")),
            (Some(amount), Some(currency)) => {
                let currency: Currency =
                    currency.parse().map_err(|_| invalid("is no currency", "/currency"))?;
                let money = Money::parse(amount, currency).map_err(|_| invalid("is no amount", "/amount"))?;
                if money.minor == 0 {
                    return Err(invalid("a debt is more than nothing", "/amount"));
                }
                Some(money)
            }
        };
        Ok(Self { amount, text: ask.text.clone() })
    }

    /// The amount: as named, or what the guarantees of `facts` cover in the currency of the first.
    pub(super) fn amount(&self, facts: &DeclarationFacts) -> Money {
        self.amount.unwrap_or_else(|| covered(facts))
    }
}

fn covered(facts: &DeclarationFacts) -> Money {
    let mut amounts = facts.guarantees.iter().filter_map(|part| part.amount);
    let Some(first) = amounts.next() else { return Money::new(0, Currency::EUR) };
    amounts
        .filter(|amount| amount.currency == first.currency)
        .fold(first, |sum, amount| Money::new(sum.minor.saturating_add(amount.minor), sum.currency))
}

#[cfg(test)]
mod tests {
    use customs_guarantees_contract::bus::HoldPart;

    use super::*;

    fn ask(amount: Option<&str>, currency: Option<&str>) -> BeginRecovery {
        BeginRecovery {
            movement: uuid::Uuid::nil(),
            expected_version: 1,
            amount: amount.map(str::to_owned),
            currency: currency.map(str::to_owned),
            text: "not arrived".to_owned(),
        }
    }

    #[test]
    fn a_debt_has_amount_and_currency_or_neither() {
        assert!(Debt::named(&ask(Some("10.00"), Some("EUR"))).is_ok());
        assert!(Debt::named(&ask(None, None)).is_ok());
        for (amount, currency) in
            [(Some("1"), None), (None, Some("EUR")), (Some("x"), Some("EUR")), (Some("0"), Some("EUR"))]
        {
            assert!(Debt::named(&ask(amount, currency)).is_err(), "{amount:?} {currency:?}");
        }
    }

    #[test]
    fn a_debt_that_nobody_names_is_what_the_guarantees_cover() {
        let part = |minor, currency| HoldPart {
            guarantee_type: "1".to_owned(),
            grn: None,
            access_code: None,
            other_reference: None,
            amount: Some(Money::new(minor, currency)),
        };
        let guarantees = vec![part(500, Currency::EUR), part(700, Currency::KZT), part(100, Currency::EUR)];
        let facts = DeclarationFacts { guarantees, ..DeclarationFacts::default() };
        assert_eq!(Debt::assumed("late").amount(&facts), Money::new(600, Currency::EUR));
        assert_eq!(Debt::assumed("late").amount(&DeclarationFacts::default()).minor, 0);
    }
}
