//! Revocation status of a path from the evidence that a trust store holds ready.

use chrono::{DateTime, Utc};

use super::{CLOCK_SKEW, Path, damaged};
use crate::certificate::Certificate;
use crate::fault::Fault;
use crate::report::{Finding, RevocationFacts, RevocationStatus, Step};
use crate::trust::TrustStore;

/// Revocation evidence of a whole path and the time in which all of it holds.
#[derive(Debug)]
pub(crate) struct Status {
    pub(crate) evidence: Vec<RevocationFacts>,
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

impl Path {
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
