//! The files as published, where they are at hand.

use customs_references_contract::{
    FindCode, FindOffice, ListCodes, ListOffices, Lookup, TakeSnapshot, problems::IMPORT_BROKEN,
};

use crate::place::{on_both, published};

#[test]
fn the_published_code_lists_are_taken_in_whole_and_once() {
    let Some(file) = published("RD_NCTS-P5-20250212.json.gz") else { return };
    on_both(|house| {
        let file = file.clone();
        async move {
            customs_references::seed::seed(&house.store).await.unwrap();
            let report = house.import("RD_NCTS-P5-20250212.json.gz", &file).await.unwrap();
            assert_eq!((report.added, report.changed, report.removed), (166_880, 0, 0));
            assert_eq!((report.lists.len(), report.first_changes.len()), (55, 50));
            let again = house.import("RD_NCTS-P5-20250212.json.gz", &file).await.unwrap();
            assert_eq!((again.added, again.changed, again.removed, again.unchanged), (0, 0, 0, 166_880));
            assert_eq!(again.number, report.number);

            let lookup = Lookup::from(house.ask(TakeSnapshot::default()).await.unwrap());
            assert_eq!(lookup.list("CUSCode").unwrap().len(), 57_362);
            assert!(lookup.has("UnLocodeExtended", "KZALA") && lookup.has("HScode", "392690"));
            // The nation's own codes stand beside what is published.
            assert!(lookup.has("CurrencyCodes", "KZT") && lookup.has("CurrencyCodes", "GBP"));
            let find = FindCode { list: "GuaranteeType".to_owned(), code: "1".to_owned(), at: None };
            let entry = house.ask(find).await.unwrap();
            assert_eq!((entry.dataset.as_str(), entry.labels.len()), ("code-lists", 3));
            let search = ListCodes {
                list: "UnLocodeExtended".to_owned(),
                search: Some("almat".to_owned()),
                ..ListCodes::default()
            };
            assert!(house.ask(search).await.unwrap().items.iter().any(|entry| entry.code == "KZALA"));
        }
    });
}

#[test]
fn a_published_file_that_is_damaged_changes_nothing() {
    let Some(file) = published("RD_NCTS-P5-20250212.json.gz") else { return };
    on_both(|house| {
        let file = file.clone();
        async move {
            let cut = &file[..file.len() * 9 / 10];
            let problem = house.import("cut.json.gz", cut).await.unwrap_err();
            assert!(problem.is(IMPORT_BROKEN), "{problem}");
            assert!(problem.detail.contains("bytes of content"), "{problem}");
            let mut changed = file.clone();
            let middle = changed.len() / 2;
            changed[middle] ^= 0x55;
            assert!(house.import("changed.json.gz", &changed).await.unwrap_err().is(IMPORT_BROKEN));
            assert_eq!((house.count("entries").await, house.count("versions").await), (0, 0));
            assert_eq!((house.count("imports").await, house.count("import_chunks").await), (0, 0));
        }
    });
}

#[test]
fn the_published_offices_are_brought_together_by_number() {
    let Some(file) = published("COL-Generic-20250212.json.gz") else { return };
    on_both(|house| {
        let file = file.clone();
        async move {
            let report = house.import("COL-Generic-20250212.json.gz", &file).await.unwrap();
            assert_eq!((report.dataset.as_str(), report.added), ("customs-offices", 4_162));
            let again = house.import("COL-Generic-20250212.json.gz", &file).await.unwrap();
            assert_eq!(again.unchanged, 4_162);
            let office = house.ask(FindOffice { id: "AD000001".to_owned(), at: None }).await.unwrap();
            assert_eq!((office.names.len(), office.roles.len()), (3, 4));
            let ask = ListOffices {
                country: Some("DE".to_owned()),
                role: Some("TRA".to_owned()),
                first: Some(5),
                ..ListOffices::default()
            };
            let page = house.ask(ask).await.unwrap();
            assert!(page.items.len() == 5 && page.next.is_some());
            assert!(page.items.iter().all(|office| office.roles.contains(&"TRA".to_owned())));
        }
    });
}

#[test]
fn the_published_tables_are_known_by_their_columns() {
    let cases = [
        ("harmonized-system.csv", "harmonized-system", "HarmonizedSystem", 6_939),
        ("hs-sections.csv", "harmonized-system", "HarmonizedSystemSections", 21),
        ("country-codes.csv", "countries", "Countries", 249),
        ("currency-codes.csv", "currencies", "Currencies", 307),
        ("unlocode-functions.csv", "code-lists", "UnLocodeFunctions", 11),
    ];
    let files: Option<Vec<Vec<u8>>> = cases.iter().map(|(name, ..)| published(name)).collect();
    let Some(files) = files else { return };
    on_both(|house| {
        let files = files.clone();
        async move {
            for ((name, dataset, list, count), file) in cases.iter().zip(&files) {
                let report = house.import(name, file).await.unwrap();
                assert_eq!((report.dataset.as_str(), report.lists[0].name.as_str()), (*dataset, *list));
                assert_eq!(report.added, *count, "{name}");
                assert_eq!(house.import(name, file).await.unwrap().unchanged, *count, "{name}");
            }
            let lookup = Lookup::from(house.ask(TakeSnapshot::default()).await.unwrap());
            assert!(lookup.has("Currencies", "KZT") && !lookup.has("Currencies", "DEM"));
            assert!(lookup.has("HarmonizedSystem", "01") && !lookup.has("HarmonizedSystem", "TOTAL"));
            let namibia = FindCode { list: "Countries".to_owned(), code: "NA".to_owned(), at: None };
            assert_eq!(house.ask(namibia).await.unwrap().properties[0].value, "NAM");
        }
    });
}

#[test]
fn pages_of_the_central_api_add_without_removing() {
    let names = ["crdl/CL231.json", "crdl/BC08.json", "crdl/COL_page1.json", "crdl/COL_page2.json"];
    let files: Option<Vec<Vec<u8>>> = names.iter().map(|name| published(name)).collect();
    let Some(files) = files else { return };
    on_both(|house| {
        let files = files.clone();
        async move {
            for (name, file) in names.iter().zip(&files) {
                let report = house.import(name, file).await.unwrap();
                assert!(report.added > 0 && report.removed == 0, "{name}: {report:?}");
                assert_eq!(house.import(name, file).await.unwrap().added, 0, "{name}");
            }
            let lookup = Lookup::from(house.ask(TakeSnapshot::default()).await.unwrap());
            assert!(lookup.has("DeclarationType", "TIR") && lookup.has("Country", "AZ"));
            let office = house.ask(FindOffice { id: "IT223100".to_owned(), at: None }).await.unwrap();
            assert_eq!((office.hours[0].opens.as_str(), office.hours[0].last_day), ("08:00", 6));
            assert!(office.roles.contains(&"EXP".to_owned()));
            assert!(lookup.office("DK003102").is_some());
        }
    });
}
