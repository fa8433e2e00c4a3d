//! From the outcomes of the signers to one report: the worst verdict wins, all are told.

use chrono::{DateTime, Utc};

use crate::fault::{Fault, Indication};
use crate::identity::Identity;
use crate::report::{
    self, Algorithms, CertificateFacts, CheckResult, Coverage, Finding, Level, Report, RevocationFacts,
    SignerReport, Step, TimestampFacts,
};
use crate::trust::SignerEntry;

/// How much of a signature its report is named by: hashing all of it would cost as much as a verification of RSA does.
const ID_OCTETS: usize = 512;

/// What is learnt of one signer on the way.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) certificate: Option<CertificateFacts>,
    pub(crate) identity: Option<Identity>,
    pub(crate) claimed_signing_time: Option<DateTime<Utc>>,
    pub(crate) stamped_at: Option<DateTime<Utc>>,
    pub(crate) algorithms: Option<Algorithms>,
    pub(crate) other_signed_attributes: Vec<String>,
    pub(crate) revocation: Vec<RevocationFacts>,
    pub(crate) timestamps: Vec<TimestampFacts>,
}

impl Draft {
    pub(crate) fn take_entry(&mut self, entry: &SignerEntry) {
        self.certificate = Some(entry.facts.clone());
        self.identity = Some(entry.identity.clone());
    }
}

/// The report in the making.
#[derive(Debug)]
pub(crate) struct Summary {
    id: String,
    payload_sha256: [u8; 32],
    received_at: DateTime<Utc>,
    demanded: Level,
    level: Option<Level>,
    root: Option<String>,
    signers: Vec<SignerReport>,
    worst: Option<Finding>,
}

impl Summary {
    pub(crate) fn new(
        payload_sha256: [u8; 32],
        signature: &[u8],
        received_at: DateTime<Utc>,
        demanded: Level,
    ) -> Self {
        // Where two messages over one payload differ, they differ in their length or in the values at their end.
        let end = signature.get(signature.len().saturating_sub(ID_OCTETS)..).unwrap_or(signature);
        let mut id = openssl::sha::Sha256::new();
        id.update(&payload_sha256);
        id.update(&u64::try_from(signature.len()).unwrap_or(u64::MAX).to_be_bytes());
        id.update(end);
        id.update(&received_at.timestamp().to_be_bytes());
        id.update(&received_at.timestamp_subsec_nanos().to_be_bytes());
        let id = hex::encode(id.finish().first_chunk::<16>().copied().unwrap_or_default());
        Self {
            id,
            payload_sha256,
            received_at,
            demanded,
            level: None,
            root: None,
            signers: Vec::new(),
            worst: None,
        }
    }

    /// The message as a whole is not taken; there is no signer to speak of.
    pub(crate) fn refuse(&mut self, finding: Finding) {
        self.worst = Some(finding);
    }

    /// Tells the root element of the signed document.
    pub(crate) fn covers(&mut self, root: &str) {
        self.root = Some(root.to_owned());
    }

    pub(crate) fn add(&mut self, draft: Draft, outcome: Result<(), Finding>) {
        let finding = outcome.err();
        let reached = if draft.stamped_at.is_some() { Level::T } else { Level::B };
        self.level = Some(self.level.map_or(reached, |level| level.min(reached)));
        let fault = finding.as_ref().map(|finding| finding.fault);
        let skipped: &[Step] = if draft.timestamps.is_empty() { &[Step::Timestamp] } else { &[] };
        let mut checks = report::checks(finding.as_ref(), skipped);
        if let Some(line) = checks.iter_mut().find(|line| line.step == Step::Timestamp)
            && line.result == CheckResult::Ok
            && draft.stamped_at.is_none()
        {
            // Level B does not ask for it: a bad token is told among the timestamps and counts for nothing.
            line.result = CheckResult::Skipped;
        }
        self.signers.push(SignerReport {
            indication: fault.map_or(Indication::TotalPassed, Fault::indication),
            sub_indication: fault.and_then(Fault::sub_indication),
            certificate: draft.certificate,
            identity: draft.identity,
            claimed_signing_time: draft.claimed_signing_time,
            best_signature_time: draft.stamped_at.unwrap_or(self.received_at).min(self.received_at),
            algorithms: draft.algorithms,
            other_signed_attributes: draft.other_signed_attributes,
            checks,
            revocation: draft.revocation,
            timestamps: draft.timestamps,
        });
        if rank(finding.as_ref()) > rank(self.worst.as_ref()) {
            self.worst = finding;
        }
    }

    /// The finished report, and the finding behind its verdict when it is a refusal.
    pub(crate) fn finish(self, policy: &str, trust_list_seq: u64) -> (Report, Option<Finding>) {
        let fault = self.worst.as_ref().map(|finding| finding.fault);
        let report = Report {
            version: 1,
            id: self.id,
            received_at: self.received_at,
            policy: policy.to_owned(),
            trust_list_seq,
            indication: fault.map_or(Indication::TotalPassed, Fault::indication),
            sub_indication: fault.and_then(Fault::sub_indication),
            code: fault.map(Fault::code),
            demanded_level: self.demanded,
            level: self.level.unwrap_or(Level::B),
            signers: self.signers,
            coverage: Coverage { payload_sha256: hex::encode(self.payload_sha256), signed_root: self.root },
            authorisation: None,
            retry_after: fault.and_then(Fault::retry_after),
        };
        (report, self.worst)
    }
}

/// How bad a finding is: certain failure over doubt, lasting doubt over one that passes, doubt over none.
fn rank(finding: Option<&Finding>) -> u8 {
    match finding {
        None => 0,
        Some(finding) if finding.fault.retryable() => 1,
        Some(finding) if finding.fault.indication() == Indication::Indeterminate => 2,
        Some(_) => 3,
    }
}
