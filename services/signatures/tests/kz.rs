//! Certificates of Kazakhstan's test authority: RSA paths and GOST of 2015 are verified, GOST of 2004 is refused by name.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use customs_signatures::{Fault, PathSource, Rules, TrustStore};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-kz");
    let here = folder.join("ca").exists();
    if !here {
        println!("skipped: the shared certificates are not here");
    }
    here.then_some(folder)
}

#[test]
fn an_rsa_path_is_valid_under_its_list() {
    let Some(folder) = folder() else { return };
    let read = |name: &str| {
        let octets = fs::read(folder.join(name)).unwrap();
        openssl::x509::X509::from_pem(&octets).map_or(octets, |certificate| certificate.to_der().unwrap())
    };
    let at: DateTime<Utc> = "2022-06-01T00:00:00Z".parse().unwrap();
    let source = PathSource {
        anchors: vec![read("ca/nca_rsa_test.crt")],
        others: Vec::new(),
        crls: vec![read("crl/nca_rsa_test.crl")],
    };
    let end = read("certs/individual_valid_sign_2004_rsa.cer");
    let valid = source.validate(&end, &Rules::new(at)).unwrap();
    assert_eq!(valid.policies, ["1.2.398.3.3.2.3"]);
    let only = Rules::new(at).with_policies(&["1.2.398.3.3.2.1"]).unwrap().with_explicit_policy(true);
    assert_eq!(source.validate(&end, &only).unwrap_err().fault(), Fault::CertPolicy);
    let late = Rules::new("2022-12-01T00:00:00Z".parse().unwrap());
    assert_eq!(source.validate(&end, &late).unwrap_err().fault(), Fault::StatusUnavailable);
}

#[test]
fn a_gost_list_verifies_under_its_authority_and_one_changed_bit_does_not() {
    let Some(folder) = folder() else { return };
    let authority = fs::read(folder.join("ca/nca_gost2015_test.cer")).unwrap();
    let list = fs::read(folder.join("crl/nca_gost2022_test.crl")).unwrap();
    let taken = |list: &[u8]| {
        let mut trust = TrustStore::builder(1);
        trust.anchor(&authority).unwrap();
        trust.crl(list).map(|_| ())
    };
    assert_eq!(taken(&list), Ok(()));
    for at in [list.len() - 1, list.len() - 100, 40, 200] {
        let mut changed = list.clone();
        changed[at] ^= 1;
        assert!(taken(&changed).is_err(), "octet {at}");
    }
}

#[test]
fn gost_of_2004_is_refused_by_name() {
    let Some(folder) = folder() else { return };
    let authority = fs::read(folder.join("ca/nca_gost_test.crt")).unwrap();
    let authority =
        openssl::x509::X509::from_pem(&authority).map_or(authority, |read| read.to_der().unwrap());
    let refused = TrustStore::builder(1).anchor(&authority).unwrap_err();
    assert!(refused.to_string().contains("GOST 34.310-2004"), "{refused}");
}
