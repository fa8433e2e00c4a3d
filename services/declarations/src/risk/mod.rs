//! The risk decision: reasons first, then the channel they lead to.

use customs_references_contract::{Lookup, RestrictionEffect};

use crate::transit::DeclarationFacts;

/// Which way a movement goes after the risk decision.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Channel {
    /// No control.
    Green,
    /// A control before release.
    Red,
}

impl Channel {
    /// The channel as text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Red => "red",
        }
    }
}

/// A risk decision with everything that led to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RiskDecision {
    /// The channel.
    pub(crate) channel: Channel,
    /// Why; never empty.
    pub(crate) reasons: Vec<String>,
}

/// Decides by the measures on goods that hold in the countries of the journey (requirement D19).
pub(crate) fn decide(facts: &DeclarationFacts, lookup: &Lookup) -> RiskDecision {
    let mut countries = facts.guarantee_countries();
    countries.push(facts.departure_office.get(..2).unwrap_or_default().to_owned());
    let countries: Vec<&str> = countries.iter().map(String::as_str).collect();
    let mut reasons: Vec<String> = facts
        .commodity_codes
        .iter()
        .flat_map(|code| lookup.restrictions(code, &countries).map(move |measure| (code, measure)))
        .filter(|(_, measure)| measure.effect == RestrictionEffect::Control)
        .map(|(code, measure)| format!("goods {code} are to be controlled: {}", measure.reason))
        .collect();
    reasons.sort();
    reasons.dedup();
    if reasons.is_empty() {
        return RiskDecision { channel: Channel::Green, reasons: vec!["no measure applies".to_owned()] };
    }
    RiskDecision { channel: Channel::Red, reasons }
}
