//! How many of the published rules of phase 6 are asked: all that are validated.

use std::collections::BTreeSet;

use customs_messages::{Package, Rules};
use serde_json::Value;

use crate::corpus::folder;

/// The rules that the specification attaches to trader messages, by number.
fn published() -> Option<BTreeSet<String>> {
    let path = folder("ncts-spec")?.join("rules-trader-messages-p6.json");
    let rules: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    Some(rules.as_object().unwrap().keys().cloned().collect())
}

#[test]
fn every_published_rule_that_is_validated_is_in_the_tables() {
    let Some(published) = published() else { return };
    // A guideline (G) is not validated, by its own definition.
    let (guidelines, validated): (Vec<&String>, Vec<&String>) =
        published.iter().partition(|id| id.starts_with('G'));
    assert_eq!((published.len(), guidelines.len(), validated.len()), (237, 79, 158), "as the page says");
    let ours: BTreeSet<&str> = Rules::catalogue().iter().map(|rule| rule.id).collect();
    let missing: Vec<&&String> = validated.iter().filter(|id| !ours.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(Package::all().iter().all(|package| package.defects().is_empty()));
}
