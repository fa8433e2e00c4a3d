//! The validation report, version 1, as REST, GraphQL and the archive carry it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fault::{Code, Fault, Indication, SubIndication};
use crate::identity::Identity;

/// Building block of the validation, in the order it runs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the building blocks of EN 319 102-1")]
pub enum Step {
    Format,
    Ident,
    Crypto,
    Chain,
    Revocation,
    Timestamp,
    Acceptance,
}

impl Step {
    pub(crate) const ORDER: [Self; 7] = [
        Self::Format,
        Self::Ident,
        Self::Crypto,
        Self::Chain,
        Self::Revocation,
        Self::Timestamp,
        Self::Acceptance,
    ];
}

/// Outcome of one building block.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the three outcomes need no second sentence")]
pub enum CheckResult {
    Ok,
    Fail,
    Skipped,
}

/// One building block's line in the report.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Which building block.
    pub step: Step,
    /// How it ended.
    pub result: CheckResult,
    /// Stable code when it failed.
    pub code: Option<Code>,
    /// What was seen, in English, for the person who reads the report.
    pub detail: Option<String>,
}

/// Signature level in the sense of the ETSI baseline.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Level {
    /// Basic signature.
    B,
    /// Basic signature with a good signature timestamp.
    T,
}

/// Facts of a certificate.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// SHA-256 of the certificate's DER, hexadecimal.
    pub sha256: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Subject name, in its order.
    pub subject: String,
    /// Issuer name, in its order.
    pub issuer: String,
    /// Start of validity.
    pub not_before: DateTime<Utc>,
    /// End of validity.
    pub not_after: DateTime<Utc>,
}

/// Algorithms of one signature.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Algorithms {
    /// Digest algorithm.
    pub digest: String,
    /// Signature algorithm.
    pub signature: String,
    /// Size of the key in bits.
    pub key_bits: u32,
}

/// Kind of revocation evidence.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the two kinds need no second sentence")]
pub enum RevocationSource {
    Crl,
    Ocsp,
}

/// Status a piece of revocation evidence gives.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the statuses of RFC 5280 and RFC 6960")]
pub enum RevocationStatus {
    Good,
    Revoked,
    OnHold,
    Unknown,
}

/// Revocation evidence used for one certificate of the path.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevocationFacts {
    /// SHA-256 of the certificate whose status this is, hexadecimal.
    pub cert: String,
    /// Kind of evidence.
    pub source: RevocationSource,
    /// Start of the evidence's validity.
    pub this_update: DateTime<Utc>,
    /// End of the evidence's validity.
    pub next_update: DateTime<Utc>,
    /// CRL number, hexadecimal.
    pub number: Option<String>,
    /// The status.
    pub status: RevocationStatus,
    /// Reason of the revocation (RFC 5280, 5.3.1).
    pub reason: Option<String>,
}

/// One signature timestamp (RFC 3161).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimestampFacts {
    /// Time the authority states.
    pub time: Option<DateTime<Utc>>,
    /// Subject of the authority's certificate.
    pub authority: Option<String>,
    /// Policy the token was issued under.
    pub policy: Option<String>,
    /// Serial number of the token, hexadecimal.
    pub serial: Option<String>,
    /// Whether it counts.
    pub result: CheckResult,
    /// Stable code when it does not.
    pub code: Option<Code>,
    /// What was seen.
    pub detail: Option<String>,
}

/// Verdict on one signer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignerReport {
    /// Main indication.
    pub indication: Indication,
    /// Sub-indication.
    pub sub_indication: Option<SubIndication>,
    /// The signer's certificate, when it was found.
    pub certificate: Option<CertificateFacts>,
    /// Who the certificate names.
    pub identity: Option<Identity>,
    /// Time the signer claims; informative.
    pub claimed_signing_time: Option<DateTime<Utc>>,
    /// Earliest time at which the signature provably existed.
    pub best_signature_time: DateTime<Utc>,
    /// Algorithms of the signature.
    pub algorithms: Option<Algorithms>,
    /// Signed attributes beyond those of the profile, dotted.
    pub other_signed_attributes: Vec<String>,
    /// The building blocks in order.
    pub checks: Vec<Check>,
    /// Revocation evidence used.
    pub revocation: Vec<RevocationFacts>,
    /// Signature timestamps found.
    pub timestamps: Vec<TimestampFacts>,
}

/// What the signatures cover.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// SHA-256 of the payload, hexadecimal.
    pub payload_sha256: String,
    /// Name of the signed root element; only for XML.
    pub signed_root: Option<String>,
}

/// Separate verdict: may a signer act for the organisation.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorisation {
    /// How it ended.
    pub result: CheckResult,
    /// Stable code when it failed.
    pub code: Option<Code>,
    /// Identifier of the organisation acted for.
    pub acting_for: Option<String>,
}

/// Validation report of one signed message.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Version of this form.
    pub version: u32,
    /// Identifier: the same message received at the same instant has the same one.
    pub id: String,
    /// Reception time; the verdict is as of this instant.
    pub received_at: DateTime<Utc>,
    /// Signature policy applied, `name@version`.
    pub policy: String,
    /// Sequence number of the trust list used.
    pub trust_list_seq: u64,
    /// Main indication: the worst of all signers.
    pub indication: Indication,
    /// Sub-indication.
    pub sub_indication: Option<SubIndication>,
    /// Stable code of the refusal.
    pub code: Option<Code>,
    /// Level the document type demands.
    pub demanded_level: Level,
    /// Level that was reached.
    pub level: Level,
    /// Every signer.
    pub signers: Vec<SignerReport>,
    /// What was signed.
    pub coverage: Coverage,
    /// Authorisation, once it was decided.
    pub authorisation: Option<Authorisation>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
}

/// A failed building block: where, what, and what was seen.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) step: Step,
    pub(crate) fault: Fault,
    pub(crate) detail: String,
}

impl Finding {
    pub(crate) fn new(step: Step, fault: Fault, detail: impl Into<String>) -> Self {
        Self { step, fault, detail: detail.into() }
    }
}

/// The seven lines of a signer: all good, or good up to the finding and skipped after it.
pub(crate) fn checks(finding: Option<&Finding>, skipped: &[Step]) -> Vec<Check> {
    let mut failed = false;
    let mut lines = Vec::with_capacity(Step::ORDER.len());
    for step in Step::ORDER {
        let here = finding.filter(|finding| finding.step == step);
        let result = match here {
            Some(_) => CheckResult::Fail,
            None if failed || skipped.contains(&step) => CheckResult::Skipped,
            None => CheckResult::Ok,
        };
        failed |= here.is_some();
        lines.push(Check {
            step,
            result,
            code: here.map(|finding| finding.fault.code()),
            detail: here.map(|finding| finding.detail.clone()),
        });
    }
    lines
}
