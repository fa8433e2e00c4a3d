//! The demo nation as tables: nobody in them exists, and every number has its check digit.

use customs_web_broker_contract::{MemberRole, NumberScheme, PartyKind};

/// An organisation of the demo nation.
#[derive(Clone, Copy, Debug)]
pub struct DemoOrganisation {
    /// EORI: country and national number.
    pub eori: &'static str,
    /// Name as registered: the O of its people's certificates.
    pub name: &'static str,
    /// Address, from street to town.
    pub address_lines: &'static [&'static str],
    /// Country of its seat.
    pub country: &'static str,
    /// Register of its national number.
    pub scheme: NumberScheme,
    /// Its national number.
    pub number: &'static str,
    /// What it does before customs.
    pub kind: PartyKind,
}

/// A person of the demo nation, who acts for one of its organisations.
#[derive(Clone, Copy, Debug)]
pub struct DemoPerson {
    /// Log-in name, and name of the key file.
    pub login: &'static str,
    /// Name as registered: the CN of the certificate.
    pub common_name: &'static str,
    /// Register of the person's number.
    pub scheme: NumberScheme,
    /// The person's number.
    pub number: &'static str,
    /// Register of the organisation's number.
    pub organisation_scheme: NumberScheme,
    /// The organisation's number.
    pub organisation_number: &'static str,
    /// Name of the organisation: the O of the certificate.
    pub organisation: &'static str,
    /// EORI of the organisation.
    pub eori: &'static str,
    /// Country of the organisation: the C of the certificate.
    pub country: &'static str,
    /// What the person is there.
    pub roles: &'static [MemberRole],
    /// Customs offices where the person serves.
    pub offices: &'static [&'static str],
}

const ALTYN_ZHOL: DemoOrganisation = DemoOrganisation {
    eori: "KZ150640012341",
    name: "Altyn Zhol Trade LLP",
    address_lines: &["Raiymbek Avenue 212", "050016 Almaty"],
    country: "KZ",
    scheme: NumberScheme::KzBin,
    number: "150640012341",
    kind: PartyKind::Declarant,
};

const KORGAS_BROKER: DemoOrganisation = DemoOrganisation {
    eori: "KZ090340005176",
    name: "Korgas Customs Broker LLP",
    address_lines: &["Zheltoqsan Street 5", "041321 Zharkent"],
    country: "KZ",
    scheme: NumberScheme::KzBin,
    number: "090340005176",
    kind: PartyKind::Broker,
};

const ZHIBEK: DemoOrganisation = DemoOrganisation {
    eori: "KZ110240019832",
    name: "Zhibek Logistics",
    address_lines: &["Suyunbay Avenue 89", "050014 Almaty"],
    country: "KZ",
    scheme: NumberScheme::KzBin,
    number: "110240019832",
    kind: PartyKind::Carrier,
};

const NOMAD: DemoOrganisation = DemoOrganisation {
    eori: "KZ060840033025",
    name: "Nomad Transit Insurance JSC",
    address_lines: &["Dostyk Avenue 180", "050051 Almaty"],
    country: "KZ",
    scheme: NumberScheme::KzBin,
    number: "060840033025",
    kind: PartyKind::Guarantor,
};

/// A broker whom the register does not know yet.
const DOSTYK: DemoOrganisation = DemoOrganisation {
    eori: "KZ200240018348",
    name: "Dostyk Customs Services LLP",
    address_lines: &["Kabanbay Batyr Avenue 17", "010000 Astana"],
    country: "KZ",
    scheme: NumberScheme::KzBin,
    number: "200240018348",
    kind: PartyKind::Broker,
};

const CUSTOMS_KZ: DemoOrganisation = DemoOrganisation {
    eori: "KZ040440007612",
    name: "Customs Service of Kazakhstan (demo)",
    address_lines: &["Beibitshilik Street 10", "010000 Astana"],
    country: "KZ",
    scheme: NumberScheme::KzBin,
    number: "040440007612",
    kind: PartyKind::Customs,
};

const CUSTOMS_KG: DemoOrganisation = DemoOrganisation {
    eori: "KG01207200110059",
    name: "Customs Service of Kyrgyzstan (demo)",
    address_lines: &["Baitik Baatyr Street 4", "720020 Bishkek"],
    country: "KG",
    scheme: NumberScheme::KgTin,
    number: "01207200110059",
    kind: PartyKind::Customs,
};

const CUSTOMS_UZ: DemoOrganisation = DemoOrganisation {
    eori: "UZ200843571",
    name: "Customs Service of Uzbekistan (demo)",
    address_lines: &["Islam Karimov Street 3", "100003 Tashkent"],
    country: "UZ",
    scheme: NumberScheme::UzTin,
    number: "200843571",
    kind: PartyKind::Customs,
};

/// EORI of the declarant who lets the broker act.
pub(super) const DECLARANT: &str = ALTYN_ZHOL.eori;
/// EORI of the broker who may act.
pub(super) const BROKER: &str = KORGAS_BROKER.eori;

/// Every organisation of the demo nation.
pub const ORGANISATIONS: &[DemoOrganisation] =
    &[ALTYN_ZHOL, KORGAS_BROKER, ZHIBEK, NOMAD, CUSTOMS_KZ, CUSTOMS_KG, CUSTOMS_UZ];

/// The register most people of the nation stand in.
const IIN: NumberScheme = NumberScheme::KzIin;

/// Everybody in the demo nation, one log-in each.
pub const DEMO: &[DemoPerson] = &[
    person(
        "declarant",
        "Aigerim Sadykova",
        (IIN, "901122401178"),
        &ALTYN_ZHOL,
        &[MemberRole::Declarant],
        &[],
    ),
    person("broker", "Daniyar Omarov", (IIN, "850314300211"), &KORGAS_BROKER, &[MemberRole::Broker], &[]),
    person("carrier", "Yerlan Tulegenov", (IIN, "790928302669"), &ZHIBEK, &[MemberRole::Carrier], &[]),
    person("insurer", "Saule Akhmetova", (IIN, "880705350427"), &NOMAD, &[MemberRole::Guarantor], &[]),
    person(
        "officer-departure",
        "Nurlan Bekov",
        (IIN, "830111450930"),
        &CUSTOMS_KZ,
        &[MemberRole::OfficerOfDeparture],
        &["KZALA001", "KZKRG001"],
    ),
    person(
        "officer-transit-kz",
        "Madina Iskakova",
        (IIN, "761212450312"),
        &CUSTOMS_KZ,
        &[MemberRole::OfficerOfTransit],
        &["KZKRD001"],
    ),
    person(
        "officer-transit-kg",
        "Azamat Toktosunov",
        (NumberScheme::KgPin, "21503198800412"),
        &CUSTOMS_KG,
        &[MemberRole::OfficerOfTransit],
        &["KGAKZ001", "KGOSH001"],
    ),
    person(
        "officer-transit-uz",
        "Dilshod Karimov",
        (NumberScheme::UzPin, "30411860170025"),
        &CUSTOMS_UZ,
        &[MemberRole::OfficerOfTransit],
        &["UZDST001"],
    ),
    person(
        "officer-destination",
        "Nodira Yusupova",
        (NumberScheme::UzPin, "42307910190036"),
        &CUSTOMS_UZ,
        &[MemberRole::OfficerOfDestination],
        &["UZTAS001"],
    ),
    person(
        "officer-training",
        "Marat Seitkali",
        (IIN, "770419300205"),
        &CUSTOMS_KZ,
        &[MemberRole::OfficerOfDeparture, MemberRole::OfficerOfTransit, MemberRole::OfficerOfDestination],
        &["GB000246", "GB000060", "XI000142", "XI000081", "XI005160"],
    ),
    person(
        "administrator",
        "Timur Abenov",
        (IIN, "810515300881"),
        &CUSTOMS_KZ,
        &[MemberRole::Administrator],
        &[],
    ),
    person(
        "administrator-second",
        "Zhanar Ospanova",
        (IIN, "860401450318"),
        &CUSTOMS_KZ,
        &[MemberRole::Administrator],
        &[],
    ),
];

/// Somebody with a key whom the register does not know yet: to try how one applies.
pub const NEWCOMER: DemoPerson =
    person("newcomer", "Aliya Nurlanova", (IIN, "920517400316"), &DOSTYK, &[MemberRole::Broker], &[]);

const fn person(
    login: &'static str,
    common_name: &'static str,
    (scheme, number): (NumberScheme, &'static str),
    organisation: &DemoOrganisation,
    roles: &'static [MemberRole],
    offices: &'static [&'static str],
) -> DemoPerson {
    DemoPerson {
        login,
        common_name,
        scheme,
        number,
        organisation_scheme: organisation.scheme,
        organisation_number: organisation.number,
        organisation: organisation.name,
        eori: organisation.eori,
        country: organisation.country,
        roles,
        offices,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use customs_web_broker_contract::NationalNumber;

    use super::*;
    use crate::national_number::check;

    #[test]
    fn every_number_of_the_nation_holds() {
        let people = DEMO.iter().chain([&NEWCOMER]).map(|demo| (demo.scheme, demo.number));
        let organisations = ORGANISATIONS.iter().chain([&DOSTYK]).map(|demo| (demo.scheme, demo.number));
        for (scheme, number) in people.chain(organisations) {
            assert_eq!(check(&NationalNumber { scheme, number: number.to_owned() }), Ok(()), "{number}");
        }
    }

    #[test]
    fn nobody_and_nothing_stands_twice() {
        let logins: HashSet<_> = DEMO.iter().map(|demo| demo.login).collect();
        let numbers: HashSet<_> = DEMO.iter().map(|demo| demo.number).collect();
        let eoris: HashSet<_> = ORGANISATIONS.iter().map(|demo| demo.eori).collect();
        assert_eq!((logins.len(), numbers.len()), (DEMO.len(), DEMO.len()));
        assert_eq!(eoris.len(), ORGANISATIONS.len());
    }

    #[test]
    fn an_eori_is_country_and_national_number() {
        for demo in ORGANISATIONS {
            assert_eq!(demo.eori, format!("{}{}", demo.country, demo.number));
        }
    }
}
