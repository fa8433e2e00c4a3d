//! A bare signature over octets under a bare key: what published vectors ask.

use crate::algorithm::{self, Digest, Scheme, SignatureAlgorithm};
use crate::fault::Fault;
use crate::http::{HttpAlgorithm, HttpKey};

/// Scheme of a bare signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RawScheme {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256,
    /// RSASSA-PSS with SHA-256 and 32 octets of salt.
    RsaPssSha256,
    /// ECDSA with SHA-256, the value in DER.
    EcdsaSha256,
    /// Ed25519.
    Ed25519,
}

/// Whether `signature` over `message` verifies under the key `spki` (DER); the fault says why a key is not taken.
pub fn is_signed(scheme: RawScheme, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, Fault> {
    let sha256 = |scheme| SignatureAlgorithm { scheme, digest: Digest::Sha256 };
    let algorithm = match scheme {
        RawScheme::RsaPkcs1Sha256 => sha256(Scheme::RsaPkcs1),
        RawScheme::RsaPssSha256 => sha256(Scheme::RsaPss { salt: 32 }),
        RawScheme::EcdsaSha256 => sha256(Scheme::Ecdsa),
        RawScheme::Ed25519 => {
            return Ok(HttpKey::from_spki(spki)?.verifies(HttpAlgorithm::Ed25519, message, signature));
        }
    };
    let key = algorithm::public_key(spki).map_err(|fault| fault.fault)?;
    algorithm.fits(&key).map_err(|fault| fault.fault)?;
    Ok(algorithm.verifies(&key, &[message], signature))
}
