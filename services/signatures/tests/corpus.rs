//! Every case of the shared signature corpus gets the verdict it is listed with.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use customs_signatures::{
    Code, Level, Profile, Report, SignatureRefusal, TrustStore, VerifiedDocument, Verifier, XmlForm,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    id: String,
    file: String,
    payload: Option<String>,
    time: DateTime<Utc>,
    trust_anchors: Vec<String>,
    known_intermediates: Vec<String>,
    crls: Vec<String>,
    ocsp: Vec<String>,
    required_level: String,
    context: Context,
    expected: Expected,
}

#[derive(Deserialize)]
struct Context {
    bin: String,
}

#[derive(Deserialize)]
struct Expected {
    accept: bool,
    indication: String,
    #[serde(default)]
    sub_indication: Vec<String>,
    authz: Option<Code>,
}

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-own");
    folder.join("cases.json").exists().then_some(folder)
}

fn verifier(folder: &Path, case: &Case) -> Verifier {
    let read = |name: &String| fs::read(folder.join(name)).unwrap();
    let mut trust = TrustStore::builder(1);
    for anchor in &case.trust_anchors {
        trust.anchor(&read(anchor)).unwrap();
    }
    for known in &case.known_intermediates {
        trust.intermediate(&read(known)).unwrap();
    }
    trust.timestamp_authority(&read(&"trust/tsa.der".to_owned()), &["1.2.398.3.3.2.6.4"]).unwrap();
    for evidence in &case.crls {
        if let Err(error) = trust.crl(&read(evidence)) {
            println!("{}: {evidence} is not taken: {error}", case.id);
        }
    }
    for evidence in &case.ocsp {
        if let Err(error) = trust.ocsp(&read(evidence)) {
            println!("{}: {evidence} is not taken: {error}", case.id);
        }
    }
    let profile = Profile::ec_sig_1().with_policies(&["1.2.398.3.3.2.1", "1.2.398.3.3.2.3"]).unwrap();
    Verifier::new(trust.build(), profile)
}

/// What disagrees, if anything.
fn disagreement(folder: &Path, case: &Case) -> Option<String> {
    let signature = fs::read(folder.join(&case.file)).unwrap();
    let payload = case.payload.as_ref().map(|payload| fs::read(folder.join(payload)).unwrap());
    let verifier = verifier(folder, case);
    let verify = || match (&payload, case.required_level.as_str()) {
        (Some(payload), "T") => verifier.verify_detached_at_level(payload, &signature, case.time, Level::T),
        (Some(payload), _) => verifier.verify_detached_at_level(payload, &signature, case.time, Level::B),
        (None, "XMLDSIG") => verifier.verify_xml(&signature, case.time, XmlForm::Plain),
        (None, _) => verifier.verify_xml(&signature, case.time, XmlForm::Advanced(Level::B)),
    };
    let outcome = verify();
    let (report, accepted, authorisation) = match outcome {
        Err(refusal) => (refusal.report().clone(), false, None),
        Ok(document) => {
            let report = document.report().clone();
            match document.authorise(&[&case.context.bin]) {
                Ok(_) => (report, true, None),
                Err(refusal) => (report, false, Some(refusal.code())),
            }
        }
    };
    let sub = report.sub_indication.map(|sub| sub.as_str().to_owned());
    let sub_agrees = match &sub {
        None => case.expected.sub_indication.is_empty(),
        Some(sub) => case.expected.sub_indication.contains(sub),
    };
    let agrees = accepted == case.expected.accept
        && report.indication.as_str() == case.expected.indication
        && authorisation == case.expected.authz
        && sub_agrees;
    let again = verify().is_ok();
    let same_again = again == (report.code.is_none());
    (!agrees || !same_again).then(|| {
        format!("{}: accepted {accepted}, {:?} {sub:?} {:?}", case.id, report.indication, report.code)
    })
}

#[test]
fn every_case_gets_its_verdict() {
    let Some(folder) = corpus() else {
        println!("skipped: the shared signature corpus is not here");
        return;
    };
    let cases: Vec<Case> = serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let wrong: Vec<String> = cases.iter().filter_map(|case| disagreement(&folder, case)).collect();
    println!("{} of {} cases agree", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(cases.len() >= 68);
}

/// What is told of `octets`, wherever it is verified.
fn told(outcome: Result<VerifiedDocument, SignatureRefusal>) -> Report {
    outcome.map_or_else(|refusal| refusal.report().clone(), |document| document.report().clone())
}

/// How many verdicts on `case`, and on what it becomes with an octet changed, were quick; each must be the slow one.
fn quick_verdicts(folder: &Path, case: &Case) -> usize {
    let Some(payload) = &case.payload else { return 0 };
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let (payload, message) = (read(payload), read(&case.file));
    let level = if case.required_level == "T" { Level::T } else { Level::B };
    let verifier = verifier(folder, case);
    let _ = verifier.verify_detached_at_level(&payload, &message, case.time, Level::B);
    let mut counted = 0;
    let mut hold = |slow: &Verifier, payload: &[u8], message: &[u8]| {
        if let Some(quick) = verifier.verify_detached_if_quick(payload, message, case.time, level) {
            let slow = slow.verify_detached_at_level(payload, message, case.time, level);
            assert_eq!(told(quick), told(slow), "{}", case.id);
            counted += 1;
        }
    };
    let longer = [payload.as_slice(), b" "].concat();
    for payload in [&payload, &longer] {
        let knows_nobody = Verifier::new(verifier.trust().next(1).build(), verifier.profile().clone());
        hold(&knows_nobody, payload, &message);
    }
    for at in (0..message.len()).step_by(5) {
        let mut changed = message.clone();
        changed[at] ^= 0x41;
        hold(&verifier, &payload, &changed);
    }
    counted
}

#[test]
fn a_quick_verdict_is_never_another_one() {
    let Some(folder) = corpus() else {
        println!("skipped: the shared signature corpus is not here");
        return;
    };
    let cases: Vec<Case> = serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let quick: usize = cases.iter().map(|case| quick_verdicts(&folder, case)).sum();
    println!("{quick} quick verdicts");
    assert!(quick > 100, "{quick}");
}
