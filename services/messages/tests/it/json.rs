//! The JSON form: what is refused, and where.

use customs_messages::{ReadOptions, parse_json, parse_xml_with, write_json};

use crate::structure::ARRIVAL;

fn arrival() -> String {
    let document = parse_xml_with(ARRIVAL.as_bytes(), &ReadOptions::default()).unwrap();
    write_json(&document)
}

fn told(text: &str) -> Vec<(&'static str, String)> {
    let findings = parse_json(text.as_bytes()).unwrap_err().findings.into_iter();
    findings.map(|one| (one.code.number(), one.json_pointer)).collect()
}

#[test]
fn the_same_errors_are_found_as_in_xml() {
    let text = arrival()
        .replace("\"simplifiedProcedure\":\"0\"", "\"simplifiedProcedure\":\"2\"")
        .replace("\"messageSender\":\"KZ960241002789\",", "")
        .replace("26KZ57010100000QJ1", "X");
    assert_eq!(
        told(&text),
        [
            ("13", "/n1:CC007C/messageSender".to_owned()),
            ("51", "/n1:CC007C/TransitOperation/MRN".to_owned()),
            ("12", "/n1:CC007C/TransitOperation/simplifiedProcedure".to_owned()),
        ]
    );
}

#[test]
fn json_types_are_held() {
    let authorised = arrival().replace(
        "\"CustomsOfficeOfDestinationActual\"",
        "\"Authorisation\":[{\"sequenceNumber\":\"1\",\"type\":\"C522\",\"referenceNumber\":7}],\"CustomsOfficeOfDestinationActual\"",
    );
    assert_eq!(
        told(&authorised),
        [
            ("50", "/n1:CC007C/Authorisation/0/sequenceNumber".to_owned()),
            ("50", "/n1:CC007C/Authorisation/0/referenceNumber".to_owned()),
        ]
    );
    let single = arrival().replace(
        "\"CustomsOfficeOfDestinationActual\"",
        "\"Authorisation\":{\"sequenceNumber\":1},\"CustomsOfficeOfDestinationActual\"",
    );
    assert_eq!(told(&single), [("50", "/n1:CC007C/Authorisation".to_owned())]);
    let null = arrival().replace("\"NTA.KZ\"", "null");
    assert_eq!(told(&null), [("50", "/n1:CC007C/messageRecipient".to_owned())]);
    let control = arrival().replace("NTA.KZ", "NTA\\u0000KZ");
    assert_eq!(told(&control), [("53", "/n1:CC007C/messageRecipient".to_owned())]);
}

#[test]
fn strangers_and_wrong_roots_are_refused() {
    let stranger = arrival().replace("\"MRN\"", "\"Ship\":{},\"MRN\"");
    assert_eq!(told(&stranger), [("15", "/n1:CC007C/TransitOperation/Ship".to_owned())]);
    for text in ["[]", "{}", "{\"CC007C\":{}}", "{\"n1:CC007C\":[]}", "{\"n1:CC007C\":{},\"n1:CC044C\":{}}"] {
        assert_eq!(told(text), [("15", String::new())], "{text}");
    }
    assert_eq!(told("{\"n1:XX999X\":{}}"), [("15", "/n1:XX999X".to_owned())]);
}

#[test]
fn duplicate_keys_depth_and_numbers_that_are_none_are_refused_with_a_pointer() {
    let twice = arrival().replace("\"MRN\"", "\"MRN\":\"1\",\"MRN\"");
    assert_eq!(told(&twice), [("52", "/n1:CC007C/TransitOperation/MRN".to_owned())]);
    let nan = arrival().replace("\"NTA.KZ\"", "NaN");
    assert_eq!(told(&nan), [("52", "/n1:CC007C/messageRecipient".to_owned())]);
    let deep = arrival().replace("\"NTA.KZ\"", &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)));
    assert_eq!(told(&deep)[0].0, "52");
}
