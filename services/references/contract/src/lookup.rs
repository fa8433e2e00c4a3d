//! Look-ups in memory, made from a snapshot: whether a code exists, what an office does.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    AEO, AuthorisedParty, CodeSet, PartyRole, ReferenceSnapshot, RestrictedGoods, SnapshotList,
    SnapshotOffice,
};

/// What validation asks about a customs office.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OfficeFacts {
    /// Country, two letters.
    pub country: String,
    /// Roles, such as `DEP`, with a space between.
    pub roles: String,
    /// Time zone by the IANA data base, where known.
    pub zone: Option<String>,
}

impl OfficeFacts {
    /// Whether the office has `role`.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.split(' ').any(|own| own == role)
    }
}

/// Everything that validation looks up, ready for asking a million times.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    number: i64,
    version: String,
    at: NaiveDate,
    stale_on: Option<NaiveDate>,
    lists: HashMap<String, CodeSet>,
    offices: HashMap<String, OfficeFacts>,
    restricted: Vec<RestrictedGoods>,
    route_countries: CodeSet,
    suspended: CodeSet,
    authorised: HashMap<String, Vec<PartyRole>>,
}

/// Whether an economic operator holds an authorisation, by the register.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Authorised {
    /// It holds it, under this number.
    Yes,
    /// It holds one of this type, but under another number.
    OtherNumber,
    /// It holds none of this type.
    No,
}

impl From<ReferenceSnapshot> for Lookup {
    fn from(snapshot: ReferenceSnapshot) -> Self {
        let ReferenceSnapshot { number, version, at, stale_on, lists, offices, restricted, .. } = snapshot;
        Self {
            number,
            version,
            at,
            stale_on,
            lists: lists.into_iter().map(|list| (list.name, CodeSet::from_lines(&list.codes))).collect(),
            offices: offices
                .into_iter()
                .map(|office| {
                    let facts =
                        OfficeFacts { country: office.country, roles: office.roles, zone: office.zone };
                    (office.id, facts)
                })
                .collect(),
            restricted,
            route_countries: CodeSet::from_lines(&snapshot.route_countries.join("\n")),
            suspended: CodeSet::from_lines(&snapshot.suspended.join("\n")),
            authorised: snapshot.authorised.into_iter().map(|party| (party.eori, party.roles)).collect(),
        }
    }
}

impl From<&Lookup> for ReferenceSnapshot {
    fn from(lookup: &Lookup) -> Self {
        let mut lists: Vec<SnapshotList> = lookup
            .lists
            .iter()
            .map(|(name, codes)| SnapshotList { name: name.clone(), codes: codes.lines() })
            .collect();
        lists.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        let mut offices: Vec<SnapshotOffice> = lookup
            .offices
            .iter()
            .map(|(id, facts)| SnapshotOffice {
                id: id.clone(),
                country: facts.country.clone(),
                roles: facts.roles.clone(),
                zone: facts.zone.clone(),
            })
            .collect();
        offices.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        let mut authorised: Vec<AuthorisedParty> = lookup
            .authorised
            .iter()
            .map(|(eori, roles)| AuthorisedParty { eori: eori.clone(), roles: roles.clone() })
            .collect();
        authorised.sort_unstable_by(|one, other| one.eori.cmp(&other.eori));
        Self {
            number: lookup.number,
            version: lookup.version.clone(),
            at: lookup.at,
            stale_on: lookup.stale_on,
            lists,
            offices,
            restricted: lookup.restricted.clone(),
            route_countries: lookup.route_countries.iter().map(ToOwned::to_owned).collect(),
            suspended: lookup.suspended.iter().map(ToOwned::to_owned).collect(),
            authorised,
        }
    }
}

impl Lookup {
    /// Number of the version it was made from.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.number
    }

    /// The version it was made from: what a receipt cites.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The day for which it holds.
    #[must_use]
    pub const fn at(&self) -> NaiveDate {
        self.at
    }

    /// Whether it still holds on `day`, as far as its own dates tell.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.at <= day && self.stale_on.is_none_or(|stale| day < stale)
    }

    /// Whether there is a list named `list`.
    #[must_use]
    pub fn has_list(&self, list: &str) -> bool {
        self.lists.contains_key(list)
    }

    /// Whether `code` may be used from `list`; an unknown list has no codes.
    #[must_use]
    pub fn has(&self, list: &str, code: &str) -> bool {
        self.lists.get(list).is_some_and(|codes| codes.contains(code))
    }

    /// The codes of `list`, if there is one.
    #[must_use]
    pub fn list(&self, list: &str) -> Option<&CodeSet> {
        self.lists.get(list)
    }

    /// The names of the lists, in no order.
    pub fn lists(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(String::as_str)
    }

    /// Whether any customs office is known.
    #[must_use]
    pub fn has_offices(&self) -> bool {
        !self.offices.is_empty()
    }

    /// What is known of the customs office `id`.
    #[must_use]
    pub fn office(&self, id: &str) -> Option<&OfficeFacts> {
        self.offices.get(id)
    }

    /// Whether the customs office `id` exists and has `role`.
    #[must_use]
    pub fn office_has_role(&self, id: &str, role: &str) -> bool {
        self.office(id).is_some_and(|office| office.has_role(role))
    }

    /// The restrictions on `commodity` for goods that come from or go to any of `countries`.
    pub fn restrictions<'a>(
        &'a self,
        commodity: &'a str,
        countries: &'a [&'a str],
    ) -> impl Iterator<Item = &'a RestrictedGoods> {
        self.restricted.iter().filter(move |measure| {
            commodity.starts_with(&measure.prefix)
                && measure.country.as_deref().is_none_or(|country| countries.contains(&country))
        })
    }

    /// Whether transit may pass through `country`.
    #[must_use]
    pub fn may_pass(&self, country: &str) -> bool {
        self.route_countries.contains(country)
    }

    /// Whether the economic operator `eori` may not file at present.
    #[must_use]
    pub fn is_suspended(&self, eori: &str) -> bool {
        self.suspended.contains(eori)
    }

    /// Whether the register has any economic operator with an authorisation that simplifies transit.
    #[must_use]
    pub fn has_authorised(&self) -> bool {
        !self.authorised.is_empty()
    }

    /// Whether the register has authorisations of the economic operator `eori`.
    #[must_use]
    pub fn knows_authorisations_of(&self, eori: &str) -> bool {
        self.authorised.contains_key(eori)
    }

    /// Whether the economic operator `eori` is an authorised one (AEO).
    #[must_use]
    pub fn is_aeo(&self, eori: &str) -> bool {
        self.authorised.get(eori).is_some_and(|roles| roles.iter().any(|role| role.role == AEO))
    }

    /// Whether the economic operator `eori` holds an authorisation of the type `kind` under the number `reference`; an
    /// entry without a number is good for any.
    #[must_use]
    pub fn authorised(&self, eori: &str, kind: &str, reference: &str) -> Authorised {
        let roles = self.authorised.get(eori).into_iter().flatten();
        roles.filter(|role| role.role == kind).fold(Authorised::No, |found, role| {
            let fits = role.reference.as_deref().is_none_or(|own| own == reference);
            if fits || found == Authorised::Yes { Authorised::Yes } else { Authorised::OtherNumber }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RestrictionEffect;

    fn lookup() -> Lookup {
        Lookup::from(snapshot())
    }

    fn role(role: &str, reference: Option<&str>) -> PartyRole {
        PartyRole { role: role.to_owned(), reference: reference.map(str::to_owned) }
    }

    fn snapshot() -> ReferenceSnapshot {
        ReferenceSnapshot {
            at: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
            stale_on: NaiveDate::from_ymd_opt(2026, 11, 3),
            lists: vec![SnapshotList { name: "GuaranteeType".to_owned(), codes: "0\n1\n2".to_owned() }],
            offices: vec![SnapshotOffice {
                id: "KZKRG001".to_owned(),
                country: "KZ".to_owned(),
                roles: "DEP TRA".to_owned(),
                zone: None,
            }],
            restricted: vec![RestrictedGoods {
                id: uuid::Uuid::nil(),
                prefix: "93".to_owned(),
                country: Some("UZ".to_owned()),
                effect: RestrictionEffect::Refuse,
                reason: "arms".to_owned(),
                valid_from: NaiveDate::default(),
                valid_to: None,
            }],
            route_countries: vec!["KZ".to_owned()],
            suspended: vec!["KZ1".to_owned()],
            authorised: vec![AuthorisedParty {
                eori: "KZ2".to_owned(),
                roles: vec![role(AEO, None), role("C521", Some("A1")), role("C523", None)],
            }],
            ..ReferenceSnapshot::default()
        }
    }

    #[test]
    fn a_lookup_gives_back_the_snapshot_it_was_made_from() {
        assert_eq!(ReferenceSnapshot::from(&lookup()), snapshot());
    }

    #[test]
    fn an_authorisation_is_held_by_type_and_number() {
        let lookup = lookup();
        assert_eq!(lookup.authorised("KZ2", "C521", "A1"), Authorised::Yes);
        assert_eq!(lookup.authorised("KZ2", "C521", "A2"), Authorised::OtherNumber);
        assert_eq!(
            lookup.authorised("KZ2", "C523", "whatever"),
            Authorised::Yes,
            "it was entered without a number"
        );
        assert_eq!(lookup.authorised("KZ2", "C524", "A1"), Authorised::No);
        assert_eq!(lookup.authorised("KZ3", "C521", "A1"), Authorised::No);
        assert!(lookup.is_aeo("KZ2") && !lookup.is_aeo("KZ3") && lookup.has_authorised());
    }

    #[test]
    fn only_what_simplifies_transit_is_looked_up() {
        for (word, looked_up) in
            [("AEO", true), ("C521", true), ("CARRIER", false), ("C5", false), ("HOLDER", false)]
        {
            assert_eq!(role(word, None).simplifies_transit(), looked_up, "{word}");
        }
    }

    #[test]
    fn a_code_is_known_only_in_its_own_list() {
        let lookup = lookup();
        assert!(lookup.has("GuaranteeType", "1"));
        assert!(!lookup.has("GuaranteeType", "9"));
        assert!(!lookup.has("GuaranteeType", ""));
        assert!(!lookup.has("Nothing", "1"));
    }

    #[test]
    fn an_office_is_known_by_its_roles() {
        let lookup = lookup();
        assert!(lookup.office_has_role("KZKRG001", "TRA"));
        assert!(!lookup.office_has_role("KZKRG001", "DES"));
        assert!(!lookup.office_has_role("KZXXX001", "TRA"));
    }

    #[test]
    fn a_restriction_counts_for_its_country_and_prefix() {
        let lookup = lookup();
        assert_eq!(lookup.restrictions("930100", &["KZ", "UZ"]).count(), 1);
        assert_eq!(lookup.restrictions("930100", &["KZ"]).count(), 0);
        assert_eq!(lookup.restrictions("940100", &["UZ"]).count(), 0);
    }

    #[test]
    fn a_lookup_is_stale_on_the_day_when_something_begins_or_ends() {
        let lookup = lookup();
        assert!(lookup.holds_on(NaiveDate::from_ymd_opt(2026, 11, 2).unwrap()));
        assert!(!lookup.holds_on(NaiveDate::from_ymd_opt(2026, 11, 3).unwrap()));
        assert!(!lookup.holds_on(NaiveDate::from_ymd_opt(2026, 10, 31).unwrap()));
    }
}
