//! `conformance`: published suites of cases run through the code of the edge, one line a case.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::{
    Fault, Level, PathRefusal, PathSource, Profile, Report, Revocation, Rules, SignatureRefusal, TrustError,
    TrustStore, ValidPath, VerifiedDocument, Verifier, XmlForm, xml_is_intact_under_own_key,
};
use serde_json::Value;

use super::{say, verify::from_pem};

mod messages;

/// Which suite.
#[derive(Subcommand)]
pub enum Conformance {
    /// Signatures, paths and revocation: the `cases.json` of a suite, its files beside it.
    Pki {
        /// File of cases.
        #[arg(long)]
        cases: PathBuf,
    },
    /// Scenarios of the transit system, played through the public API of a sandbox (`ecustoms up --demo`).
    Ncts {
        /// File of scenarios.
        #[arg(long)]
        scenarios: PathBuf,
        /// Folder of published messages.
        #[arg(long)]
        messages: PathBuf,
        /// Base address of the suite.
        #[arg(long, default_value = "http://127.0.0.1:8080", env = "ECUSTOMS_URL")]
        url: String,
    },
}

/// What one case came to.
enum Outcome {
    Agrees(String),
    Differs(String),
    /// Asks for nothing that is ours to judge, for this reason.
    Unasserted(&'static str),
}

fn judged(expected: bool, accepted: bool, detail: String) -> Outcome {
    if expected == accepted { Outcome::Agrees(detail) } else { Outcome::Differs(detail) }
}

/// Runs every case; the last line counts them, and a case that differs is the error.
pub async fn conformance(what: &Conformance) -> anyhow::Result<()> {
    match what {
        Conformance::Pki { cases } => pki(cases),
        Conformance::Ncts { scenarios, messages, url } => {
            let score = crate::scenarios::run(scenarios, messages, url, say).await?;
            ended(score.passed, score.failed)
        }
    }
}

fn ended(passed: u32, failed: u32) -> anyhow::Result<()> {
    say(format!("{passed} passed, {failed} failed"));
    anyhow::ensure!(failed == 0, "{failed} cases differ");
    Ok(())
}

fn pki(file: &Path) -> anyhow::Result<()> {
    let octets = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let suite: Value = serde_json::from_slice(&octets).context("the cases are no JSON")?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let (mut passed, mut failed) = (0_u32, 0_u32);
    for (name, outcome) in run(folder, &suite)? {
        match outcome {
            Outcome::Agrees(detail) => {
                passed += 1;
                say(format!("pass {name} {detail}"));
            }
            Outcome::Differs(detail) => {
                failed += 1;
                say(format!("FAIL {name} {detail}"));
            }
            Outcome::Unasserted(reason) => say(format!("none {name} {reason}")),
        }
    }
    ended(passed, failed)
}

fn run(folder: &Path, suite: &Value) -> anyhow::Result<Vec<(String, Outcome)>> {
    if let Some(signatures) = suite.get("signatures").and_then(Value::as_array) {
        let judge = |case| Ok((text(case, "file").to_owned(), xml_signature(folder, case)?));
        return signatures.iter().map(judge).collect();
    }
    if let Some(found) = messages::run(folder, suite) {
        return Ok(found);
    }
    let cases = suite.as_array().context("the suite is of no known form")?;
    let has = |field: &str| cases.first().is_some_and(|case| case.get(field).is_some());
    let judge: fn(&Path, &Value) -> anyhow::Result<Outcome> = if has("trust_anchor") {
        path_row
    } else if has("trusted_certs") {
        web_row
    } else if has("known_intermediates") {
        document
    } else if has("response") {
        status_response
    } else if has("upstream_assertions") {
        sample
    } else {
        anyhow::bail!("the suite is of no known form")
    };
    cases.iter().map(|case| Ok((name(case), judge(folder, case)?))).collect()
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn texts(case: &Value, field: &str) -> Vec<String> {
    let list = case.get(field).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn name(case: &Value) -> String {
    match case.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(id) => id.to_string(),
        None => format!("{}{}", text(case, "name"), text(case, "file")),
    }
}

fn read(folder: &Path, name: &str) -> anyhow::Result<Vec<u8>> {
    let octets = fs::read(folder.join(name)).with_context(|| format!("cannot read {name}"))?;
    if octets.starts_with(b"-----BEGIN ") || name.to_ascii_lowercase().ends_with(".pem") {
        let text = String::from_utf8_lossy(&octets);
        return from_pem(&text).with_context(|| format!("{name} is no PEM"));
    }
    Ok(octets)
}

fn instant(case: &Value, field: &str) -> anyhow::Result<DateTime<Utc>> {
    match case.get(field).and_then(Value::as_str) {
        Some(text) => Ok(DateTime::parse_from_rfc3339(text)?.with_timezone(&Utc)),
        None => Ok(SystemClock.now()),
    }
}

fn told(outcome: &Result<ValidPath, PathRefusal>) -> String {
    match outcome {
        Ok(_) => "valid".to_owned(),
        Err(refusal) => format!("{}: {}", refusal.fault(), refusal.detail()),
    }
}

/// A row of the path validation suite: a valid path whose algorithm the profile refuses by name counts as right.
fn path_row(folder: &Path, case: &Value) -> anyhow::Result<Outcome> {
    let all = |kind: &str| -> anyhow::Result<Vec<Vec<u8>>> {
        texts(case, kind).iter().map(|name| read(&folder.join(kind), name)).collect()
    };
    let certificates = folder.join("certs");
    let source = PathSource {
        anchors: vec![read(&certificates, text(case, "trust_anchor"))?],
        others: all("certs")?,
        crls: all("crls")?,
    };
    let flag = |field: &str| case.get(field).and_then(Value::as_bool).unwrap_or_default();
    let rules = Rules::new(instant(case, "time")?)
        .with_policies(&texts(case, "initial_policy_set"))?
        .with_explicit_policy(flag("explicit_policy"))
        .with_policy_mapping_inhibited(flag("inhibit_policy_mapping"))
        .with_any_policy_inhibited(flag("inhibit_any_policy"))
        .with_authorities_max(8);
    let outcome = source.validate(&read(&certificates, text(case, "end_entity"))?, &rules);
    let detail = format!("{} | {}", text(case, "title"), told(&outcome));
    let by_name = outcome.as_ref().is_err_and(|refusal| refusal.fault() == Fault::AlgorithmRefused);
    if by_name {
        return Ok(Outcome::Agrees(format!("{detail} | refused by name")));
    }
    Ok(judged(text(case, "expected") == "valid", outcome.is_ok(), detail))
}

/// Rows of the web suite that ask for what is not ours, with the reason.
const NOT_OURS: [(&str, &str); 3] = [
    ("rfc5280::ca-as-leaf-wrong-san", "names of web servers are not matched"),
    ("rfc5280::san::ip-in-dns", "names of web servers are not matched"),
    ("rfc5280::serial::negative", "the path suite demands that negative serial numbers pass (4.4.14)"),
];

/// A row of the web suite; rules of web servers and names of hosts are not ours.
fn web_row(_: &Path, case: &Value) -> anyhow::Result<Outcome> {
    let certificates = |field: &str| -> anyhow::Result<Vec<Vec<u8>>> {
        texts(case, field).iter().map(|pem| from_pem(pem).context("no PEM")).collect()
    };
    let source = PathSource {
        anchors: certificates("trusted_certs")?,
        others: certificates("untrusted_intermediates")?,
        crls: certificates("crls")?,
    };
    let revocation = if source.crls.is_empty() { Revocation::Ignored } else { Revocation::Required };
    let depth = case.get("max_chain_depth").and_then(Value::as_u64).and_then(|most| most.try_into().ok());
    let purpose = match texts(case, "extended_key_usage").first().map(String::as_str) {
        Some("clientAuth") => "1.3.6.1.5.5.7.3.2",
        _ => "1.3.6.1.5.5.7.3.1",
    };
    let rules = Rules::new(instant(case, "validation_time")?)
        .with_revocation(revocation)
        .with_purpose(purpose)?
        .with_authorities_max(depth.unwrap_or(8));
    let end = from_pem(text(case, "peer_certificate")).context("no PEM")?;
    let outcome = source.validate(&end, &rules);
    let detail = told(&outcome);
    let reason = NOT_OURS.iter().find(|(id, _)| *id == name(case)).map(|(_, reason)| *reason);
    let reason = reason.or_else(|| name(case).starts_with("webpki::").then_some("rule of web servers"));
    match (judged(text(case, "expected_result") == "SUCCESS", outcome.is_ok(), detail), reason) {
        (Outcome::Differs(_), Some(reason)) => Ok(Outcome::Unasserted(reason)),
        (outcome, _) => Ok(outcome),
    }
}

fn verifier(folder: &Path, case: &Value) -> anyhow::Result<Verifier> {
    let mut trust = TrustStore::builder(1);
    for anchor in texts(case, "trust_anchors") {
        trust.anchor(&read(folder, &anchor)?)?;
    }
    for known in texts(case, "known_intermediates") {
        trust.intermediate(&read(folder, &known)?)?;
    }
    if let Ok(authority) = read(folder, "trust/tsa.der") {
        trust.timestamp_authority(&authority, &["1.2.398.3.3.2.6.4"])?;
    }
    // Evidence that is not taken is evidence that is not there; the verdict tells.
    for list in texts(case, "crls") {
        let _ = trust.crl(&read(folder, &list)?).is_ok();
    }
    for answer in texts(case, "ocsp") {
        let _ = trust.ocsp(&read(folder, &answer)?).is_ok();
    }
    let profile = Profile::ec_sig_1().with_policies(&["1.2.398.3.3.2.1", "1.2.398.3.3.2.3"])?;
    Ok(Verifier::new(trust.build(), profile))
}

fn context<'a>(case: &'a Value, field: &str) -> &'a str {
    case.get("context").map(|context| text(context, field)).unwrap_or_default()
}

/// A signed document of the suite of our own profile.
fn document(folder: &Path, case: &Value) -> anyhow::Result<Outcome> {
    let at = instant(case, "time")?;
    let signed = read(folder, text(case, "file"))?;
    let verifier = verifier(folder, case)?;
    let outcome = if text(case, "file").starts_with("cms/") {
        let payload = read(folder, text(case, "payload"))?;
        let level = if text(case, "required_level") == "T" { Level::T } else { Level::B };
        verifier.verify_detached_at_level(&payload, &signed, at, level)
    } else {
        let form = match text(case, "required_level") {
            "XMLDSIG" => XmlForm::Plain,
            _ => XmlForm::Advanced(Level::B),
        };
        verifier.verify_xml(&signed, at, form)
    };
    Ok(document_verdict(case, outcome))
}

fn document_verdict(case: &Value, outcome: Result<VerifiedDocument, SignatureRefusal>) -> Outcome {
    let (report, accepted, authorisation): (Report, bool, String) = match outcome {
        Err(refusal) => (refusal.report().clone(), false, String::new()),
        Ok(document) => {
            let report = document.report().clone();
            match document.authorise(&[context(case, "bin")]) {
                Ok(_) => (report, true, String::new()),
                Err(refusal) => (report, false, refusal.code().as_str().to_owned()),
            }
        }
    };
    let Some(expected) = case.get("expected") else {
        return Outcome::Unasserted("asserts nothing");
    };
    let sub = report.sub_indication.map_or("", |sub| sub.as_str());
    let code = report.code.map_or("", |code| code.as_str());
    let wanted = texts(expected, "sub_indication");
    let named = if sub.is_empty() { wanted.is_empty() } else { wanted.iter().any(|known| known == sub) };
    let agrees = expected.get("accept").and_then(Value::as_bool) == Some(accepted)
        && text(expected, "indication") == report.indication.as_str()
        && text(expected, "authz") == authorisation
        && named;
    let detail = format!("{} {sub} {code} {authorisation}", report.indication.as_str());
    judged(true, agrees, detail)
}

/// A response about certificates of one issuer, or a message with damaged attributes.
fn status_response(folder: &Path, case: &Value) -> anyhow::Result<Outcome> {
    let response = read(folder, text(case, "response"))?;
    let expected = text(case, "expected") == "valid";
    let issuer = text(case, "issuer");
    if issuer.is_empty() {
        let verifier = Verifier::new(TrustStore::builder(1).build(), Profile::ec_sig_1());
        let outcome = verifier.verify_detached(&[], &response, SystemClock.now());
        let told = outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        return Ok(judged(expected, outcome.is_ok(), format!("{} | {told}", text(case, "name"))));
    }
    let mut trust = TrustStore::builder(1);
    let taken = match trust.intermediate(&read(folder, issuer)?) {
        Ok(trust) => trust.ocsp(&response).map(|_| ()),
        Err(error) => Err(error),
    };
    let told = taken.as_ref().err().map_or("taken".to_owned(), ToString::to_string);
    let detail = format!("{} | {told}", text(case, "section"));
    if matches!(taken, Err(TrustError::Algorithm(_))) {
        return Ok(Outcome::Agrees(format!("{detail} | refused by name")));
    }
    Ok(judged(expected, taken.is_ok(), detail))
}

/// A refusal by the rules of the profile, not because octets are other than signed.
const fn is_of_the_profile(fault: Fault) -> bool {
    !matches!(fault, Fault::DigestMismatch | Fault::Invalid)
}

/// A published XML signature with its key inside: outside the profile a refusal by name is right.
fn xml_signature(folder: &Path, case: &Value) -> anyhow::Result<Outcome> {
    let outcome = xml_is_intact_under_own_key(&read(folder, text(case, "file"))?);
    let expected = text(case, "expected") == "valid";
    Ok(match outcome {
        Ok(()) => judged(expected, true, "intact".to_owned()),
        Err(refusal) => {
            let agrees = !expected || is_of_the_profile(refusal.fault());
            judged(true, agrees, format!("{}: {}", refusal.fault(), refusal.detail()))
        }
    })
}

/// A sample of other software, none of whose anchors are given: never accepted, and refused for what it is.
fn sample(folder: &Path, case: &Value) -> anyhow::Result<Outcome> {
    let file = text(case, "file");
    let octets = fs::read(folder.join(file)).with_context(|| format!("cannot read {file}"))?;
    let verifier = Verifier::new(TrustStore::builder(1).build(), Profile::ec_sig_1());
    let at = SystemClock.now();
    let is_xml = octets.iter().find(|octet| !octet.is_ascii_whitespace()) == Some(&b'<');
    let outcome = if is_xml || octets.starts_with(b"\xef\xbb\xbf") {
        verifier.verify_xml(&octets, at, XmlForm::Advanced(Level::B))
    } else {
        verifier.verify_attached(&octets, at, Level::B).map(|(_, document)| document)
    };
    let Err(refusal) = outcome else { return Ok(Outcome::Differs("accepted without an anchor".to_owned())) };
    let detail = format!("{}: {}", refusal.fault(), refusal.detail());
    let valid = text(case, "expected") == "valid";
    Ok(judged(true, !valid || is_of_the_profile(refusal.fault()), detail))
}
