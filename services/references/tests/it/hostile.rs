//! Hostile input: whatever a client sends is refused as the client's, never broken by.

use chrono::NaiveDate;
use customs_kernel::{Problem, UseCase};
use customs_references_contract::{
    AddRestriction, AddRouteCountry, EndRouteCountry, FindCode, FindCodes, FindOffice, FindOffices,
    FindParties, FindParty, ListChanges, ListCodeLists, ListCodes, ListOffices, ListParties,
    ListRestrictions, ListRouteCountries, ListVersions, PartyAddress, RegisterParty, ReinstateParty,
    RestrictionEffect, SuspendParty, TakeSnapshot, TellSnapshotVersion,
};

use crate::place::{House, on_both};

/// Texts that parsers, databases and patterns stumble over.
const TEXTS: &[&str] = &[
    "",
    "\0",
    "a\0b",
    "%",
    "_",
    "\\",
    "'; DROP TABLE entries; --",
    "$1",
    "?",
    "\u{10ffff}",
    "\u{202e}",
    "Ω≈ç√∫",
    "00",
    "KZ1",
];

fn days() -> Vec<Option<NaiveDate>> {
    vec![None, Some(NaiveDate::MIN), Some(NaiveDate::MAX), NaiveDate::from_ymd_opt(9999, 12, 31)]
}

async fn try_one<U: UseCase>(house: &House, ask: U, tried: &mut Vec<Problem>) {
    if let Err(problem) = house.ask(ask).await {
        assert!(problem.status < 500, "{}: {problem}", U::NAME);
        tried.push(problem);
    }
}

#[test]
fn no_text_and_no_day_breaks_a_question() {
    on_both(|house| async move {
        customs_references::seed::seed(&house.store).await.unwrap();
        let mut tried = Vec::new();
        for text in TEXTS.iter().map(|text| (*text).to_owned()).chain(["x".repeat(100_000)]) {
            for at in days() {
                let (some, list) = (Some(text.clone()), "GuaranteeType".to_owned());
                try_one(&house, FindCode { list: list.clone(), code: text.clone(), at }, &mut tried).await;
                try_one(&house, FindCode { list: text.clone(), code: "1".to_owned(), at }, &mut tried).await;
                let codes = vec![text.clone(), "1".to_owned()];
                try_one(&house, FindCodes { list: list.clone(), codes, at }, &mut tried).await;
                let codes =
                    ListCodes { list: list.clone(), at, search: some.clone(), ..ListCodes::default() };
                try_one(&house, codes, &mut tried).await;
                let codes =
                    ListCodes { list: text.clone(), at, language: some.clone(), ..ListCodes::default() };
                try_one(&house, codes, &mut tried).await;
                try_one(&house, FindOffice { id: text.clone(), at }, &mut tried).await;
                try_one(&house, FindOffices { ids: vec![text.clone()], at }, &mut tried).await;
                let offices = ListOffices { search: some.clone(), at, ..ListOffices::default() };
                try_one(&house, offices, &mut tried).await;
                let offices =
                    ListOffices { country: some.clone(), role: some.clone(), ..ListOffices::default() };
                try_one(&house, offices, &mut tried).await;
                let goods =
                    ListRestrictions { at, commodity_code: some.clone(), ..ListRestrictions::default() };
                try_one(&house, goods, &mut tried).await;
                let routes = ListRouteCountries { at, after: some.clone(), ..ListRouteCountries::default() };
                try_one(&house, routes, &mut tried).await;
                try_one(&house, TellSnapshotVersion { at }, &mut tried).await;
                try_one(&house, TakeSnapshot { at }, &mut tried).await;
            }
            let (some, cursor) = (Some(text.clone()), Some(hex::encode(&text)));
            try_one(&house, FindParty { eori: text.clone() }, &mut tried).await;
            try_one(&house, FindParties { eoris: vec![text.clone()] }, &mut tried).await;
            let parties = ListParties { role: some.clone(), search: some.clone(), ..ListParties::default() };
            try_one(&house, parties, &mut tried).await;
            let parties =
                ListParties { search: some.clone(), after: cursor.clone(), ..ListParties::default() };
            try_one(&house, parties, &mut tried).await;
            let lists = ListCodeLists { first: Some(i32::MIN), after: cursor.clone() };
            try_one(&house, lists, &mut tried).await;
            let versions = ListVersions { dataset: some.clone(), ..ListVersions::default() };
            try_one(&house, versions, &mut tried).await;
            let versions = ListVersions { after: cursor.clone(), ..ListVersions::default() };
            try_one(&house, versions, &mut tried).await;
            let changes = ListChanges { since: i64::MAX, list: some.clone(), first: None, after: cursor };
            try_one(&house, changes, &mut tried).await;
            let changes = ListChanges { since: 0, list: some, first: Some(1), after: None };
            try_one(&house, changes, &mut tried).await;
        }
        assert!(tried.len() > 100);
    });
}

#[test]
fn no_text_and_no_day_breaks_an_effect() {
    on_both(|house| async move {
        let mut tried = Vec::new();
        for text in TEXTS.iter().map(|text| (*text).to_owned()).chain(["x".repeat(100_000)]) {
            for day in days() {
                let party = RegisterParty {
                    eori: "KZ900".to_owned(),
                    name: text.clone(),
                    address: PartyAddress {
                        street_and_number: text.clone(),
                        postcode: Some(text.clone()),
                        city: text.clone(),
                        country: "KZ".to_owned(),
                    },
                    roles: Vec::new(),
                    valid_from: day,
                    valid_to: None,
                };
                try_one(&house, RegisterParty { eori: text.clone(), ..party.clone() }, &mut tried).await;
                try_one(&house, party, &mut tried).await;
                let goods = AddRestriction {
                    prefix: "93".to_owned(),
                    country: None,
                    effect: RestrictionEffect::Control,
                    reason: text.clone(),
                    valid_from: day,
                    valid_to: None,
                };
                try_one(&house, AddRestriction { prefix: text.clone(), ..goods.clone() }, &mut tried).await;
                try_one(&house, goods, &mut tried).await;
                let route = AddRouteCountry { country: "TM".to_owned(), valid_from: day, valid_to: None };
                try_one(&house, route, &mut tried).await;
                let end = EndRouteCountry { country: "TM".to_owned(), valid_to: day };
                try_one(&house, end, &mut tried).await;
            }
            try_one(&house, EndRouteCountry { country: text.clone(), valid_to: None }, &mut tried).await;
            let suspend = SuspendParty { eori: "KZ900".to_owned(), reason: text.clone() };
            try_one(&house, suspend, &mut tried).await;
            let suspend = SuspendParty { eori: text.clone(), reason: "x".to_owned() };
            try_one(&house, suspend, &mut tried).await;
            try_one(&house, ReinstateParty { eori: text.clone() }, &mut tried).await;
        }
        assert!(tried.len() > 100);
    });
}
