//! The risk decision: reasons first, then the channel they lead to.

pub(crate) mod cover;

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

/// What standing, authorisations and guarantees of a declaration make simpler, in words; applied without being asked for.
pub(crate) fn simplifications(facts: &DeclarationFacts, lookup: &Lookup) -> Vec<String> {
    let standing = is_trusted(facts, lookup).then_some(
        "AEO authorised economic operator: a control is announced before the goods are there, and begins with documents",
    );
    let authorisations = facts.authorisations.iter().filter_map(|kind| {
        Some(match kind.as_str() {
            "C521" => "C521 authorised consignor: accepted and released without an officer unless a control is ordered",
            "C523" => "C523 special seals: the consignor's own seals are taken",
            "C524" => "C524 reduced data set: fewer particulars are asked for",
            _ => return None,
        })
    });
    let guarantees = facts.guarantees.iter().filter_map(|part| {
        Some(match part.guarantee_type.as_str() {
            "0" => "guarantee 0: waived, only the reference amount of the contract is used",
            "5" => "guarantee 5: not asked for below the statistical threshold",
            "8" => "guarantee 8: not asked for from public bodies",
            "A" => "guarantee A: waived by agreement",
            "B" => "guarantee B: covered by the TIR carnet",
            "J" | "R" => "guarantee J, R: not asked for on a part of the journey",
            _ => return None,
        })
    });
    let mut told: Vec<String> = Vec::new();
    for one in standing.into_iter().chain(authorisations).chain(guarantees) {
        if !told.iter().any(|known| known == one) {
            told.push(one.to_owned());
        }
    }
    told
}

/// Whether the holder is an authorised economic operator by the register.
pub(crate) fn is_trusted(facts: &DeclarationFacts, lookup: &Lookup) -> bool {
    facts.holder.as_ref().is_some_and(|holder| lookup.is_aeo(holder.as_str()))
}

/// The kind of control (CL716) of a red channel: of the documents for who is trusted, physical for everybody else.
pub(crate) fn control_type(facts: &DeclarationFacts, lookup: &Lookup) -> &'static str {
    if is_trusted(facts, lookup) { "10" } else { "40" }
}

/// Why a control is announced to a trusted holder before the goods are there; nothing where none is intended.
pub(crate) fn announced(facts: &DeclarationFacts, lookup: &Lookup) -> Option<Vec<String>> {
    let decision = decide(facts, lookup);
    (decision.channel == Channel::Red && is_trusted(facts, lookup)).then_some(decision.reasons)
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

/// Why the goods are to be controlled at an office on the way, by the lists of its own country; asked before they are there
/// (requirement D13). What holds in every country is the business of the office of departure.
pub(crate) fn by_own_lists(facts: &DeclarationFacts, lookup: &Lookup, office: &str) -> Vec<String> {
    let country = office.get(..2).unwrap_or_default();
    let own = [country];
    let mut reasons = Vec::new();
    for code in &facts.commodity_codes {
        let measures = lookup.restrictions(code, &own);
        for measure in measures.filter(|measure| measure.country.as_deref() == Some(country)) {
            reasons.push(match measure.effect {
                RestrictionEffect::Control => {
                    format!("goods {code} are to be controlled in {country}: {}", measure.reason)
                }
                RestrictionEffect::Refuse => {
                    format!("goods {code} may not be carried through {country}: {}", measure.reason)
                }
            });
        }
    }
    if !lookup.may_pass(country) {
        reasons.push(format!("transit may not pass through {country}"));
    }
    reasons.sort();
    reasons.dedup();
    reasons
}

#[cfg(test)]
mod tests {
    use customs_guarantees_contract::bus::HoldPart;
    use customs_references_contract::{AuthorisedParty, PartyRole, ReferenceSnapshot, RestrictedGoods};

    use super::*;

    fn facts(kinds: &[&str], guarantees: &[&str]) -> DeclarationFacts {
        let part = |kind: &&str| HoldPart {
            guarantee_type: (*kind).to_owned(),
            grn: None,
            access_code: None,
            other_reference: None,
            amount: None,
        };
        DeclarationFacts {
            holder: Some("KZ1".parse().unwrap()),
            authorisations: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            guarantees: guarantees.iter().map(part).collect(),
            commodity_codes: vec!["930200".to_owned()],
            ..DeclarationFacts::default()
        }
    }

    /// A register in which KZ1 is an AEO, or nobody is; firearms are controlled.
    fn lookup(aeo: bool) -> Lookup {
        let role = PartyRole { role: "AEO".to_owned(), reference: None };
        let party = AuthorisedParty { eori: "KZ1".to_owned(), roles: vec![role] };
        let measure = RestrictedGoods {
            id: uuid::Uuid::nil(),
            prefix: "9302".to_owned(),
            country: None,
            effect: RestrictionEffect::Control,
            reason: "firearms".to_owned(),
            valid_from: chrono::NaiveDate::default(),
            valid_to: None,
        };
        Lookup::from(ReferenceSnapshot {
            authorised: aeo.then_some(party).into_iter().collect(),
            restricted: vec![measure],
            ..ReferenceSnapshot::default()
        })
    }

    #[test]
    fn every_simplification_is_explained_once_and_nothing_else_is() {
        let all = simplifications(&facts(&["C521", "C523", "C524"], &["0", "0", "B", "1"]), &lookup(true));
        assert_eq!(all.len(), 6, "{all:?}");
        assert!(simplifications(&facts(&["C520", "XXXX"], &["1", "4"]), &lookup(false)).is_empty());
    }

    #[test]
    fn an_office_on_the_way_is_told_what_the_lists_of_its_own_country_say() {
        let measure = |country: Option<&str>, effect| RestrictedGoods {
            id: uuid::Uuid::nil(),
            prefix: "93".to_owned(),
            country: country.map(str::to_owned),
            effect,
            reason: "arms".to_owned(),
            valid_from: chrono::NaiveDate::default(),
            valid_to: None,
        };
        let lookup = Lookup::from(ReferenceSnapshot {
            restricted: vec![
                measure(Some("KG"), RestrictionEffect::Control),
                measure(Some("UZ"), RestrictionEffect::Refuse),
                measure(None, RestrictionEffect::Control),
            ],
            route_countries: ["KG", "UZ", "TJ"].map(str::to_owned).to_vec(),
            ..ReferenceSnapshot::default()
        });
        let firearms = facts(&[], &[]);
        let told = |office: &str| by_own_lists(&firearms, &lookup, office);
        assert_eq!(told("KGAKZ001"), ["goods 930200 are to be controlled in KG: arms"]);
        assert_eq!(told("UZTAS001"), ["goods 930200 may not be carried through UZ: arms"]);
        assert!(told("TJDUS001").is_empty(), "what holds everywhere was asked at departure");
        assert_eq!(told("TMASH001"), ["transit may not pass through TM"]);
    }

    #[test]
    fn a_control_is_announced_to_the_trusted_and_begins_with_their_documents() {
        let firearms = facts(&[], &[]);
        assert!(announced(&firearms, &lookup(true)).is_some_and(|reasons| reasons[0].contains("firearms")));
        assert_eq!(announced(&firearms, &lookup(false)), None);
        assert_eq!(control_type(&firearms, &lookup(true)), "10");
        assert_eq!(control_type(&firearms, &lookup(false)), "40");
        let harmless = DeclarationFacts { commodity_codes: Vec::new(), ..firearms };
        assert_eq!(announced(&harmless, &lookup(true)), None);
    }
}
