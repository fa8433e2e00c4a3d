//! Tests of reading: what is told of whole and of broken files.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::*;
use crate::entry::Draft;

#[derive(Default)]
struct Heard {
    lists: Vec<(String, bool)>,
    drafts: Vec<Draft>,
}

impl Sink for Heard {
    fn day(&mut self, _: chrono::NaiveDate) -> Result<(), String> {
        Ok(())
    }

    fn list(&mut self, _: &'static str, name: &str, whole: bool) -> Result<(), String> {
        self.lists.push((name.to_owned(), whole));
        Ok(())
    }

    fn entry(&mut self, draft: Draft) -> Result<(), String> {
        self.drafts.push(draft);
        Ok(())
    }
}

const EXPORT: &str = r#"{"messageInformation":{"messageID":"1","snapshotDate":"2026-10-01"},"lists":{
 "GuaranteeType":{"listName":"GuaranteeType","listEntries":[
  {"state":"valid","activeFrom":"2026-01-01","code":"1","description":"Comprehensive"},
  {"state":"invalid","activeFrom":"2026-02-01","code":"7","description":"Gone"}]},
 "UnLocode":{"listName":"UnLocode","listEntries":[
  {"state":"valid","activeFrom":"2026-01-01","unLocodeExtendedCode":"KZALA","name":"Almaty","region":"ALA"}]}}}"#;

fn hear(file: &[u8]) -> Result<Heard, Broken> {
    let mut heard = Heard::default();
    read(file, &mut heard).map(|()| heard)
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn survey(text: &str) -> Result<&'static str, Broken> {
    let mut survey = Survey::default();
    read(text.as_bytes(), &mut survey)?;
    survey.dataset()
}

#[test]
fn an_export_is_read_alike_plain_and_packed() {
    let plain = hear(EXPORT.as_bytes()).unwrap();
    assert_eq!(plain.lists, [("GuaranteeType".to_owned(), true), ("UnLocode".to_owned(), true)]);
    assert_eq!(plain.drafts, hear(&gzip(EXPORT.as_bytes())).unwrap().drafts);
    let [one, gone, place] = &plain.drafts[..] else { panic!("three entries") };
    assert_eq!(
        (one.code.as_str(), one.invalid, one.labels.as_str()),
        ("1", false, r#"{"en":"Comprehensive"}"#)
    );
    assert!(gone.invalid);
    assert_eq!((place.code.as_str(), place.properties.as_str()), ("KZALA", r#"{"region":"ALA"}"#));
}

#[test]
fn offices_of_several_languages_become_one() {
    let text = r#"{"lists":{"customsOffices":{"listName":"CustomsOffices","listEntries":[
        {"state":"valid","activeFrom":"2026-01-01","languageCode":"EN","name":"Korgas","id":"KZKRG001","countryId":"KZ","roles":[{"role":"DEP"},{"role":"TRA"}]},
        {"state":"valid","activeFrom":"2026-01-01","languageCode":"KK","name":"Қорғас","id":"KZKRG001","countryId":"KZ","roles":[{"role":"DEP"}]}]}}}"#;
    let heard = hear(text.as_bytes()).unwrap();
    assert_eq!(heard.drafts.len(), 1);
    assert_eq!(heard.drafts[0].tags, " DEP TRA ");
    assert_eq!(heard.drafts[0].labels, r#"{"en":"Korgas","kk":"Қорғас"}"#);
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let cases = [
        (r#"{"lists":{"A":{"listName":"A","listEntries":[{"code":"1"},{"state":"valid"}]}}}"#, "no code"),
        (r#"{"lists":{"A":{"listName":"A","listEntries":[{"code":"1"}"#, "line 1 column 57"),
        (r#"{"lists":{"A":{"listEntries":[{"code":"1"},{"code":"1"}]}}}"#, "stands twice"),
        (r#"{"lists":{"A":{"listEntries":[{"code":"1","activeFrom":"soon"}]}}}"#, "is not a day"),
        (r#"{"lists":{"A":{"listEntries":[{"code":"1","state":"maybe"}]}}}"#, "is not a state"),
        (r#"{"lists":{"A":{"listEntries":[{"code":"a\nb"}]}}}"#, "is not a code"),
        (r#"{"lists":{"A":{"listName":"A"}}}"#, "has no entries"),
        (r#"{"lists":{"A":{"listEntries":[]},"A":{"listEntries":[]}}}"#, "stands twice"),
        (r#"{"lists":{}} and more"#, "trailing characters"),
        ("hscode,description,level\n01,Animals,2\n02,Meat\n", "line: 3"),
        ("hscode,description,level\n01,Animals,2\n01,Meat,2\n", "line 3: code 01 stands twice"),
    ];
    for (text, expected) in cases {
        match survey(text) {
            Err(Broken::Form(detail)) => assert!(detail.contains(expected), "{detail} / {expected}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_file_of_no_known_kind_is_refused_as_such() {
    for text in ["", "a,b,c\n1,2,3\n", "{}", r#"{"lists":{}}"#, "<xml/>"] {
        assert!(matches!(survey(text), Err(Broken::Kind(_))), "{text}");
    }
}

#[test]
fn a_currency_is_in_use_as_long_as_any_country_uses_it() {
    let text = "Entity,Currency,AlphabeticCode,NumericCode,MinorUnit,WithdrawalDate\n\
                AUSTRIA,Euro,EUR,978,2,\nSOMEWHERE,Euro,EUR,978,2,2003-01\nELSEWHERE,Old,OLD,1,0,1989 to 1990\nTHERE,Older,XOL,2,0,1978-1981\n";
    let heard = hear(text.as_bytes()).unwrap();
    let ends: Vec<_> = heard.drafts.iter().map(|draft| (draft.code.as_str(), draft.valid_to)).collect();
    assert_eq!(
        ends,
        [
            ("EUR", None),
            ("OLD", chrono::NaiveDate::from_ymd_opt(1991, 1, 1)),
            ("XOL", chrono::NaiveDate::from_ymd_opt(1982, 1, 1)),
        ]
    );
}

#[test]
fn a_damaged_archive_is_told_with_how_much_was_read() {
    let whole = gzip(EXPORT.as_bytes());
    let Err(Broken::Form(detail)) = hear(&whole[..whole.len() - 4]).map(|_| ()) else { panic!("broken") };
    assert!(detail.contains(&format!("after {} bytes of content", EXPORT.len())), "{detail}");
}

proptest! {
    #[test]
    fn an_archive_cut_off_anywhere_is_never_whole(cut in 2_usize..200) {
        let whole = gzip(EXPORT.as_bytes());
        prop_assume!(cut < whole.len());
        prop_assert!(hear(&whole[..cut]).is_err());
    }

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = hear(&bytes);
    }

    #[test]
    fn no_change_of_one_byte_brings_the_reader_down(at in 0_usize..500, byte in any::<u8>()) {
        let mut bytes = EXPORT.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = hear(&bytes);
    }
}
