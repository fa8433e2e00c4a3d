//! What signatures are held against follows its folder while the suite serves: anchors, lists of revoked certificates.

use std::{fs, path::Path, time::Duration};

use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::issue::{Authority, Credential, KeyKind, RevocationReason, Revoked, SigningKey};
use customs_testkit::until;

use crate::{client::Door, signatures::days, suite::Suite};

const SOON: Duration = Duration::from_secs(30);

/// An authority of the demo nation, opened from the files of the suite.
pub(crate) fn opened(suite: &Suite, name: &str) -> (Authority, Vec<u8>) {
    let read = |ending: &str| fs::read(suite.files().join("demo").join(format!("{name}.{ending}"))).unwrap();
    let (certificate, key) = (read("der"), SigningKey::from_pkcs8(&read("key")).unwrap());
    (Authority::open(&certificate, key, Vec::new()).unwrap(), certificate)
}

fn list(authority: &Authority, number: u64, revoked: &[Revoked]) -> Vec<u8> {
    let now = SystemClock.now();
    authority.revocation_list(number, now, now + TimeDelta::days(1), revoked).unwrap()
}

/// Puts `octets` in place at once, as an operator should.
fn put(folder: &Path, name: &str, octets: &[u8]) {
    let beside = folder.join("new");
    fs::write(&beside, octets).unwrap();
    fs::rename(beside, folder.join(name)).unwrap();
}

fn log_in(door: &Door, credential: &Credential) -> u16 {
    door.open(&door.challenge(), credential).status
}

fn bundle(suite: &Suite) -> serde_json::Value {
    Door::new(&format!("http://127.0.0.1:{}", suite.operations())).get("/trust").json()
}

#[test]
fn authorities_and_lists_are_exchanged_while_the_suite_serves() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["anchors", "intermediates", "crls"] {
        fs::create_dir(folder.path().join(kind)).unwrap();
    }
    let stranger = Authority::root("Somebody's Root", KeyKind::P256, days(-1, 30)).unwrap();
    put(folder.path(), "anchors/stranger.der", &stranger.certificate().unwrap());
    let mut suite = Suite::with(&[
        ("ECUSTOMS_TRUST_DIR", folder.path().to_str().unwrap()),
        // A fast machine asks more often than a person may.
        ("ECUSTOMS_LIMITS__LOGINS_MAX", "1000000"),
    ]);
    let (door, first) = (suite.door(), bundle(&suite));
    let (declarant, carrier) = (door.credential("declarant"), door.credential("carrier"));
    assert_eq!(log_in(&door, &declarant), 401, "nobody trusts this authority yet");
    assert_eq!(first["anchors"], 1, "{first}");

    let ((root, root_der), (issuing, issuing_der)) = (opened(&suite, "root"), opened(&suite, "issuing"));
    put(folder.path(), "anchors/root.der", &root_der);
    put(folder.path(), "intermediates/issuing.der", &issuing_der);
    put(folder.path(), "crls/root.crl", &list(&root, 1, &[]));
    put(folder.path(), "crls/issuing.crl", &list(&issuing, 2, &[]));
    until("the new authority", SOON, || log_in(&door, &declarant) == 200).unwrap();
    let second = bundle(&suite);
    assert_ne!(first["sha256"], second["sha256"]);
    assert_eq!(second["crls"], 2, "{second}");

    let now = SystemClock.now();
    let revoked = Revoked::new(declarant.certificate(), now, RevocationReason::KeyCompromise).unwrap();
    put(folder.path(), "crls/issuing.crl", &list(&issuing, 3, &[revoked]));
    until("the list", SOON, || log_in(&door, &declarant) == 401).unwrap();
    assert_eq!(log_in(&door, &carrier), 200, "others are not concerned");
    let third = bundle(&suite);

    put(folder.path(), "crls/issuing.crl", &list(&issuing, 2, &[]));
    until("the refusal to go back", SOON, || suite.output().contains("what was trusted stays")).unwrap();
    put(folder.path(), "anchors/root.der", b"nothing");
    assert_eq!(log_in(&door, &declarant), 401, "an older list brings nobody back");
    assert_eq!(log_in(&door, &carrier), 200, "what was trusted stays");
    assert_eq!(bundle(&suite), third);
    suite.is_sound();
}
