//! Anchors, issuing authorities and lists of revoked certificates are exchanged under load: no verdict is ever wrong.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::issue::{Authority, Credential, KeyKind, RevocationReason, Revoked, Usage};
use customs_testkit::until;

use crate::{
    client::{Answer, Door, Person, SIGNATURE, sign},
    documents::{lrn, xml},
    signatures::{days, subject},
    suite::Suite,
    trust::opened,
};

const SOON: Duration = Duration::from_mins(1);
/// Verdicts that every signer must have had under a bundle before the next one comes.
const VERDICTS: usize = 8;
/// What is trusted, one after the other.
const STAGES: [&str; 5] = ["old alone", "old and new", "one revoked", "a later list", "new alone"];

type Files = BTreeMap<&'static str, Vec<u8>>;

/// Somebody who lodges all the time, and under which stages that is right.
struct Signer {
    name: &'static str,
    credential: Credential,
    trusted: [bool; STAGES.len()],
}

/// Where the rotation stands: `begun` may be in force, up to `confirmed` is.
#[derive(Default)]
struct Course {
    begun: AtomicUsize,
    confirmed: AtomicUsize,
    ended: AtomicBool,
    verdicts: [[AtomicUsize; 3]; STAGES.len()],
    wrong: Mutex<Vec<String>>,
}

impl Course {
    /// Lodges in the name of `declarant` with the signature of `signer` until the end.
    fn lodge(&self, declarant: &Person, (place, signer): (usize, &Signer)) {
        while !self.ended.load(SeqCst) {
            let content = xml(declarant, &lrn());
            let signature = sign(&signer.credential, content.as_bytes());
            let request = declarant.effect("/movements/departures").header("Content-Type", "application/xml");
            let from = self.confirmed.load(SeqCst);
            let answer = Answer::to(request.header(SIGNATURE, signature).body(content));
            let to = self.begun.load(SeqCst);
            let accepted = answer.status == 202;
            let right = signer.trusted[from..=to].contains(&accepted) && (accepted || answer.status == 422);
            if !right {
                let stages = (STAGES[from], STAGES[to]);
                let text = answer.text();
                self.wrong
                    .lock()
                    .unwrap()
                    .push(format!("{} {stages:?} {}: {text}", signer.name, answer.status));
            }
            if from == to {
                self.verdicts[from][place].fetch_add(1, SeqCst);
            }
        }
    }

    /// That every signer has had verdicts enough under `stage`.
    fn waits(&self, stage: usize) {
        let enough = || self.verdicts[stage].iter().all(|count| count.load(SeqCst) >= VERDICTS);
        until(STAGES[stage], SOON, enough).unwrap();
    }
}

/// Ends what runs beside, also when the test fails.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// Puts `files` in the place of all that lies there, in one step, as a mounted volume is exchanged.
fn exchange(folder: &Path, stage: &str, files: &Files) {
    let next = folder.join(stage);
    for (name, octets) in files {
        let file = next.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, octets).unwrap();
    }
    symlink(&next, folder.join("next")).unwrap();
    fs::rename(folder.join("next"), folder.join("current")).unwrap();
}

/// A list of `authority` that is later than all before, of which `revoked` is one.
fn list(authority: &Authority, number: u64, revoked: &[&Credential]) -> Vec<u8> {
    let now = SystemClock.now();
    let entry =
        |it: &&Credential| Revoked::new(it.certificate(), now, RevocationReason::KeyCompromise).unwrap();
    let revoked: Vec<_> = revoked.iter().map(entry).collect();
    authority.revocation_list(number, now, now + TimeDelta::days(1), &revoked).unwrap()
}

fn bundle(suite: &Suite) -> String {
    let told = Door::new(&format!("http://127.0.0.1:{}", suite.operations())).get("/trust").json();
    told["sha256"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_rotation_under_load_refuses_nobody_who_is_trusted_and_takes_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let stranger = Authority::root("Somebody's Root", KeyKind::P256, days(-1, 30)).unwrap();
    exchange(folder.path(), "none", &[("anchors/stranger.der", stranger.certificate().unwrap())].into());
    let current = folder.path().join("current");
    let mut suite = Suite::with(&[
        ("ECUSTOMS_TRUST_DIR", current.to_str().unwrap()),
        ("ECUSTOMS_LIMITS__REQUESTS_MAX", "1000000"),
    ]);
    let ((root, root_der), (issuing, issuing_der)) = (opened(&suite, "root"), opened(&suite, "issuing"));
    let next_root = Authority::root("Next Root", KeyKind::P256, days(-1, 30)).unwrap();
    let next_issuing = next_root.issuing("Next Issuing", KeyKind::P256, days(-1, 30)).unwrap();
    let named = subject("Aigerim Sadykova", "901122401178", "150640012341");
    let signer = |name, by: &Authority, trusted| {
        let credential = by.issue(&named, Usage::Signing, KeyKind::P256, days(-1, 20)).unwrap();
        Signer { name, credential, trusted }
    };
    let signers = [
        signer("of the old authority", &issuing, [true, true, true, true, false]),
        signer("of the new authority", &next_issuing, [false, true, true, true, true]),
        signer("revoked on the way", &issuing, [true, true, false, false, false]),
    ];

    let old: Files = [
        ("anchors/root.der", root_der),
        ("intermediates/issuing.der", issuing_der),
        ("crls/root.crl", list(&root, 101, &[])),
        ("crls/issuing.crl", list(&issuing, 101, &[])),
    ]
    .into();
    let new: Files = [
        ("anchors/next-root.der", next_root.certificate().unwrap()),
        ("intermediates/next-issuing.der", next_issuing.certificate().unwrap()),
        ("crls/next-root.crl", list(&next_root, 1, &[])),
        ("crls/next-issuing.crl", list(&next_issuing, 1, &[])),
    ]
    .into();
    let both: Files = old.clone().into_iter().chain(new.clone()).collect();
    let mut revoked = both.clone();
    revoked.insert("crls/issuing.crl", list(&issuing, 102, &[&signers[2].credential]));
    let mut later = revoked.clone();
    later.insert("crls/next-issuing.crl", list(&next_issuing, 2, &[]));
    let mut last = new;
    last.insert("crls/next-issuing.crl", list(&next_issuing, 3, &[]));

    let takes = |stage: &str, files: &Files| {
        let known = bundle(&suite);
        exchange(folder.path(), stage, files);
        until(stage, SOON, || bundle(&suite) != known).unwrap();
    };
    takes(STAGES[0], &old);
    let declarant = suite.door().log_in("declarant");
    let course = Course::default();
    thread::scope(|scope| {
        let ends = Ends(&course.ended);
        for numbered in signers.iter().enumerate() {
            let (course, declarant) = (&course, &declarant);
            scope.spawn(move || course.lodge(declarant, numbered));
        }
        course.waits(0);
        for (before, files) in [both, revoked, later, last].iter().enumerate() {
            let stage = before + 1;
            course.begun.store(stage, SeqCst);
            takes(STAGES[stage], files);
            course.confirmed.store(stage, SeqCst);
            course.waits(stage);
        }
        drop(ends);
    });
    assert_eq!(course.wrong.lock().unwrap().as_slice(), [""; 0]);
    suite.is_sound();
}
