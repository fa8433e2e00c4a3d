//! Certification paths of the shared corpora: every row gets its verdict, and the library never refuses what we accept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use customs_signatures::{Fault, PathSource, Rules};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509StoreContext};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    id: String,
    title: String,
    certs: Vec<String>,
    crls: Vec<String>,
    trust_anchor: String,
    end_entity: String,
    time: DateTime<Utc>,
    initial_policy_set: Vec<String>,
    explicit_policy: bool,
    inhibit_policy_mapping: bool,
    inhibit_any_policy: bool,
    expected: String,
}

fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    if folder.join("cases.json").exists() {
        return Some(folder);
    }
    println!("skipped: {name} is not here");
    None
}

/// Rows whose algorithm the profile refuses, by the name it is refused by.
const REFUSED_BY_NAME: [(&str, &str); 3] = [("4.1.4", "DSA"), ("4.1.5", "DSA"), ("4.1.6", "DSA")];

#[test]
fn every_row_of_pkits_gets_its_verdict_and_the_library_agrees_with_every_acceptance() {
    let Some(folder) = corpus("pki-pkits") else { return };
    let rows: Vec<Row> = serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for row in &rows {
        let read = |kind: &str, name: &String| fs::read(folder.join(kind).join(name)).unwrap();
        let source = PathSource {
            anchors: vec![read("certs", &row.trust_anchor)],
            others: row.certs.iter().map(|name| read("certs", name)).collect(),
            crls: row.crls.iter().map(|name| read("crls", name)).collect(),
        };
        let rules = Rules::new(row.time)
            .with_policies(&row.initial_policy_set)
            .unwrap()
            .with_explicit_policy(row.explicit_policy)
            .with_policy_mapping_inhibited(row.inhibit_policy_mapping)
            .with_any_policy_inhibited(row.inhibit_any_policy)
            .with_authorities_max(8);
        let end = read("certs", &row.end_entity);
        let outcome = source.validate(&end, &rules);
        let accepted = outcome.is_ok();
        let refused_by_name = REFUSED_BY_NAME.iter().any(|(id, name)| {
            row.id.starts_with(id)
                && outcome.as_ref().is_err_and(|refusal| {
                    refusal.fault() == Fault::AlgorithmRefused && refusal.detail().contains(name)
                })
        });
        if accepted != (row.expected == "valid") && !refused_by_name {
            wrong.push(format!("{} {}: {:?}", row.id, row.title, outcome.err()));
        }
        if accepted && !library_accepts(&source, &end, row) {
            wrong.push(format!("{} {}: the library refuses what we accept", row.id, row.title));
        }
    }
    println!("{} of {} rows agree", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The library's own verdict without revocation, over the same certificates.
fn library_accepts(source: &PathSource, end: &[u8], row: &Row) -> bool {
    let mut param = X509VerifyParam::new().unwrap();
    param.set_time(row.time.timestamp());
    // Policies are left out: the library's safe interface cannot be given the initial policy set, without which it
    // refuses every path that demands a policy.
    param.set_flags(X509VerifyFlags::CHECK_SS_SIGNATURE).unwrap();
    let mut store = X509StoreBuilder::new().unwrap();
    for anchor in &source.anchors {
        store.add_cert(X509::from_der(anchor).unwrap()).unwrap();
    }
    store.set_param(&param).unwrap();
    let mut others = Stack::new().unwrap();
    for other in &source.others {
        others.push(X509::from_der(other).unwrap()).unwrap();
    }
    let end = X509::from_der(end).unwrap();
    let mut context = X509StoreContext::new().unwrap();
    context.init(&store.build(), &end, &others, openssl::x509::X509StoreContextRef::verify_cert).unwrap()
}
