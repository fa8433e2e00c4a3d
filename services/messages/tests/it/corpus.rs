//! Real messages: verdicts, round trips.

use std::path::{Path, PathBuf};

use customs_messages::{
    Document, Phase, ReadOptions, parse_json_with, parse_xml_with, write_json, write_xml,
};
use serde_json::Value;

/// The folder of real data, or `None` (said plainly) where it is absent.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

pub(crate) fn index(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("index.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn in_phase(phase: Phase) -> ReadOptions {
    ReadOptions { phase: Some(phase), ..ReadOptions::default() }
}

/// Every message that is valid in the phase it was made for.
pub(crate) fn valid_messages() -> Vec<(String, Document)> {
    let Some(folder) = folder("ncts-messages") else { return Vec::new() };
    let mut messages = Vec::new();
    for entry in index(&folder) {
        let file = entry["file"].as_str().unwrap();
        let phase = if entry["made_for"] == "P6" { Phase::P6 } else { Phase::P5 };
        let key = if phase == Phase::P6 { "valid_p6" } else { "valid_p5" };
        if entry[key] == true {
            let bytes = std::fs::read(folder.join(file)).unwrap();
            messages.push((file.to_owned(), parse_xml_with(&bytes, &in_phase(phase)).unwrap()));
        }
    }
    messages
}

#[test]
fn verdicts_agree_with_the_published_schemas() {
    let Some(folder) = folder("ncts-messages") else { return };
    let mut wrong = Vec::new();
    let (mut checked, mut named) = (0, 0);
    for entry in index(&folder) {
        let file = entry["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join(file)).unwrap();
        for (phase, key) in [(Phase::P5, "valid_p5"), (Phase::P6, "valid_p6")] {
            checked += 1;
            let outcome = parse_xml_with(&bytes, &in_phase(phase));
            let expected = entry[key].as_bool().unwrap();
            if phase == Phase::P6 && entry["type"] == "CC141C" {
                continue; // no schema of phase 6 was published for it
            }
            if outcome.is_ok() != expected {
                let findings = outcome.err().map(|rejection| rejection.findings);
                wrong.push(format!("{file} {phase:?} expected {expected}: {findings:#?}"));
                continue;
            }
            let made_for = entry["made_for"] == format!("{phase:?}");
            let Err(rejection) = outcome else { continue };
            let error = entry["error"].as_str().unwrap();
            let Some(element) = error.split('\'').nth(1).filter(|_| made_for) else { continue };
            named += 1;
            let found = rejection.findings.iter().any(|finding| {
                let names = finding.pointer.split('/').map(|step| step.split('[').next().unwrap());
                names.rev().take(2).any(|name| name == element)
            });
            if !found {
                wrong.push(format!("{file}: {error} not among {:#?}", rejection.findings));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{checked} verdicts agree, {named} name the same element");
}

#[test]
fn a_message_written_as_xml_says_the_same() {
    for (file, document) in valid_messages() {
        let xml = write_xml(&document);
        let again = parse_xml_with(xml.as_bytes(), &ReadOptions::default())
            .unwrap_or_else(|rejection| panic!("{file}: {:#?}", rejection.findings));
        assert_eq!(document, again, "{file}");
        assert_eq!(write_xml(&again), xml, "{file}");
    }
}

#[test]
fn a_message_written_as_json_says_the_same() {
    for (file, document) in valid_messages() {
        let json = write_json(&document);
        let _: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{file}: {error}"));
        let again = parse_json_with(json.as_bytes(), &ReadOptions::default())
            .unwrap_or_else(|rejection| panic!("{file}: {:#?}", rejection.findings));
        assert_eq!(document, again, "{file}");
        assert_eq!(write_json(&again), json, "{file}");
    }
}

#[test]
fn verdicts_on_the_json_form_agree_with_the_published_schemas() {
    let Some(folder) = folder("ncts-json") else { return };
    let mut wrong = Vec::new();
    for entry in index(&folder) {
        let file = entry["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let outcome = parse_json_with(&bytes, &in_phase(Phase::P6));
        if outcome.is_ok() != entry["valid"].as_bool().unwrap() {
            let findings = outcome.err().map(|rejection| rejection.findings);
            wrong.push(format!("{file} expected {}: {findings:#?}", entry["valid"]));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
