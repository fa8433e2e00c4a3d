//! Reading the demo nation: lists, codes, offices, languages, pages, tags.

use customs_kernel::problem;
use customs_references_contract::{
    FindCode, FindCodes, FindOffice, FindOffices, ListCodeLists, ListCodes, ListOffices, ListVersions,
    Lookup, TakeSnapshot, TellSnapshotVersion,
};

use crate::place::{House, on_both};

async fn seeded(house: &House) {
    customs_references::seed::seed(&house.store).await.unwrap();
    house.deliver().await;
}

#[test]
fn the_demo_nation_is_seeded_once() {
    on_both(|house| async move {
        seeded(&house).await;
        let before = house.ask(TellSnapshotVersion::default()).await.unwrap();
        seeded(&house).await;
        assert_eq!(house.ask(TellSnapshotVersion::default()).await.unwrap(), before);
        let versions = house.ask(ListVersions::default()).await.unwrap();
        let datasets: Vec<_> = versions.items.iter().map(|version| version.dataset.as_str()).collect();
        assert_eq!(datasets, ["parties", "restricted-goods", "route-countries", "national"]);
    });
}

#[test]
fn a_declaration_through_the_corridor_finds_everything_it_names() {
    on_both(|house| async move {
        seeded(&house).await;
        let lookup = Lookup::from(house.ask(TakeSnapshot::default()).await.unwrap());
        for (list, code) in [
            ("DeclarationType", "T1"),
            ("DeclarationTypeAdditional", "A"),
            ("GuaranteeType", "1"),
            ("KindOfPackages", "BX"),
            ("CountryCodesCommonTransit", "KG"),
            ("CurrencyCodes", "KZT"),
            ("HScode", "610910"),
            ("TransportModeCode", "3"),
            ("AuthorisationTypeDeparture", "C521"),
        ] {
            assert!(lookup.has(list, code), "{list} {code}");
        }
        for (office, role) in
            [("KZALA001", "DEP"), ("KZKRD001", "TXT"), ("KGAKZ001", "TRA"), ("UZTAS001", "DES")]
        {
            assert!(lookup.office_has_role(office, role), "{office} {role}");
        }
        assert_eq!(lookup.office("KGAKZ001").unwrap().zone.as_deref(), Some("Asia/Bishkek"));
        assert!(["KZ", "KG", "UZ"].iter().all(|country| lookup.may_pass(country)));
        assert_eq!(lookup.restrictions("930190", &["KZ"]).count(), 1);
    });
}

#[test]
fn a_list_is_read_page_by_page_in_the_language_asked_for() {
    on_both(|house| async move {
        seeded(&house).await;
        let ask = ListCodes {
            list: "GuaranteeType".to_owned(),
            language: Some("ru".to_owned()),
            first: Some(7),
            ..ListCodes::default()
        };
        let one = house.ask(ask.clone()).await.unwrap();
        let two = house.ask(ListCodes { after: one.next.clone(), ..ask.clone() }).await.unwrap();
        let codes: String = one.items.iter().chain(&two.items).map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes, "01234589ABJR");
        assert!(two.next.is_none());
        assert!(one.items.iter().all(|entry| entry.labels.len() == 1 && entry.labels[0].language == "ru"));
        assert_eq!(one.etag, two.etag);

        let search = |text: &str| ListCodes { search: Some(text.to_owned()), first: None, ..ask.clone() };
        let found = house.ask(search("ПОРУЧИТЕЛЬСТВО")).await.unwrap();
        assert_eq!(found.items[0].code, "2");
        assert_eq!(house.ask(search("кепіл")).await.unwrap().items.len(), 2);
        assert_eq!(house.ask(search("%")).await.unwrap().items.len(), 0);
        let missing = ListCodes { list: "Nothing".to_owned(), ..ListCodes::default() };
        assert!(house.ask(missing).await.unwrap_err().is(problem::NOT_FOUND));
        let bad = ListCodes { first: Some(101), after: Some("?".to_owned()), ..ask };
        let pointers: Vec<_> =
            house.ask(bad).await.unwrap_err().errors.into_iter().map(|finding| finding.pointer).collect();
        assert_eq!(pointers, ["/first", "/after"]);
    });
}

#[test]
fn codes_are_found_one_by_one_and_together() {
    on_both(|house| async move {
        seeded(&house).await;
        let find =
            |list: &str, code: &str| FindCode { list: list.to_owned(), code: code.to_owned(), at: None };
        let entry = house.ask(find("IncidentCode", "2")).await.unwrap();
        assert_eq!(entry.labels.len(), 3);
        assert!(house.ask(find("IncidentCode", "7")).await.unwrap_err().is(problem::NOT_FOUND));
        assert!(house.ask(find("CustomsOffices", "KZALA001")).await.unwrap_err().is(problem::NOT_FOUND));
        let codes = ["BX", "??", "BG"].map(ToOwned::to_owned).to_vec();
        let found =
            house.ask(FindCodes { list: "KindOfPackages".to_owned(), codes, at: None }).await.unwrap();
        let codes: Vec<_> = found.items.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes, ["BG", "BX"]);
        let none = FindCodes { list: "KindOfPackages".to_owned(), codes: Vec::new(), at: None };
        assert_eq!(house.ask(none).await.unwrap_err().errors[0].pointer, "/codes");
    });
}

#[test]
fn the_lists_are_listed_with_their_sizes() {
    on_both(|house| async move {
        seeded(&house).await;
        let mut names = Vec::new();
        let mut after = None;
        loop {
            let page = house.ask(ListCodeLists { first: Some(20), after }).await.unwrap();
            names.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert!(names.windows(2).all(|pair| pair[0].name < pair[1].name));
        let size = |name: &str| names.iter().find(|list| list.name == name).map(|list| list.codes);
        assert_eq!(size("GuaranteeType"), Some(12));
        assert_eq!(size("CustomsOffices"), None);
    });
}

#[test]
fn offices_are_found_by_country_role_and_name() {
    on_both(|house| async move {
        seeded(&house).await;
        let office = house.ask(FindOffice { id: "KGOSH001".to_owned(), at: None }).await.unwrap();
        let languages: Vec<_> = office.names.iter().map(|name| name.language.as_str()).collect();
        assert_eq!(languages, ["en", "kk", "ky", "ru"]);
        assert_eq!((office.country.as_str(), office.hours[0].closes.as_str()), ("KG", "24:00"));
        let missing = FindOffice { id: "KGXXX001".to_owned(), at: None };
        assert!(house.ask(missing).await.unwrap_err().is(problem::NOT_FOUND));

        let ids = |page: customs_references_contract::CustomsOfficePage| {
            page.items.into_iter().map(|office| office.id).collect::<Vec<_>>()
        };
        let ask = ListOffices {
            country: Some("KG".to_owned()),
            role: Some("TRA".to_owned()),
            ..ListOffices::default()
        };
        assert_eq!(ids(house.ask(ask).await.unwrap()), ["KGAKZ001", "KGOSH001"]);
        let search = ListOffices { search: Some("ҚОРҒАС".to_owned()), ..ListOffices::default() };
        assert_eq!(ids(house.ask(search).await.unwrap()), ["KZKRG001"]);
        let bad = ListOffices {
            country: Some("kz".to_owned()),
            role: Some("%".to_owned()),
            ..ListOffices::default()
        };
        let pointers: Vec<_> =
            house.ask(bad).await.unwrap_err().errors.into_iter().map(|finding| finding.pointer).collect();
        assert_eq!(pointers, ["/country", "/role"]);
        let several = FindOffices { ids: vec!["UZTAS001".to_owned(), "KZALA001".to_owned()], at: None };
        assert_eq!(house.ask(several).await.unwrap().items.len(), 2);
    });
}
