//! Verification of a detached signature in the fixed order of the profile's building blocks.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, SubsecRound as _, Utc};

use crate::algorithm::{self, Digest, SignatureAlgorithm};
use crate::claim::{Basis, Claim, refused};
use crate::cms::{SignedAttributes, SignedData, SignerInfo};
use crate::der::DerError;
use crate::evidence::VerifiedDocument;
use crate::fault::Fault;
use crate::oid;
use crate::profile::Profile;
use crate::refusal::SignatureRefusal;
use crate::report::{Finding, Level, Report, Step};
use crate::summary::{Draft, Summary};
use crate::trust::{TrustError, TrustStore};

/// Verifies signed messages under one profile and the trust of the moment; synchronous, no network, shareable.
#[derive(Debug)]
pub struct Verifier {
    trust: RwLock<Arc<TrustStore>>,
    profile: Profile,
}

impl Verifier {
    /// A verifier over `trust`.
    pub fn new(trust: Arc<TrustStore>, profile: Profile) -> Self {
        Self { trust: RwLock::new(trust), profile }
    }

    /// The trust in use.
    pub fn trust(&self) -> Arc<TrustStore> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The profile in use.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Replaces the trust for all later messages; a lower sequence number, or an older revocation list, is refused.
    pub fn swap_trust(&self, next: Arc<TrustStore>) -> Result<(), TrustError> {
        let mut current = self.trust.write().unwrap_or_else(PoisonError::into_inner);
        if !next.is_not_older_than(&current) {
            return Err(TrustError::Rollback);
        }
        *current = next;
        Ok(())
    }

    /// Verifies `signature` over exactly `payload` as of `received_at`, at the profile's level.
    pub fn verify_detached(
        &self,
        payload: &[u8],
        signature: &[u8],
        received_at: DateTime<Utc>,
    ) -> Result<VerifiedDocument, SignatureRefusal> {
        self.verify_detached_at_level(payload, signature, received_at, self.profile.level)
    }

    /// Verifies like [`Self::verify_detached`], demanding `level`.
    pub fn verify_detached_at_level(
        &self,
        payload: &[u8],
        signature: &[u8],
        received_at: DateTime<Utc>,
        level: Level,
    ) -> Result<VerifiedDocument, SignatureRefusal> {
        self.detached(&self.trust(), payload, signature, (received_at, level))
    }

    /// Verifies like [`Self::verify_detached_at_level`] under `trust`.
    pub(crate) fn detached(
        &self,
        trust: &TrustStore,
        payload: &[u8],
        signature: &[u8],
        (received_at, level): (DateTime<Utc>, Level),
    ) -> Result<VerifiedDocument, SignatureRefusal> {
        let sha256 = openssl::sha::sha256(payload);
        match self.examine(trust, (payload, sha256), signature, received_at, level) {
            (report, None) => Ok(VerifiedDocument::new(sha256, signature, report)),
            (report, Some(finding)) => Err(SignatureRefusal::new(finding.fault, finding.detail, report)),
        }
    }

    /// Verifies a message that carries its content; the content comes with the proof.
    pub fn verify_attached(
        &self,
        message: &[u8],
        received_at: DateTime<Utc>,
        level: Level,
    ) -> Result<(Vec<u8>, VerifiedDocument), SignatureRefusal> {
        let content = SignedData::parse(message).ok().and_then(|parsed| parsed.content);
        let content = content.unwrap_or_default();
        let document = self.verify_detached_at_level(content, message, received_at, level)?;
        Ok((content.to_vec(), document))
    }

    /// The validation report alone, for whoever only wants to look.
    pub fn report(&self, payload: &[u8], signature: &[u8], received_at: DateTime<Utc>) -> Report {
        let payload = (payload, openssl::sha::sha256(payload));
        self.examine(&self.trust(), payload, signature, received_at, self.profile.level).0
    }

    fn examine(
        &self,
        trust: &TrustStore,
        (payload, sha256): (&[u8], [u8; 32]),
        signature: &[u8],
        received_at: DateTime<Utc>,
        level: Level,
    ) -> (Report, Option<Finding>) {
        let mut summary = Summary::new(sha256, signature, received_at, level);
        let run =
            Run { trust, profile: &self.profile, payload, sha256, at: received_at.trunc_subsecs(0), level };
        match run.message(signature) {
            Err(finding) => summary.refuse(finding),
            Ok(message) => {
                for signer in &message.signers {
                    let mut draft = Draft::default();
                    let outcome = run.signer(&message, signer, &mut draft);
                    summary.add(draft, outcome);
                }
            }
        }
        summary.finish(self.profile.name(), trust.sequence())
    }
}

/// One verification.
struct Run<'a> {
    trust: &'a TrustStore,
    profile: &'a Profile,
    payload: &'a [u8],
    sha256: [u8; 32],
    /// Whole seconds, as all certificates count.
    at: DateTime<Utc>,
    level: Level,
}

fn malformed(error: DerError) -> Finding {
    Finding::new(Step::Format, Fault::Malformed, error.to_string())
}

impl Run<'_> {
    /// Limits and format of the message as a whole.
    fn message<'m>(&self, signature: &'m [u8]) -> Result<SignedData<'m>, Finding> {
        let format = |fault, detail: &str| Finding::new(Step::Format, fault, detail);
        if self.payload.len() > self.profile.payload_bytes_max {
            return Err(format(Fault::TooLarge, "payload is larger than the limit"));
        }
        if signature.len() > self.profile.signature_bytes_max {
            return Err(format(Fault::TooLarge, "signature is larger than the limit"));
        }
        let message = SignedData::parse(signature).map_err(malformed)?;
        if message.content_type != oid::CMS_DATA {
            return Err(format(Fault::Malformed, "signed content is of another type than data"));
        }
        match message.content {
            Some(content) if content != self.payload => {
                Err(format(Fault::Coverage, "attached content is not the payload"))
            }
            _ => Ok(message),
        }
    }

    fn signer(
        &self,
        message: &SignedData<'_>,
        signer: &SignerInfo<'_>,
        draft: &mut Draft,
    ) -> Result<(), Finding> {
        let missing = |step, detail: &str| Finding::new(step, Fault::AttributesMissing, detail);
        let signed = signer.signed.ok_or_else(|| missing(Step::Format, "signed attributes are missing"))?;
        let attributes = SignedAttributes::parse(signed).map_err(malformed)?;
        draft.claimed_signing_time = attributes.signing_time;
        draft.other_signed_attributes.clone_from(&attributes.others);
        let expected = attributes.agree(message.content_type, signer.digest, signer.algorithm)?;

        let raw = message.certificate_of(signer.id);
        let raw = raw.ok_or_else(|| {
            Finding::new(Step::Ident, Fault::CertMissing, "signer certificate is not embedded")
        })?;
        let named = attributes.signing_certificate;
        let told =
            named.and_then(|named| named.sha256()).filter(|told| self.trust.signers.is_known(told, raw));
        let sha256 = told.unwrap_or_else(|| openssl::sha::sha256(raw));
        let named = named
            .ok_or_else(|| missing(Step::Ident, "signed attribute signing-certificate-v2 is missing"))?;
        if !named.names(raw, &sha256)? {
            let detail = "signing-certificate-v2 names another certificate";
            return Err(Finding::new(Step::Ident, Fault::CertMissing, detail));
        }

        let digest = algorithm::digest(signer.digest).map_err(refused)?;
        let same = match digest {
            Digest::Sha256 => self.sha256 == expected,
            other => other.of(self.payload) == expected,
        };
        if !same {
            return Err(Finding::new(Step::Crypto, Fault::DigestMismatch, "payload is not what was signed"));
        }
        let algorithm = SignatureAlgorithm::read(signer.algorithm, Some(digest)).map_err(refused)?;
        let embedded = [message.certificates.as_slice(), &signer.certificates].concat();
        let stapled = message.stapled.and(&signer.stapled);
        let claim = Claim {
            certificate: raw,
            sha256,
            embedded: &embedded,
            algorithm,
            signed: &signer.signed_parts(),
            signature: signer.signature,
            stamped: signer.signature,
            timestamps: &signer.timestamps,
            stapled: &stapled,
        };
        claim
            .judge(&Basis { trust: self.trust, profile: self.profile, at: self.at, level: self.level }, draft)
    }
}
