//! The register: entering, suspending, reinstating, finding.

use customs_kernel::{Role, problem};
use customs_references_contract::{
    Authorised, FindParties, FindParty, ListParties, ListVersions, Lookup, PartyAddress, PartyRole,
    RegisterParty, ReinstateParty, SuspendParty, TakeSnapshot,
    bus::{PARTY_REGISTERED, PARTY_REINSTATED, PARTY_SUSPENDED, VERSION_ACTIVATED},
    problems::PARTY_STATE,
};

use futures_util::future::join_all;
use sha2::{Digest, Sha256};

use crate::place::{House, caller, noon, on_both};

fn party(eori: &str, name: &str, role: &str) -> RegisterParty {
    RegisterParty {
        eori: eori.to_owned(),
        name: name.to_owned(),
        address: PartyAddress {
            street_and_number: "Abay 1".to_owned(),
            postcode: Some("050000".to_owned()),
            city: "Almaty".to_owned(),
            country: "KZ".to_owned(),
        },
        roles: vec![PartyRole { role: role.to_owned(), reference: Some("AUT-1".to_owned()) }],
        valid_from: None,
        valid_to: None,
    }
}

async fn suspended(house: &House, eori: &str) -> bool {
    Lookup::from(house.ask(TakeSnapshot::default()).await.unwrap()).is_suspended(eori)
}

#[test]
fn a_suspended_party_may_not_file_and_everybody_is_told() {
    on_both(|house| async move {
        let eori = "KZ100000000001";
        house.ask(party(eori, "Steppe Trade", "C521")).await.unwrap();
        assert_eq!(house.deliver().await, [VERSION_ACTIVATED, PARTY_REGISTERED]);
        assert!(house.ask(FindParty { eori: eori.to_owned() }).await.unwrap().may_file);

        let suspend = SuspendParty { eori: eori.to_owned(), reason: "debts".to_owned() };
        let told = house.ask(suspend.clone()).await.unwrap();
        assert_eq!((told.may_file, told.suspended_at), (false, Some(noon())));
        assert!(suspended(&house, eori).await);
        assert_eq!(house.deliver().await, [VERSION_ACTIVATED, PARTY_SUSPENDED]);
        assert!(house.ask(suspend).await.unwrap_err().is(PARTY_STATE));

        let told = house.ask(ReinstateParty { eori: eori.to_owned() }).await.unwrap();
        assert!(told.may_file && told.suspended_because.is_none());
        assert!(!suspended(&house, eori).await);
        assert_eq!(house.deliver().await, [VERSION_ACTIVATED, PARTY_REINSTATED]);
        assert_eq!(house.count("party_history").await, 3);
    });
}

#[test]
fn what_simplifies_transit_is_looked_up_within_its_days_and_nothing_else() {
    on_both(|house| async move {
        let lookup = async || Lookup::from(house.ask(TakeSnapshot::default()).await.unwrap());
        assert!(!lookup().await.has_authorised());
        house.ask(party("KZ1", "Carrier", "CARRIER")).await.unwrap();
        assert_eq!(house.deliver().await, [PARTY_REGISTERED], "nobody looks that up");
        house.ask(party("KZ2", "Consignor", "C521")).await.unwrap();
        let gone = RegisterParty {
            valid_from: Some(noon().date_naive() - chrono::TimeDelta::days(9)),
            valid_to: Some(noon().date_naive()),
            ..party("KZ3", "Was one", "AEO")
        };
        house.ask(gone).await.unwrap();
        let now = lookup().await;
        assert_eq!(now.authorised("KZ2", "C521", "AUT-1"), Authorised::Yes);
        assert!(now.has_authorised() && !now.is_aeo("KZ3") && !now.knows_authorisations_of("KZ1"));
        house.ask(party("KZ2", "Consignor", "HOLDER")).await.unwrap();
        assert_eq!(lookup().await.authorised("KZ2", "C521", "AUT-1"), Authorised::No);
        assert!(house.deliver().await.contains(&VERSION_ACTIVATED.to_owned()));
    });
}

#[test]
fn a_party_that_is_not_registered_is_not_found() {
    on_both(|house| async move {
        let eori = "KZ100000000009".to_owned();
        let problems = [
            house.ask(FindParty { eori: eori.clone() }).await.unwrap_err(),
            house.ask(SuspendParty { eori: eori.clone(), reason: "x".to_owned() }).await.unwrap_err(),
            house.ask(ReinstateParty { eori }).await.unwrap_err(),
        ];
        assert!(problems.iter().all(|problem| problem.is(problem::NOT_FOUND)));
        let bad = house.ask(party("kz", "", "aeo")).await.unwrap_err();
        let pointers: Vec<_> = bad.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/eori", "/name", "/roles/0/role"]);
    });
}

#[test]
fn parties_are_found_by_number_role_and_name_page_by_page() {
    on_both(|house| async move {
        for number in 1..=5 {
            let role = if number % 2 == 0 { "AEO" } else { "CARRIER" };
            let name = if number == 3 { "Жібек Жолы" } else { "Trade" };
            house.ask(party(&format!("KZ{number}"), name, role)).await.unwrap();
        }
        let ask = ListParties { first: Some(2), ..ListParties::default() };
        let one = house.ask(ask.clone()).await.unwrap();
        let two = house.ask(ListParties { after: one.next, ..ask.clone() }).await.unwrap();
        let three = house.ask(ListParties { after: two.next.clone(), ..ask }).await.unwrap();
        let eoris: Vec<_> =
            [one.items, two.items, three.items].concat().into_iter().map(|party| party.eori).collect();
        assert_eq!(eoris, ["KZ1", "KZ2", "KZ3", "KZ4", "KZ5"]);
        assert_eq!(three.next, None);

        let role = ListParties { role: Some("AEO".to_owned()), ..ListParties::default() };
        assert_eq!(house.ask(role).await.unwrap().items.len(), 2);
        let search = ListParties { search: Some("жібек".to_owned()), ..ListParties::default() };
        assert_eq!(house.ask(search).await.unwrap().items[0].eori, "KZ3");
        let several = FindParties { eoris: vec!["KZ5".to_owned(), "KZ9".to_owned(), "KZ1".to_owned()] };
        let found: Vec<_> =
            house.ask(several).await.unwrap().items.into_iter().map(|party| party.eori).collect();
        assert_eq!(found, ["KZ1", "KZ5"]);
    });
}

#[test]
fn changes_at_the_same_time_get_numbers_of_their_own_in_one_chain() {
    on_both(|house| async move {
        let asks = (1..=12).map(|number| house.ask(party(&format!("KZ{number}"), "Trade", "AEO")));
        for told in join_all(asks).await {
            assert!(told.unwrap().may_file);
        }
        let mut versions = house.ask(ListVersions::default()).await.unwrap().items;
        versions.reverse();
        let numbers: Vec<_> = versions.iter().map(|version| version.number).collect();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
        let mut before = String::new();
        for version in &versions {
            let text = format!("{before}\n{}\n{}\n{}", version.number, version.dataset, version.sha256);
            before = hex::encode(Sha256::digest(text));
            assert_eq!(version.chain, before);
        }
    });
}

#[test]
fn only_an_administrator_writes_the_register() {
    on_both(|house| async move {
        let officer = caller("officer", Role::OfficerOfDeparture);
        let problem = house.ask_as(&officer, party("KZ1", "Trade", "AEO")).await.unwrap_err();
        assert!(problem.is(problem::FORBIDDEN));
        assert_eq!(house.count("parties").await, 0);
    });
}
