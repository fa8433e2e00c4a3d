//! The tables of the demo nation, read from the text files beside this one.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use customs_references_contract::{OfficeHours, PartyAddress, PartyRole, RegisterParty, RestrictionEffect};

use crate::{
    dataset::OFFICE_LIST,
    entry::{Draft, OfficeProperties},
};

const LISTS: &str = include_str!("lists.tbl");
const COUNTRIES: &str = include_str!("countries.tbl");
const OFFICES: &str = include_str!("offices.tbl");
const COMMODITIES: &str = include_str!("commodities.tbl");
const OPERATORS: &str = include_str!("operators.tbl");

/// All tables, for their hash.
pub(super) const ALL: &[&str] = &[LISTS, COUNTRIES, OFFICES, COMMODITIES];

/// First day of everything in the demo nation.
const SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2022, 1, 1);

/// The lists of countries and the mark that puts a country into each; no mark: every country.
const COUNTRY_LISTS: &[(&str, Option<char>)] = &[
    ("Country", None),
    ("CountryAddressPostcodeBased", Some('B')),
    ("CountryAddressPostcodeOnly", Some('O')),
    ("CountryCodesCTC", Some('T')),
    ("CountryCodesCommonTransit", Some('C')),
    ("CountryCodesCommunity", Some('U')),
    ("CountryCodesForAddress", None),
    ("CountryCodesFullList", None),
    ("CountryCustomsSecurityAgreementArea", Some('S')),
    ("CountryWithoutZip", Some('Z')),
    ("Nationality", None),
];

/// Goods under a restriction: first digits, what follows, why.
pub(super) const RESTRICTIONS: &[(&str, RestrictionEffect, &str)] = &[
    ("9301", RestrictionEffect::Refuse, "Military weapons do not travel under common transit."),
    ("9302", RestrictionEffect::Control, "Firearms are examined at the office of departure."),
];

type List = (String, Vec<Draft>);

/// Every list with its entries.
pub(super) fn lists() -> Result<Vec<List>, String> {
    let mut lists = code_lists()?;
    let countries = rows(COUNTRIES);
    for (list, mark) in COUNTRY_LISTS {
        let within = countries
            .iter()
            .filter(|row| mark.is_none_or(|mark| row.get(4).is_some_and(|marks| marks.contains(mark))));
        lists.push(((*list).to_owned(), within.map(|row| entry(row)).collect::<Result<_, _>>()?));
    }
    let commodities = rows(COMMODITIES).iter().map(|row| entry(row)).collect::<Result<_, _>>()?;
    lists.push(("HScode".to_owned(), commodities));
    let offices = rows(OFFICES).iter().map(|row| office(row)).collect::<Result<_, _>>()?;
    lists.push((OFFICE_LIST.to_owned(), offices));
    Ok(lists)
}

/// The countries through which transit may pass.
pub(super) fn route_countries() -> Vec<&'static str> {
    let countries = rows(COUNTRIES).into_iter();
    countries
        .filter(|row| row.get(4).is_some_and(|marks| marks.contains(['C', 'R'])))
        .filter_map(|row| row.first().copied())
        .collect()
}

/// The operators of the register.
pub(super) fn operators() -> Result<Vec<RegisterParty>, String> {
    rows(OPERATORS).iter().map(|row| operator(row)).collect()
}

fn operator(row: &[&str]) -> Result<RegisterParty, String> {
    let [eori, name, street, postcode, city, roles] = row else {
        return Err(format!("{row:?} is not an operator"));
    };
    let role = |word: &str| {
        let (role, reference) = word.split_once(':').map_or((word, None), |(role, one)| (role, Some(one)));
        PartyRole { role: role.to_owned(), reference: reference.map(str::to_owned) }
    };
    Ok(RegisterParty {
        eori: (*eori).to_owned(),
        name: (*name).to_owned(),
        address: PartyAddress {
            street_and_number: (*street).to_owned(),
            postcode: Some((*postcode).to_owned()),
            city: (*city).to_owned(),
            country: eori.get(..2).unwrap_or_default().to_owned(),
        },
        roles: roles.split(' ').map(role).collect(),
        valid_from: SINCE,
        valid_to: None,
    })
}

/// The lines of a table that are neither empty nor a remark, each cut into its cells.
fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('|').collect()).collect()
}

fn code_lists() -> Result<Vec<List>, String> {
    let mut lists: Vec<List> = Vec::new();
    for row in rows(LISTS) {
        match row.first().and_then(|cell| cell.strip_prefix("= ")) {
            Some(heading) => lists.push(begin(heading, &lists)?),
            None => lists.last_mut().ok_or("a code stands before the first list")?.1.push(entry(&row)?),
        }
    }
    Ok(lists)
}

/// The list under `heading`, with the codes that it takes from a list above.
fn begin(heading: &str, above: &[List]) -> Result<List, String> {
    let Some((name, source)) = heading.split_once(" < ") else {
        return Ok((heading.to_owned(), Vec::new()));
    };
    let (source, codes) = source.split_once(": ").ok_or_else(|| format!("{name} names no codes"))?;
    let known: BTreeMap<&str, &Draft> = above
        .iter()
        .find(|(list, _)| list == source)
        .map(|(_, drafts)| drafts.iter().map(|draft| (draft.code.as_str(), draft)).collect())
        .ok_or_else(|| format!("{name} takes codes from {source}, which does not stand above"))?;
    let taken = codes.split(' ').map(|code| {
        let draft = known.get(code).ok_or_else(|| format!("{name} takes {code}, which {source} has not"))?;
        Ok::<_, String>((*draft).clone())
    });
    Ok((name.to_owned(), taken.collect::<Result<_, _>>()?))
}

fn names(cells: &[&str]) -> Vec<(String, String)> {
    ["en", "ru", "kk"].iter().zip(cells).map(|(one, two)| ((*one).to_owned(), (*two).to_owned())).collect()
}

fn entry(row: &[&str]) -> Result<Draft, String> {
    match row {
        [code, names_of @ ..] if names_of.len() >= 3 => {
            let draft = Draft { code: (*code).to_owned(), valid_from: SINCE, ..Draft::default() };
            Ok(draft.named(names(names_of)))
        }
        _ => Err(format!("{row:?} has no code with three names")),
    }
}

fn office(row: &[&str]) -> Result<Draft, String> {
    let [id, roles, zone, hours, en, ru, kk, language, local] = row else {
        return Err(format!("{row:?} is not an office"));
    };
    let facts = OfficeProperties {
        country: id.get(..2).unwrap_or_default().to_owned(),
        zone: Some((*zone).to_owned()),
        phone: None,
        hours: open(hours),
    };
    let mut named = names(&[en, ru, kk]);
    if !language.is_empty() {
        named.push(((*language).to_owned(), (*local).to_owned()));
    }
    let draft =
        Draft { code: (*id).to_owned(), valid_from: SINCE, tags: format!(" {roles} "), ..Draft::default() };
    let properties = serde_json::to_string(&facts).map_err(|error| error.to_string())?;
    Ok(Draft { properties, ..draft.named(named) })
}

/// `24` is day and night, `09:00-18:00` the working days.
fn open(hours: &str) -> Vec<OfficeHours> {
    let (last_day, opens, closes) = match hours.split_once('-') {
        Some((opens, closes)) => (5, opens, closes),
        None => (7, "00:00", "24:00"),
    };
    vec![OfficeHours { first_day: 1, last_day, opens: opens.to_owned(), closes: closes.to_owned() }]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use customs_kernel::OfficeCode;

    use super::*;

    #[test]
    fn every_code_stands_once_and_has_three_names() {
        for (list, drafts) in lists().unwrap() {
            let codes: BTreeSet<_> = drafts.iter().map(|draft| &draft.code).collect();
            assert_eq!(codes.len(), drafts.len(), "{list}");
            for draft in &drafts {
                let labels: BTreeMap<String, String> = serde_json::from_str(&draft.labels).unwrap();
                let complete = ["en", "ru", "kk"]
                    .iter()
                    .all(|one| labels.get(*one).is_some_and(|name| !name.is_empty()));
                assert!(complete, "{list} {}", draft.code);
            }
        }
    }

    #[test]
    fn the_offices_of_the_corridor_have_their_roles() {
        let (_, offices) = lists().unwrap().pop().unwrap();
        for office in &offices {
            office.code.parse::<OfficeCode>().unwrap();
        }
        let roles = |id: &str| offices.iter().find(|office| office.code == id).unwrap().tags.clone();
        for (id, role) in
            [("KZALA001", " DEP "), ("KZKRD001", " EXT "), ("KGAKZ001", " TRA "), ("UZTAS001", " DES ")]
        {
            assert!(roles(id).contains(role), "{id} {role}");
        }
    }

    #[test]
    fn the_operators_hold_what_their_movements_name() {
        let operators = operators().unwrap();
        let holds = |eori: &str, role: &str| {
            operators.iter().any(|one| one.eori == eori && one.roles.iter().any(|own| own.role == role))
        };
        assert!(holds("KZ150640012341", "C521") && holds("KZ150640012341", "AEO"));
        assert!(holds("KZ110240019832", "C522") && !holds("KZ110240019832", "C521"));
    }

    #[test]
    fn transit_may_pass_the_corridor() {
        let countries = route_countries();
        assert!(["KZ", "KG", "UZ", "CN", "DE"].iter().all(|country| countries.contains(country)));
        assert!(!countries.contains(&"AF"));
    }
}
