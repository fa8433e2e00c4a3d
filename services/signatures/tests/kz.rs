//! Certificates of Kazakhstan's test authority: RSA paths are validated, GOST is refused by name.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use customs_signatures::{Fault, PathSource, Revocation, Rules};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-kz");
    let here = folder.join("ca").exists();
    if !here {
        println!("skipped: the shared certificates are not here");
    }
    here.then_some(folder)
}

#[test]
fn an_rsa_path_is_valid_under_its_list_and_a_gost_one_is_refused_by_name() {
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

    let gost = read("ca/nca_gost2015_test.cer");
    let source = PathSource { anchors: vec![gost.clone()], ..PathSource::default() };
    let rules = Rules::new("2022-09-01T00:00:00Z".parse().unwrap()).with_revocation(Revocation::Ignored);
    let refusal = source.validate(&gost, &rules).unwrap_err();
    assert_eq!(refusal.fault(), Fault::AlgorithmUnsupported);
    assert!(refusal.detail().contains("1.2.398.3.10.1.1.2.2"));
}
