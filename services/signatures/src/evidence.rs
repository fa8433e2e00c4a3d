//! Evidence that a document was verified: made only by a verifier, carried between our services under a seal.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Indication};
use crate::identity::Identity;
use crate::refusal::SignatureRefusal;
use crate::report::{Authorisation, CheckResult, Report};
use crate::verify::Verifier;

/// A document whose signatures were verified and accepted.
///
/// There is no other way to have one than [`crate::Verifier::verify_detached`] and [`Self::reopen`].
#[derive(Clone, Debug)]
pub struct VerifiedDocument {
    payload_sha256: [u8; 32],
    signature: Vec<u8>,
    report: Report,
}

/// Evidence on its way between two of our services.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SealedEvidence {
    version: u32,
    payload_sha256: String,
    signature: String,
    report: Report,
    seal: String,
}

impl SealedEvidence {
    /// Judges the signature over exactly `content` anew, as of the instant at which it was received.
    pub fn judge_again(
        &self,
        verifier: &Verifier,
        content: &[u8],
    ) -> Result<VerifiedDocument, SignatureRefusal> {
        let signature = STANDARD.decode(&self.signature).unwrap_or_default();
        let (at, level) = (self.report.received_at, self.report.demanded_level);
        verifier.verify_detached_at_level(content, &signature, at, level)
    }
}

/// Key that our own services share for sealing evidence; at least 32 octets.
#[derive(Clone)]
pub struct EvidenceKey(Vec<u8>);

/// Why sealed evidence is not opened, or a key not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EvidenceError {
    /// The key is shorter than 32 octets.
    #[error("evidence key is shorter than 32 octets")]
    ShortKey,
    /// Another version of the form, or a field that cannot be read.
    #[error("evidence is damaged")]
    Damaged,
    /// The seal is not that of the key.
    #[error("evidence seal does not hold")]
    Seal,
    /// The evidence is of another payload.
    #[error("evidence is of another payload")]
    OtherPayload,
    /// The cryptographic library failed.
    #[error("cryptographic library failed")]
    Library,
}

impl From<ErrorStack> for EvidenceError {
    fn from(_: ErrorStack) -> Self {
        Self::Library
    }
}

impl EvidenceKey {
    /// Takes the key's octets.
    pub fn new(octets: Vec<u8>) -> Result<Self, EvidenceError> {
        if octets.len() < 32 { Err(EvidenceError::ShortKey) } else { Ok(Self(octets)) }
    }

    /// A key of 32 random octets, for one process that talks only to itself.
    pub fn random() -> Result<Self, EvidenceError> {
        let mut octets = vec![0; 32];
        openssl::rand::rand_bytes(&mut octets)?;
        Ok(Self(octets))
    }

    fn seal(
        &self,
        payload_sha256: &[u8; 32],
        signature: &[u8],
        report: &Report,
    ) -> Result<Vec<u8>, EvidenceError> {
        let report = serde_json::to_vec(report).map_err(|_| EvidenceError::Damaged)?;
        let key = PKey::hmac(&self.0)?;
        let mut seal = Signer::new(MessageDigest::sha256(), &key)?;
        for part in [&b"ecustoms evidence 1"[..], payload_sha256, signature, &report] {
            seal.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes())?;
            seal.update(part)?;
        }
        Ok(seal.sign_to_vec()?)
    }
}

impl std::fmt::Debug for EvidenceKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("EvidenceKey(…)")
    }
}

impl SealedEvidence {
    /// SHA-256 of the payload, hexadecimal, before the seal is checked.
    pub fn payload_sha256(&self) -> &str {
        &self.payload_sha256
    }

    /// The report, before the seal is checked.
    pub const fn report(&self) -> &Report {
        &self.report
    }
}

impl VerifiedDocument {
    pub(crate) fn new(payload_sha256: [u8; 32], signature: &[u8], report: Report) -> Self {
        Self { payload_sha256, signature: signature.to_vec(), report }
    }

    /// Opens sealed evidence of exactly `payload`.
    pub fn reopen(sealed: &SealedEvidence, payload: &[u8], key: &EvidenceKey) -> Result<Self, EvidenceError> {
        let signature = STANDARD.decode(&sealed.signature).map_err(|_| EvidenceError::Damaged)?;
        let seal = hex::decode(&sealed.seal).map_err(|_| EvidenceError::Damaged)?;
        let mut payload_sha256 = [0; 32];
        hex::decode_to_slice(&sealed.payload_sha256, &mut payload_sha256)
            .map_err(|_| EvidenceError::Damaged)?;
        if sealed.version != 1 {
            return Err(EvidenceError::Damaged);
        }
        let expected = key.seal(&payload_sha256, &signature, &sealed.report)?;
        if seal.len() != expected.len() || !openssl::memcmp::eq(&seal, &expected) {
            return Err(EvidenceError::Seal);
        }
        if openssl::sha::sha256(payload) != payload_sha256 {
            return Err(EvidenceError::OtherPayload);
        }
        if sealed.report.indication != Indication::TotalPassed {
            return Err(EvidenceError::Damaged);
        }
        Ok(Self { payload_sha256, signature, report: sealed.report.clone() })
    }

    /// Seals the evidence for another of our services.
    pub fn seal(&self, key: &EvidenceKey) -> Result<SealedEvidence, EvidenceError> {
        let seal = key.seal(&self.payload_sha256, &self.signature, &self.report)?;
        Ok(SealedEvidence {
            version: 1,
            payload_sha256: hex::encode(self.payload_sha256),
            signature: STANDARD.encode(&self.signature),
            report: self.report.clone(),
            seal: hex::encode(seal),
        })
    }

    /// SHA-256 of the payload.
    pub const fn payload_sha256(&self) -> &[u8; 32] {
        &self.payload_sha256
    }

    /// The signed message (CMS, DER) as it was received.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The validation report.
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// Whom the signers' certificates name, in the order of the message.
    pub fn signers(&self) -> impl Iterator<Item = &Identity> {
        self.report.signers.iter().filter_map(|signer| signer.identity.as_ref())
    }

    /// Decides that some signer acts for one of `organisations` (identifiers), and writes that into the report.
    pub fn authorise(mut self, organisations: &[&str]) -> Result<Self, SignatureRefusal> {
        let acting_for = self
            .signers()
            .filter_map(Identity::acts_for)
            .find(|id| organisations.contains(id))
            .map(str::to_owned);
        if let Some(organisation) = acting_for {
            self.report.authorisation =
                Some(Authorisation { result: CheckResult::Ok, code: None, acting_for: Some(organisation) });
            Ok(self)
        } else {
            let fault = Fault::NotAuthorised;
            self.report.authorisation = Some(Authorisation {
                result: CheckResult::Fail,
                code: Some(fault.code()),
                acting_for: organisations.first().map(|organisation| (*organisation).to_owned()),
            });
            self.report.code = Some(fault.code());
            Err(SignatureRefusal::new(fault, "no signer acts for the organisation".to_owned(), self.report))
        }
    }
}
