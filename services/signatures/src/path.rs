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
    let anchors = anchors(store, at).map_err(library)?;
    let others = others(store, leaf, embedded).map_err(library)?;
    let mut context = X509StoreContext::new().map_err(library)?;
    let outcome = context.init(&anchors, &target, &others, |context| {
        let good = context.verify_cert()?;
        let chain = context
            .chain()
            .map(|chain| chain.iter().map(|link| link.to_der()).collect::<Result<Vec<_>, _>>());
        let error = (context.error(), context.error_depth());
        Ok((good, error, chain.transpose()?.unwrap_or_default()))
    });
    let (good, (error, depth), certificates) = outcome.map_err(library)?;
    if !good {
        let detail = format!("{} (at depth {depth})", error.error_string());
        return Err(Finding::new(Step::Chain, chain_fault(error.as_raw()), detail));
    }
    let path = Path { certificates };
    path.constrain()?;
    Ok(path)
}

fn anchors(store: &TrustStore, at: DateTime<Utc>) -> Result<X509Store, ErrorStack> {
    let mut param = X509VerifyParam::new()?;
    param.set_time(at.timestamp());
    param.set_depth(INTERMEDIATES_MAX);
    param.set_flags(X509VerifyFlags::CHECK_SS_SIGNATURE)?;
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
    /// Algorithms and keys of the profile in every certificate that is not the anchor, and the anchor's key.
    fn constrain(&self) -> Result<(), Finding> {
        let refused = |fault: algorithm::AlgorithmFault| {
            let fault_kind = if fault.fault == Fault::Malformed { Fault::CertDamaged } else { fault.fault };
            Finding::new(Step::Chain, fault_kind, format!("certificate of the path: {}", fault.detail))
        };
        for (depth, raw) in self.certificates.iter().enumerate() {
            let certificate =
                Certificate::parse(raw).map_err(|error: DerError| damaged(&error.to_string()))?;
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
