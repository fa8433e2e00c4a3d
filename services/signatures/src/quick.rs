//! Verification at once: only what is known beforehand to take some hundred microseconds at most.
//!
//! What counts as quick is decided before anything is verified, and by the trust that then verifies. The verdict is that of
//! the same code; the rest asks for a thread that may be held up.

use chrono::{DateTime, SubsecRound as _, Utc};

use crate::algorithm;
use crate::cms::{SignedAttributes, SignedData};
use crate::evidence::VerifiedDocument;
use crate::jws;
use crate::refusal::SignatureRefusal;
use crate::report::Level;
use crate::trust::TrustStore;
use crate::verify::Verifier;

/// Largest payload that is hashed at once, in octets: what takes as long as to wake a thread, and no longer than to read the
/// request that carries it.
const PAYLOAD_OCTETS_MAX: usize = 1 << 20;
/// Largest signature that is read at once, in octets.
const SIGNATURE_OCTETS_MAX: usize = 16 << 10;

impl Verifier {
    /// Verifies like [`Self::verify_detached_at_level`], if that is known to be quick; nothing is done where it is not.
    ///
    /// Quick is one signer with a key that verifies fast, whose path was validated under the trust of this moment and
    /// holds at `received_at`, without timestamps or revocation evidence, over a payload that is hashed in no time.
    pub fn verify_detached_if_quick(
        &self,
        payload: &[u8],
        signature: &[u8],
        received_at: DateTime<Utc>,
        level: Level,
    ) -> Option<Result<VerifiedDocument, SignatureRefusal>> {
        let trust = self.trust();
        let quick = fits(payload, signature.len())
            && plain_signer(&trust, signature).is_some_and(|signer| knows(&trust, &signer, received_at));
        quick.then(|| self.detached(&trust, payload, signature, (received_at, level)))
    }

    /// Verifies like [`Self::verify_jws`], if that is known to be quick; nothing is done where it is not.
    pub fn verify_jws_if_quick(
        &self,
        payload: &[u8],
        jws: &str,
        received_at: DateTime<Utc>,
    ) -> Option<Result<VerifiedDocument, SignatureRefusal>> {
        let trust = self.trust();
        let quick = fits(payload, jws.len())
            && jws::signer_of(jws).is_some_and(|signer| knows(&trust, &signer, received_at));
        quick.then(|| self.detached_jws(&trust, payload, jws, received_at))
    }
}

fn fits(payload: &[u8], signature_octets: usize) -> bool {
    payload.len() <= PAYLOAD_OCTETS_MAX && signature_octets <= SIGNATURE_OCTETS_MAX
}

/// Whether the path of `signer` was found good, holds at `at`, and its key verifies fast.
fn knows(trust: &TrustStore, signer: &[u8; 32], at: DateTime<Utc>) -> bool {
    trust.signers.get(signer, at.trunc_subsecs(0)).is_some_and(|entry| entry.is_quick)
}

/// SHA-256 of the certificate of the only signer, where nothing came along that takes time of its own.
fn plain_signer(trust: &TrustStore, signature: &[u8]) -> Option<[u8; 32]> {
    let message = SignedData::parse(signature).ok()?;
    let [signer] = message.signers.as_slice() else { return None };
    let plain = message.stapled.is_empty() && signer.stapled.is_empty() && signer.timestamps.is_empty();
    // Streebog is slow, and of what is unknown nothing is known.
    let in_library = algorithm::digest(signer.digest).is_ok_and(|digest| digest.openssl().is_some());
    if !plain || !in_library {
        return None;
    }
    let told = SignedAttributes::parse(signer.signed?).ok()?.signing_certificate?.sha256()?;
    let raw = message.certificate_of(signer.id)?;
    trust.signers.is_known(&told, raw).then_some(told)
}
