//! Judging a message by the rules and the reference data of its legal date.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use customs_kernel::Finding;
use customs_messages::{Context, Document, Lookups, Office, Package, Phase, Rules, outgoing::Facts};
use customs_references_contract::{Lookup, RestrictionEffect};
use sha2::{Digest, Sha256};

use super::authority::not_held;

/// The look-ups of references as the rules ask them.
struct Asked<'l>(&'l Lookup);

impl Lookups for Asked<'_> {
    fn list_known(&self, list: &str) -> bool {
        self.0.has_list(list)
    }

    fn code(&self, list: &str, code: &str) -> bool {
        self.0.has(list, code)
    }

    fn offices_known(&self) -> bool {
        self.0.has_offices()
    }

    fn office(&self, id: &str) -> Option<Office> {
        let office = self.0.office(id)?;
        let roles = office.roles.split(' ').map(str::to_owned).collect();
        Some(Office { country: office.country.clone(), roles })
    }

    fn party_known(&self, id: &str) -> Option<bool> {
        self.0.is_suspended(id).then_some(false)
    }
}

/// Everything that is wrong with `document` by code lists, conditions and rules.
pub(crate) fn judge(document: &Document, lookup: &Lookup, context: &Context<'_>) -> Vec<Finding> {
    // Messages of phase 5 follow the rules of its transitional period, which asked less.
    // The package of rules is that of the day for which the reference data hold.
    let on = context.on.or(Some(lookup.at()));
    let context = Context { transitional: document.phase() == Phase::P5, on, ..*context };
    let mut findings: Vec<Finding> =
        Rules::check(document, &Asked(lookup), &context).iter().map(Finding::from).collect();
    if matches!(document.message_type(), "CC015C" | "CC013C") {
        findings.extend(national(document, lookup));
    }
    if matches!(document.message_type(), "CC015C" | "CC013C" | "CC007C") {
        findings.extend(not_held(document, lookup));
    }
    findings
}

/// The national rules on where transit may pass and what it may carry (requirements D18 and D19).
fn national(document: &Document, lookup: &Lookup) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut countries: Vec<&str> = Vec::new();
    for group in OFFICES {
        for office in document.groups(group).into_iter().flat_map(customs_messages::NodeRef::children) {
            if office.name() == "referenceNumber"
                && let Some(country) = office.text().and_then(|text| text.get(..2))
            {
                countries.push(country);
                if !lookup.may_pass(country) {
                    let message = format!("transit may not pass through {country}");
                    findings.push(
                        Finding::new("14", office.xpath(), message).by_rule("NR0018").with_value(country),
                    );
                }
            }
        }
    }
    let code = "Consignment/HouseConsignment/ConsignmentItem/Commodity/CommodityCode";
    for node in document.groups(code) {
        let Some(commodity) = node.text_at("harmonizedSystemSubHeadingCode") else { continue };
        for measure in lookup.restrictions(commodity, &countries) {
            if measure.effect == RestrictionEffect::Refuse {
                let pointer = format!("{}/harmonizedSystemSubHeadingCode", node.xpath());
                let message = format!("goods {commodity} may not be carried in transit: {}", measure.reason);
                findings.push(Finding::new("14", pointer, message).by_rule("NR0019").with_value(commodity));
            }
        }
    }
    findings
}

/// The groups that name the customs offices of a journey.
const OFFICES: &[&str] = &[
    "CustomsOfficeOfDeparture",
    "CustomsOfficeOfTransitDeclared",
    "CustomsOfficeOfExitForTransitDeclared",
    "CustomsOfficeOfDestinationDeclared",
];

/// The hash of what judged: the reference data of the day, the package of rules that is in force on it, and this release, which
/// decides on what no table says.
pub(crate) fn ruleset(lookup: &Lookup) -> String {
    let mut hash = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), Package::at(Some(lookup.at())).hash()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(lookup.version());
    hex::encode(hash.finalize())
}

/// The findings as `FunctionalError` groups of IE056 and IE057.
pub(crate) fn functional_errors(mut facts: Facts, findings: &[Finding]) -> Facts {
    let clipped = |text: &str, most: usize| text.chars().take(most).collect::<String>().trim().to_owned();
    for (place, finding) in findings.iter().take(9_999).enumerate() {
        let at = |name: &str| format!("FunctionalError[{}]/{name}", place + 1);
        facts = facts
            .with(at("errorPointer"), clipped(&finding.pointer, 512))
            .with(at("errorCode"), finding.code.as_str())
            .with(at("errorReason"), clipped(finding.rule.as_deref().unwrap_or("XML"), 7));
        if let Some(value) =
            finding.value.as_deref().map(|value| clipped(value, 512)).filter(|value| !value.is_empty())
        {
            facts = facts.with(at("originalAttributeValue"), value);
        }
    }
    facts
}

/// The day by the calendar of the place where `office` stands.
pub(crate) fn office_day(lookup: &Lookup, office: &str, at: DateTime<Utc>) -> NaiveDate {
    match zone(lookup, office) {
        Some(zone) => at.with_timezone(&zone).date_naive(),
        None => at.date_naive(),
    }
}

/// The instant of `local`, the wall clock of the place where `office` stands; the later one where it strikes twice.
pub(crate) fn office_instant(lookup: &Lookup, office: &str, local: NaiveDateTime) -> DateTime<Utc> {
    let instant = zone(lookup, office).and_then(|zone| local.and_local_timezone(zone).latest());
    instant.map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
}

fn zone(lookup: &Lookup, office: &str) -> Option<chrono_tz::Tz> {
    lookup.office(office).and_then(|office| office.zone.as_deref()).and_then(|zone| zone.parse().ok())
}

#[cfg(test)]
mod tests {
    use customs_references_contract::ReferenceSnapshot;

    use super::*;

    #[test]
    fn a_decision_is_pinned_to_the_package_of_rules_of_its_day() {
        let on = |day: &str| {
            let at = day.parse().unwrap();
            ruleset(&Lookup::from(ReferenceSnapshot { at, ..ReferenceSnapshot::default() }))
        };
        assert_eq!(on("2026-06-01"), on("2026-12-31"), "one package of rules, the same reference data");
        assert_ne!(on("2026-12-31"), on("2027-01-01"), "another package");
    }
}
