//! Documents made to harm: each is refused with a clear finding.

use customs_messages::{Limits, ReadOptions, parse_json, parse_xml, parse_xml_with};
use proptest::prelude::*;

use crate::outgoing::refused_by_ie917;
use crate::structure::{ARRIVAL, refused};

fn first(text: &str) -> (String, String) {
    let finding = refused(text).findings.pop().unwrap();
    (finding.code.number().to_owned(), finding.message.en.into_owned())
}

fn assert_refused(bytes: &[u8], code: &str, part: &str) {
    let rejection = parse_xml(bytes).unwrap_err();
    let finding = rejection.findings.last().unwrap();
    assert_eq!(finding.code.number(), code, "{finding:?}");
    assert!(finding.message.en.contains(part), "{finding:?}");
}

#[test]
fn a_document_type_is_refused_before_anything_in_it_is_read() {
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>".to_owned() + ARRIVAL;
    assert_eq!(first(&laughs).0, "52");
    assert!(first(&laughs).1.contains("document type"));
    let outside = "<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>".to_owned() + ARRIVAL;
    assert!(first(&outside).1.contains("document type"));
    let within = ARRIVAL.replace("NTA.KZ", "&x;");
    assert!(first(&within).1.contains("entity x"));
}

#[test]
fn nesting_and_size_have_limits() {
    let deep = ARRIVAL.replace("NTA.KZ", &format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000)));
    assert!(first(&deep).1.contains("levels"));
    let options =
        ReadOptions { limits: Limits { bytes: 100, ..Limits::default() }, ..ReadOptions::default() };
    let rejection = parse_xml_with(ARRIVAL.as_bytes(), &options).unwrap_err();
    assert!(rejection.findings[0].message.en.contains("bytes"));
    let options =
        ReadOptions { limits: Limits { elements: 5, ..Limits::default() }, ..ReadOptions::default() };
    assert!(parse_xml_with(ARRIVAL.as_bytes(), &options).is_err());
    let attributes: Vec<String> = (0..5_000).map(|number| format!(" a{number}=\"\"")).collect();
    let attributes = attributes.concat();
    let crowded = ARRIVAL.replace("<messageSender>", &format!("<messageSender{attributes}>"));
    assert!(first(&crowded).1.contains("attributes"));
}

#[test]
fn other_encodings_and_characters_are_refused() {
    let utf16: Vec<u8> =
        [0xff_u8, 0xfe].into_iter().chain(ARRIVAL.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_refused(&utf16, "52", "UTF-16");
    let mut broken = ARRIVAL.as_bytes().to_vec();
    broken[120] = 0xc3;
    broken[121] = 0x28;
    assert_refused(&broken, "53", "UTF-8");
    let declared = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>".to_owned() + ARRIVAL;
    assert_refused(declared.as_bytes(), "52", "windows-1251");
    assert_refused(ARRIVAL.replace("NTA.KZ", "NTA\u{1}KZ").as_bytes(), "53", "U+0001");
    assert_refused(ARRIVAL.replace("NTA.KZ", "NTA&#0;KZ").as_bytes(), "52", "");
    assert_refused(ARRIVAL.replace("NTA.KZ", "NTA&#x1F;KZ").as_bytes(), "53", "U+001F");
    let marked = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned() + ARRIVAL;
    assert!(parse_xml(marked.as_bytes()).is_ok());
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_place() {
    for (from, to) in [
        ("</messageSender>", "</messageSendr>"),
        ("</ncts:CC007C>", ""),
        ("</ncts:CC007C>", "</ncts:CC007C><b/>"),
        ("</ncts:CC007C>", "</ncts:CC007C>text"),
        ("NTA.KZ", "a ]]> b"),
        ("NTA.KZ", "<!-- a -- b -->"),
        ("NTA.KZ", "&unknown;"),
        ("NTA.KZ", "a & b"),
        ("<messageSender>", "<messageSender a=\"1\" a=\"2\">"),
        ("<messageSender>", "<messageSender a=\"<\">"),
        ("<messageSender>", "<x:messageSender>"),
        ("NTA.KZ", "<?xml version=\"1.0\"?>"),
    ] {
        let text = ARRIVAL.replacen(from, to, 1);
        let finding = refused(&text).findings.pop().unwrap();
        assert_eq!(finding.code.number(), "52", "{to}: {finding:?}");
        assert!(finding.line.is_some_and(|line| line > 0), "{finding:?}");
    }
    for nothing in ["", "   ", "<?xml version=\"1.0\"?>", "<", "<a", "\u{0}", "{}"] {
        assert!(!parse_xml(nothing.as_bytes()).unwrap_err().findings.is_empty(), "{nothing:?}");
    }
}

#[test]
fn sections_and_references_are_text() {
    let text = ARRIVAL.replace("NTA.KZ", "<![CDATA[NTA]]>&#46;<!-- -->K&#x5A;").replace('\n', "\r\n");
    let document = parse_xml(text.as_bytes()).unwrap();
    assert_eq!(document.text("messageRecipient"), Some("NTA.KZ"));
}

proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for parsed in [parse_xml(&bytes), parse_json(&bytes)] {
            if let Err(rejection) = parsed {
                refused_by_ie917(&rejection);
            }
        }
    }

    #[test]
    fn no_damage_makes_the_reader_panic(at in 0_usize..1_000, with in ".{0,6}") {
        let mut text = ARRIVAL.to_owned();
        let at = at.min(text.len());
        text.insert_str(at, &with);
        if let Err(rejection) = parse_xml(text.as_bytes()) {
            prop_assert!(!rejection.findings.is_empty());
            refused_by_ie917(&rejection);
        }
    }
}
