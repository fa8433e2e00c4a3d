//! The particulars of a guarantee in IE037: owner, guarantor, and what the certificate or the voucher says.

use customs_guarantees_contract::GuaranteeContract;
use customs_messages::{Element, Phase, definition, outgoing::Facts};
use customs_references_contract::RegisteredParty;

use crate::transit::day;

/// The most countries that one answer names.
const COUNTRIES_MAX: usize = 99;

/// The groups below `place`, as far as the register has the `parties` and the type of the guarantee has them.
///
/// An individual guarantee by undertaking has none of its own: it is not bound to offices, which its group must name.
pub(super) fn told(
    facts: Facts,
    (phase, place): (Phase, &str),
    contract: &GuaranteeContract,
    parties: &[RegisteredParty],
) -> Facts {
    let party = |eori: &str| parties.iter().find(|party| party.eori == eori);
    let guarantor = party(&contract.guarantor).filter(|_| contract.guarantor_kind.is_some());
    let facts = seat(facts, (phase, place), "Owner", party(&contract.owner));
    let facts = seat(facts, (phase, place), "Guarantor", guarantor);
    match contract.guarantee_type.as_str() {
        "0" | "1" => certificate(facts, &format!("{place}ComprehensiveGuarantee"), contract),
        "4" => voucher(facts, &format!("{place}IndividualGuaranteeVoucher"), contract),
        _ => facts,
    }
}

/// A party by name and address, unless the message cannot say it: phase 5 knows guarantors of few countries only.
fn seat(facts: Facts, (phase, place): (Phase, &str), group: &str, party: Option<&RegisteredParty>) -> Facts {
    let Some(party) = party else { return facts };
    let address = &party.address;
    let values = [
        ("identificationNumber", Some(party.eori.as_str())),
        ("name", Some(party.name.as_str())),
        ("Address/streetAndNumber", Some(address.street_and_number.as_str())),
        ("Address/postcode", address.postcode.as_deref()),
        ("Address/city", Some(address.city.as_str())),
        ("Address/country", Some(address.country.as_str())),
    ];
    let answer = definition("CC037C", phase);
    let fits = |(name, value): &(&str, Option<&str>)| {
        let element = answer.and_then(|answer| answer.element(&format!("GuaranteeReference/{group}/{name}")));
        let format = element.and_then(Element::format);
        value.is_none_or(|value| format.is_some_and(|format| format.fault(value).is_none()))
    };
    if !values.iter().all(fits) {
        return facts;
    }
    values
        .into_iter()
        .fold(facts, |facts, (name, value)| facts.with_some(format!("{place}{group}/{name}"), value))
}

/// A comprehensive guarantee insures its reference amount, or the share of it that was granted; a waiver nothing of it.
fn certificate(facts: Facts, group: &str, contract: &GuaranteeContract) -> Facts {
    let at = |name: &str| format!("{group}/{name}");
    let waived = contract.guarantee_type == "0";
    let insured = &contract.insured_amount;
    let mut facts = facts
        .with(at("referenceAmount"), contract.reference_amount.amount.as_str())
        .with_some(at("percentageOfReferenceAmount"), (!waived).then(|| contract.level_percent.to_string()))
        .with(at("guaranteeAmount"), if waived { "0" } else { insured.amount.as_str() })
        .with(at("currency"), insured.currency.as_str())
        .with(at("numberOfCertificates"), "1")
        .with(at("validityStartDate"), contract.valid_from.to_string())
        .with(at("validityEndDate"), contract.valid_until.to_string())
        .with_some(at("liabilityLiberationDate"), contract.cancelled_on.map(|day| day.to_string()))
        .with(at("restrictedUseForSuspendedGoods"), "0");
    for (number, country) in (1..).zip(contract.not_valid_in.iter().take(COUNTRIES_MAX)) {
        facts = facts
            .with(at(&format!("ValidityLimitation[{number}]/sequenceNumber")), number.to_string())
            .with(at(&format!("ValidityLimitation[{number}]/guaranteeNotValidIn")), country.as_str());
    }
    facts
}

fn voucher(facts: Facts, group: &str, contract: &GuaranteeContract) -> Facts {
    let at = |name: &str| format!("{group}/{name}");
    facts
        .with(at("issueDate"), day(contract.decided_at.unwrap_or(contract.proposed_at)))
        .with(at("expiryDate"), contract.valid_until.to_string())
        .with(at("copyGiven"), "0")
        .with(at("TIRCarnet"), "0")
        .with(at("voucherAmount"), contract.insured_amount.amount.as_str())
        .with(at("currency"), contract.insured_amount.currency.as_str())
}

#[cfg(test)]
mod tests {
    use customs_guarantees_contract::GuaranteeMoney;
    use customs_messages::{
        Document,
        outgoing::{self, Header},
    };
    use customs_references_contract::PartyAddress;

    use super::*;

    fn money(amount: &str) -> GuaranteeMoney {
        GuaranteeMoney { amount: amount.to_owned(), currency: "EUR".to_owned() }
    }

    fn contract(kind: &str) -> GuaranteeContract {
        GuaranteeContract {
            id: uuid::Uuid::nil(),
            grn: Some("26KZ0000000000017".to_owned()),
            guarantee_type: kind.to_owned(),
            guarantor: "KZ2".to_owned(),
            guarantor_kind: (kind != "0").then(|| "insurer".to_owned()),
            owner: "KZ1".to_owned(),
            office_of_guarantee: "KZALA001".to_owned(),
            valid_from: chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            valid_until: chrono::NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
            insured_amount: money("1000.00"),
            level_percent: if kind == "0" { 0 } else { 50 },
            reference_amount: money(if kind == "1" { "2000.00" } else { "1000.00" }),
            levels: Vec::new(),
            running_total: money("0.00"),
            available: money("1000.00"),
            called: money("0.00"),
            paid: money("0.00"),
            headroom_percent: 100,
            alert: "none".to_owned(),
            warn_at_percent: vec![80, 95],
            open_uses: 0,
            payment_terms: String::new(),
            liabilities: String::new(),
            not_valid_in: vec!["UZ".to_owned(), "TJ".to_owned()],
            proposed_at: chrono::DateTime::UNIX_EPOCH,
            decided_at: None,
            cancelled_on: None,
            state: "active".to_owned(),
            reason: None,
            version: 1,
        }
    }

    fn party(eori: &str) -> RegisteredParty {
        RegisteredParty {
            eori: eori.to_owned(),
            name: format!("Operator {eori}"),
            address: PartyAddress {
                street_and_number: "Abay 1".to_owned(),
                postcode: Some("050000".to_owned()),
                city: "Almaty".to_owned(),
                country: "KZ".to_owned(),
            },
            roles: Vec::new(),
            valid_from: chrono::NaiveDate::default(),
            valid_to: None,
            state: "registered".to_owned(),
            may_file: true,
            suspended_at: None,
            suspended_because: None,
            number: 1,
            etag: String::new(),
        }
    }

    /// IE037 about one guarantee of that type.
    fn answer(kind: &str, phase: Phase, parties: &[RegisteredParty]) -> Document {
        let header = Header {
            sender: "NTA.KZ".to_owned(),
            recipient: "KZ1".to_owned(),
            prepared_at: "2026-11-30T10:00:00".to_owned(),
            identification: "M1".to_owned(),
            correlation: None,
        };
        let facts = Facts::new(&header)
            .with("Requester/identificationNumber", "KZ1")
            .with("Requester/role", "1")
            .with("CustomsOfficeOfGuarantee/referenceNumber", "KZALA001")
            .with("GuaranteeReference/sequenceNumber", "1")
            .with("GuaranteeReference/GRN", "26KZ0000000000017")
            .with("GuaranteeReference/acceptanceDateAndTime", "2026-01-01T00:00:00")
            .with("GuaranteeReference/guaranteeType", kind)
            .with("GuaranteeReference/guaranteeMonitoringCode", "3")
            .with("GuaranteeReference/GuaranteeQuery/queryIdentifier", "4");
        let facts = told(facts, (phase, "GuaranteeReference[1]/"), &contract(kind), parties);
        outgoing::build("CC037C", phase, None, &facts).unwrap()
    }

    #[test]
    fn every_type_has_the_particulars_that_belong_to_it_in_both_phases() {
        let parties = [party("KZ1"), party("KZ2")];
        for phase in [Phase::P5, Phase::P6] {
            for (kind, guarantor, group) in [
                ("0", false, Some("ComprehensiveGuarantee")),
                ("1", true, Some("ComprehensiveGuarantee")),
                ("2", true, None),
                ("4", true, Some("IndividualGuaranteeVoucher")),
            ] {
                let told = answer(kind, phase, &parties);
                let has = |name: &str| told.group(&format!("GuaranteeReference/{name}")).is_some();
                assert!(has("Owner"), "{kind}");
                // The list of countries in phase 5 does not have Kazakhstan.
                assert_eq!(has("Guarantor"), guarantor && phase == Phase::P6, "{kind}");
                for name in ["ComprehensiveGuarantee", "IndividualGuaranteeVoucher"] {
                    assert_eq!(has(name), group == Some(name), "{kind} {name}");
                }
            }
        }
        let certificate = answer("1", Phase::P6, &parties);
        let text = |path: &str| certificate.text(&format!("GuaranteeReference/{path}"));
        assert_eq!(text("Owner/name"), Some("Operator KZ1"));
        assert_eq!(text("ComprehensiveGuarantee/guaranteeAmount"), Some("1000.00"));
        assert_eq!(text("ComprehensiveGuarantee/referenceAmount"), Some("2000.00"));
        assert_eq!(text("ComprehensiveGuarantee/percentageOfReferenceAmount"), Some("50"));
        assert_eq!(text("ComprehensiveGuarantee/ValidityLimitation[2]/guaranteeNotValidIn"), Some("TJ"));
    }

    #[test]
    fn who_is_not_registered_is_not_described() {
        let told = answer("1", Phase::P6, &[]);
        assert!(told.group("GuaranteeReference/Owner").is_none());
        assert!(told.group("GuaranteeReference/Guarantor").is_none());
        assert!(told.group("GuaranteeReference/ComprehensiveGuarantee").is_some());
    }
}
