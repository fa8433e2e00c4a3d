//! Certification path of one certificate at one instant, and the revocation status of every certificate in it.

use chrono::{DateTime, TimeDelta, Utc};
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509StoreContext};

use crate::algorithm::{self, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::der::DerError;
use crate::fault::Fault;
use crate::report::{Finding, RevocationFacts, RevocationStatus, Step};
use crate::trust::TrustStore;

/// Most authorities between the certificate and its anchor.
const INTERMEDIATES_MAX: i32 = 4;
/// How far the clock of an issuer may run ahead of ours.
pub(crate) const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

/// A valid path: the encodings from the end certificate up to and including the anchor.
#[derive(Debug)]
pub(crate) struct Path {
    certificates: Vec<Vec<u8>>,
}

/// Revocation evidence of a whole path and the time in which all of it holds.
#[derive(Debug)]
pub(crate) struct Status {
    pub(crate) evidence: Vec<RevocationFacts>,
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

/// Finds the path of `leaf` to an anchor valid at `at`; `embedded` certificates may help but are not trusted.
pub(crate) fn build(
    store: &TrustStore,
    leaf: &Certificate<'_>,
    embedded: &[&[u8]],
    at: DateTime<Utc>,
) -> Result<Path, Finding> {
    let library = |_: ErrorStack| damaged("a certificate of the path cannot be read");
    let target = X509::from_der(leaf.raw).map_err(library)?;
    let others = others(store, leaf, embedded).map_err(library)?;
    let mut found = attempt(store, &target, &others, at.timestamp()).map_err(library)?;
    if found.fault == Some(Fault::CertExpired) {
        // The library takes notAfter as the first instant outside; RFC 5280 4.1.2.5 takes it as the last one inside.
        found = attempt(store, &target, &others, at.timestamp().saturating_sub(1)).map_err(library)?;
    }
    if let Some(fault) = found.fault {
        return Err(Finding::new(Step::Chain, fault, found.detail));
    }
    let path = Path { certificates: found.certificates };
    path.constrain(at)?;
    Ok(path)
}

struct Attempt {
    fault: Option<Fault>,
    detail: String,
    certificates: Vec<Vec<u8>>,
}

fn attempt(store: &TrustStore, target: &X509, others: &Stack<X509>, at: i64) -> Result<Attempt, ErrorStack> {
    let anchors = anchors(store, at)?;
    X509StoreContext::new()?.init(&anchors, target, others, |context| {
        let good = context.verify_cert()?;
        let mut certificates = Vec::new();
        for link in context.chain().into_iter().flatten() {
            certificates.push(link.to_der()?);
        }
        let error = context.error();
        Ok(Attempt {
            fault: (!good).then(|| chain_fault(error.as_raw())),
            detail: format!("{} (at depth {})", error.error_string(), context.error_depth()),
            certificates,
        })
    })
}

fn anchors(store: &TrustStore, at: i64) -> Result<X509Store, ErrorStack> {
    let mut param = X509VerifyParam::new()?;
    param.set_time(at);
    param.set_depth(INTERMEDIATES_MAX);
    param.set_flags(X509VerifyFlags::CHECK_SS_SIGNATURE | X509VerifyFlags::POLICY_CHECK)?;
    let mut builder = X509StoreBuilder::new()?;
    for anchor in &store.anchors {
        builder.add_cert(anchor.x509.clone())?;
    }
    builder.set_param(&param)?;
    Ok(builder.build())
}

fn others(store: &TrustStore, leaf: &Certificate<'_>, embedded: &[&[u8]]) -> Result<Stack<X509>, ErrorStack> {
    let mut others = Stack::new()?;
    for known in &store.intermediates {
        others.push(known.x509.clone())?;
    }
    for raw in embedded.iter().filter(|raw| **raw != leaf.raw) {
        // An embedded certificate that cannot be read cannot help; it is not part of what was signed.
        if let Ok(certificate) = X509::from_der(raw) {
            others.push(certificate)?;
        }
    }
    Ok(others)
}

fn damaged(detail: &str) -> Finding {
    Finding::new(Step::Chain, Fault::CertDamaged, detail)
}

/// The fault behind a verification result of the library (`X509_V_ERR_*`).
const fn chain_fault(result: i32) -> Fault {
    match result {
        9 => Fault::CertNotYetValid,
        10 => Fault::CertExpired,
        2 | 18..=21 | 27 | 28 => Fault::CertUntrusted,
        66..=68 => Fault::AlgorithmRefused,
        3..=8 | 11..=17 => Fault::CertDamaged,
        _ => Fault::CertChain,
    }
}

impl Path {
    /// Validity, keys and algorithms of every certificate; of the anchor, whose signature says nothing, not the last.
    fn constrain(&self, at: DateTime<Utc>) -> Result<(), Finding> {
        let refused = |fault: algorithm::AlgorithmFault| {
            let fault_kind = if fault.fault == Fault::Malformed { Fault::CertDamaged } else { fault.fault };
            Finding::new(Step::Chain, fault_kind, format!("certificate of the path: {}", fault.detail))
        };
        for (depth, raw) in self.certificates.iter().enumerate() {
            let certificate =
                Certificate::parse(raw).map_err(|error: DerError| damaged(&error.to_string()))?;
            if at < certificate.not_before {
                return Err(Finding::new(
                    Step::Chain,
                    Fault::CertNotYetValid,
                    "certificate is not yet valid",
                ));
            }
            if at > certificate.not_after {
                return Err(Finding::new(Step::Chain, Fault::CertExpired, "certificate has expired"));
            }
            algorithm::public_key(certificate.spki).map_err(refused)?;
            if depth + 1 < self.certificates.len() {
                SignatureAlgorithm::read(certificate.algorithm, None).map_err(refused)?;
            }
        }
        Ok(())
    }

    /// Revocation status of every certificate below the anchor; the first that is not good ends it.
    pub(crate) fn status(
        &self,
        store: &TrustStore,
        at: DateTime<Utc>,
    ) -> Result<Status, (Finding, Vec<RevocationFacts>)> {
        let mut status =
            Status { evidence: Vec::new(), from: DateTime::<Utc>::MIN_UTC, until: DateTime::<Utc>::MAX_UTC };
        for raw in &self.certificates {
            let Ok(certificate) = Certificate::parse(raw) else { continue };
            status.from = status.from.max(certificate.not_before);
            status.until = status.until.min(certificate.not_after);
        }
        for pair in self.certificates.windows(2) {
            let [subject, issuer] = pair else { continue };
            let (Ok(subject), Ok(issuer)) = (Certificate::parse(subject), Certificate::parse(issuer)) else {
                return Err((damaged("a certificate of the path cannot be read"), status.evidence));
            };
            let evidence = evidence(store, &subject, &issuer, at);
            match judge(&evidence, at) {
                Ok(used) => {
                    status.from = status.from.max(used.this_update - CLOCK_SKEW);
                    status.until = status.until.min(used.next_update);
                    status.evidence.push(used.clone());
                }
                Err((fault, detail)) => {
                    status.evidence.extend(evidence);
                    let detail = format!("{detail}: certificate {}", hex::encode(subject.serial));
                    return Err((Finding::new(Step::Revocation, fault, detail), status.evidence));
                }
            }
        }
        Ok(status)
    }
}

/// Everything at hand about one certificate.
fn evidence(
    store: &TrustStore,
    subject: &Certificate<'_>,
    issuer: &Certificate<'_>,
    at: DateTime<Utc>,
) -> Vec<RevocationFacts> {
    let issuer_id = issuer.issuer_id();
    let sha256 = subject.sha256();
    let crl = store.crl(&issuer_id);
    let listed = crl.and_then(|crl| crl.status(subject.serial, subject.extensions.is_authority, &sha256));
    let mut found: Vec<RevocationFacts> = listed.into_iter().collect();
    for answer in store.answers() {
        found.extend(answer.status(&issuer_id, subject, at));
    }
    found
}

/// The newest fresh evidence when it says good; a revocation counts however old its evidence is.
fn judge(evidence: &[RevocationFacts], at: DateTime<Utc>) -> Result<&RevocationFacts, (Fault, &'static str)> {
    if evidence.iter().any(|facts| facts.status == RevocationStatus::Revoked) {
        return Err((Fault::CertRevoked, "revoked"));
    }
    let fresh = evidence.iter().filter(|facts| {
        let known = facts.status != RevocationStatus::Unknown;
        known && facts.this_update - CLOCK_SKEW <= at && at <= facts.next_update
    });
    match fresh.max_by_key(|facts| facts.this_update) {
        Some(facts) if facts.status == RevocationStatus::Good => Ok(facts),
        Some(_) => Err((Fault::CertOnHold, "on hold")),
        None => Err((Fault::StatusUnavailable, "no fresh revocation status")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path as FilePath;

    use super::*;

    /// Rows that ask for nothing beyond the profile: any policy, no policy switches.
    #[test]
    fn no_invalid_path_of_pkits_is_accepted() {
        let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-pkits");
        let Ok(cases) = fs::read(folder.join("cases.json")) else {
            println!("skipped: the shared path corpus is not here");
            return;
        };
        let cases: Vec<serde_json::Value> = serde_json::from_slice(&cases).unwrap();
        let (mut right, mut valid, mut wrong) = (0, 0, Vec::new());
        for case in cases.iter().filter(|case| is_plain(case)) {
            let expected = case["expected"] == "valid";
            let accepted = accepts(&folder, case);
            valid += u32::from(expected);
            right += u32::from(expected && accepted);
            if accepted && !expected {
                wrong.push(case["title"].to_string());
            }
        }
        println!("{right} of {valid} valid paths are accepted");
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(right >= 28, "{right}");
    }

    fn is_plain(case: &serde_json::Value) -> bool {
        let switches = ["explicit_policy", "inhibit_policy_mapping", "inhibit_any_policy"];
        case["initial_policy_set"][0] == "2.5.29.32.0" && switches.iter().all(|switch| case[*switch] == false)
    }

    fn accepts(folder: &FilePath, case: &serde_json::Value) -> bool {
        let read = |kind: &str, name: &serde_json::Value| {
            fs::read(folder.join(kind).join(name.as_str().unwrap())).unwrap()
        };
        let names = |key: &str| case[key].as_array().unwrap().clone();
        let mut trust = TrustStore::builder(1);
        let anchor = read("certs", &case["trust_anchor"]);
        if trust.anchor(&anchor).is_err() {
            return false;
        }
        let others: Vec<Vec<u8>> = names("certs").iter().map(|name| read("certs", name)).collect();
        for other in &others {
            // What is no authority cannot be one; the path must fail without it.
            let _ = trust.intermediate(other).is_ok();
        }
        for crl in names("crls") {
            let _ = trust.crl(&read("crls", &crl)).is_ok();
        }
        let at: DateTime<Utc> = case["time"].as_str().unwrap().parse().unwrap();
        let leaf = read("certs", &case["end_entity"]);
        let Ok(leaf) = Certificate::parse(&leaf) else { return false };
        let embedded: Vec<&[u8]> = others.iter().map(Vec::as_slice).collect();
        let trust = trust.build();
        build(&trust, &leaf, &embedded, at).is_ok_and(|path| path.status(&trust, at).is_ok())
    }
}
