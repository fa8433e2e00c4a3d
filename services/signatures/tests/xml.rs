//! Published XML signatures: what is in the profile verifies, everything else is refused by name.

use std::fs;
use std::path::Path;

use customs_signatures::{Fault, xml_is_intact_under_own_key};

#[test]
fn published_signatures_verify_or_are_refused_by_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-xmldsig");
    let Ok(cases) = fs::read(folder.join("cases.json")) else {
        println!("skipped: the shared XML signatures are not here");
        return;
    };
    let cases: serde_json::Value = serde_json::from_slice(&cases).unwrap();
    let (mut verified, mut wrong) = (0, Vec::new());
    for case in cases["signatures"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let outcome = xml_is_intact_under_own_key(&fs::read(folder.join(file)).unwrap());
        verified += u32::from(outcome.is_ok());
        let enveloped = case["references"][0] == "" && case["profile"] == "in" && !file.contains("p521");
        if enveloped && outcome.is_err() || outcome.is_ok() && case["expected"] != "valid" {
            wrong.push(format!("{file}: {outcome:?}"));
        }
        if let Err(refusal) = &outcome
            && matches!(refusal.fault(), Fault::DigestMismatch | Fault::Invalid)
        {
            wrong.push(format!("{file}: {refusal}"));
        }
    }
    println!("{verified} verified, {} cases", cases["signatures"].as_array().unwrap().len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(verified >= 18, "{verified}");
}
