//! The key of the seal is exchanged while the suite serves: nothing is sealed with half of an exchange, and what was sealed
//! before stays verifiable.

use std::{fs, path::Path, time::Duration};

use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::{
    Profile, TrustStore, Verifier,
    issue::{Authority, Credential, KeyKind, Subject, Usage, Validity},
    read_certificate,
};
use customs_testkit::until;

use crate::{
    client::{Door, Person},
    documents::{lrn, xml},
    papers::{decoded, release},
    signatures::days,
    states::reaches,
    suite::Suite,
};

pub(crate) const SOON: Duration = Duration::from_secs(30);

/// A seal of customs that `root` certifies for `validity`.
pub(crate) fn certified(root: &Authority, validity: Validity) -> Credential {
    let subject = Subject {
        common_name: "Seal of papers".to_owned(),
        country: Some("KZ".to_owned()),
        person: None,
        organisation_id: Some("BIN040440007612".to_owned()),
        organisation: Some("Customs".to_owned()),
    };
    root.issue(&subject, Usage::Signing, KeyKind::P256, validity).unwrap()
}

/// The certificates that whoever verifies finds published, in their order.
pub(crate) fn published(door: &Door) -> Vec<Vec<u8>> {
    let told = door.get("/.well-known/http-message-signatures-directory").json();
    let keys = told["keys"].as_array().unwrap().iter();
    keys.map(|key| decoded(key["x5c"][0].as_str().unwrap())).collect()
}

/// A metric without labels, as it is told to operators.
pub(crate) fn metric(suite: &Suite, name: &str) -> Option<i64> {
    let text = Door::new(&format!("http://127.0.0.1:{}", suite.operations())).get("/metrics").text();
    let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
    text.lines().find_map(value)
}

/// The movement of a declaration whose goods are released.
pub(crate) fn released(door: &Door, declarant: &Person) -> String {
    let movement = declarant.lodge(&xml(declarant, &lrn()));
    reaches(declarant, &movement, "awaiting-release");
    release(door, &movement);
    reaches(declarant, &movement, "released");
    movement
}

/// The sealed code of `movement` as it is made now, and the certificate that is told with it.
pub(crate) fn code(declarant: &Person, movement: &str) -> (String, Vec<u8>) {
    let ask = format!("{{ accompanyingDocument(movement: \"{movement}\") {{ code certificate }} }}");
    let told = declarant.graphql(&ask).json();
    let link = &told["data"]["accompanyingDocument"];
    (link["code"].as_str().unwrap().to_owned(), decoded(link["certificate"].as_str().unwrap()))
}

/// Whether `text` is sealed under the first of `certificates`, for somebody who trusts `root` and knows all of them.
fn verifies(root: &Authority, certificates: &[Vec<u8>], text: &str) -> bool {
    let now = SystemClock.now();
    let mut trust = TrustStore::builder(1);
    trust.anchor(&root.certificate().unwrap()).unwrap();
    trust.crl(&root.revocation_list(1, now, now + TimeDelta::days(1), &[]).unwrap()).unwrap();
    for certificate in certificates {
        trust.seal_certificate(certificate).unwrap();
    }
    Verifier::new(trust.build(), Profile::ec_sig_1()).verify_token(text, now).is_ok()
}

/// Puts `octets` in place at once, as an operator should.
pub(crate) fn put(file: &Path, octets: &[u8]) {
    let beside = file.with_extension("new");
    fs::write(&beside, octets).unwrap();
    fs::rename(beside, file).unwrap();
}

#[test]
fn the_key_is_exchanged_in_use_a_broken_one_changes_nothing_and_old_codes_stay_verifiable() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let root = Authority::root("Seals Root", KeyKind::P256, days(-9, 90)).unwrap();
    let [earlier, first, second] = [-8, -7, -6].map(|from| certified(&root, days(from, 30)));
    let [ended, coming] = [(-9, -1), (20, 60)].map(|(from, until)| certified(&root, days(from, until)));
    let file = |seal: &Credential, password: &str| seal.to_pkcs12("seal", password).unwrap();
    fs::create_dir(path("former")).unwrap();
    put(&path("former/earlier.der"), earlier.certificate());
    put(&path("seal.p12"), &file(&first, "one"));
    put(&path("password"), b"one\n");
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    let mut suite = Suite::with(&[
        ("ECUSTOMS_SEAL__KEY_FILE", &text("seal.p12")),
        ("ECUSTOMS_SEAL__PASSWORD_FILE", &text("password")),
        ("ECUSTOMS_SEAL__FORMER_DIR", &text("former")),
    ]);
    let door = suite.door();
    let declarant = door.log_in("declarant");
    let movement = released(&door, &declarant);
    let certificates =
        |seals: &[&Credential]| seals.iter().map(|seal| seal.certificate().to_vec()).collect::<Vec<_>>();
    assert_eq!(published(&door), certificates(&[&first, &earlier]));
    let (old_code, told) = code(&declarant, &movement);
    assert_eq!(told, first.certificate());

    for (times, broken) in [(1, b"nothing".to_vec()), (2, file(&second, "two")), (3, file(&ended, "one"))] {
        put(&path("seal.p12"), &broken);
        let stays = || suite.output().matches("the seal stays as it was").count() == times;
        until("the refusal", SOON, stays).unwrap();
        assert_eq!(published(&door), certificates(&[&first, &earlier]));
        assert_eq!(code(&declarant, &movement).1, first.certificate());
        assert_eq!(metric(&suite, "ecustoms_seal_refused"), Some(1));
    }

    put(&path("password"), b"two\n");
    put(&path("seal.p12"), &file(&second, "two"));
    until("the second key", SOON, || code(&declarant, &movement).1 == second.certificate()).unwrap();
    assert_eq!(published(&door), certificates(&[&second, &first, &earlier]));
    until("that nothing is refused", SOON, || metric(&suite, "ecustoms_seal_refused") == Some(0)).unwrap();
    let (new_code, _) = code(&declarant, &movement);
    let known = published(&door);
    assert!(verifies(&root, &known, &old_code) && verifies(&root, &known, &new_code));
    assert!(!verifies(&root, &certificates(&[&first]), &new_code), "the new code is of the new key");

    put(&path("seal.p12"), &file(&coming, "two"));
    until("the coming key", SOON, || published(&door)[0] == coming.certificate()).unwrap();
    assert_eq!(code(&declarant, &movement).1, second.certificate(), "it is known before it counts");
    let end = read_certificate(second.certificate(), &[]).unwrap().facts.not_after.timestamp();
    assert_eq!(metric(&suite, "ecustoms_seal_ends_seconds"), Some(end));
    suite.is_sound();
}
