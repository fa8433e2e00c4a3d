//! The suite's own seal: keys with their certificates, and what is sealed with the one of the moment.
//!
//! Keys come from files or from a device; several may be at hand, so that the next one is there before the last one ends.

mod token;

pub use token::{SEAL_TOKEN_CHARACTERS_MAX, SealedToken};

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use openssl::ecdsa::EcdsaSig;
use serde_json::json;

use crate::certificate::Certificate;
use crate::issue::{Credential, IssueError, KeyKind};

/// Why nothing was sealed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SealError {
    /// No key was given, or none whose certificate is valid at the instant.
    #[error("no seal is valid at this instant")]
    NoKey,
    /// The key could not sign.
    #[error("seal could not be made: {0}")]
    Key(#[from] IssueError),
}

/// A key at hand, with the validity of its certificate.
#[derive(Debug)]
struct Stamp {
    credential: Credential,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
}

/// Seals in the name of the suite; share it in an `Arc`, change its keys while it is in use.
#[derive(Debug, Default)]
pub struct Seal {
    stamps: RwLock<Arc<Vec<Stamp>>>,
}

impl Seal {
    /// A seal of these keys; with none it refuses to seal.
    pub fn new(credentials: Vec<Credential>) -> Result<Self, SealError> {
        let seal = Self::default();
        seal.replace(credentials)?;
        Ok(seal)
    }

    /// Puts other keys in the place of those at hand; what is being sealed is finished with the old ones.
    pub fn replace(&self, credentials: Vec<Credential>) -> Result<(), SealError> {
        let mut stamps = Vec::with_capacity(credentials.len());
        for credential in credentials {
            let certificate = Certificate::parse(credential.certificate()).map_err(IssueError::from)?;
            let (not_before, not_after) = (certificate.not_before, certificate.not_after);
            stamps.push(Stamp { credential, not_before, not_after });
        }
        // The youngest valid one is used: an old key is kept only until the new one counts.
        stamps.sort_by_key(|stamp| std::cmp::Reverse(stamp.not_before));
        *self.stamps.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(stamps);
        Ok(())
    }

    fn stamps(&self) -> Arc<Vec<Stamp>> {
        Arc::clone(&self.stamps.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Certificates (DER) of all keys at hand, the youngest first.
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        self.stamps().iter().map(|stamp| stamp.credential.certificate().to_vec()).collect()
    }

    pub(crate) fn with<T>(
        &self,
        at: DateTime<Utc>,
        work: impl FnOnce(&Credential) -> Result<T, IssueError>,
    ) -> Result<T, SealError> {
        let stamps = self.stamps();
        let valid = stamps.iter().find(|stamp| stamp.not_before <= at && at <= stamp.not_after);
        Ok(work(&valid.ok_or(SealError::NoKey)?.credential)?)
    }

    /// Detached CMS signature (DER, CAdES baseline B) over exactly `content`.
    pub fn sign(&self, content: &[u8], at: DateTime<Utc>) -> Result<Vec<u8>, SealError> {
        self.with(at, |credential| credential.sign_detached(content, at))
    }

    /// Detached, unencoded JWS (`header..signature`, RFC 7797) over exactly `content`, with the certificates in its header.
    pub fn sign_jws(&self, content: &[u8], at: DateTime<Utc>) -> Result<String, SealError> {
        self.with(at, |credential| {
            let own = std::iter::once(credential.certificate());
            let all = own.chain(credential.chain().iter().map(Vec::as_slice));
            let header = json!({
                "alg": algorithm(credential)?,
                "b64": false,
                "crit": ["b64"],
                "sigT": at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
                "x5c": all.map(|raw| STANDARD.encode(raw)).collect::<Vec<_>>(),
                "x5t#S256": thumbprint(credential.certificate()),
            });
            let protected = URL_SAFE_NO_PAD.encode(header.to_string());
            let signed = [protected.as_bytes(), b".", content].concat();
            Ok(format!("{protected}..{}", URL_SAFE_NO_PAD.encode(value(credential, &signed)?)))
        })
    }

    /// A short sealed text for a code on paper (compact JWS, RFC 7515) that carries `content` itself.
    ///
    /// The certificate is named by its SHA-256 only; [`crate::Verifier::verify_token`] knows it from the trust store.
    pub fn token(&self, content: &[u8], at: DateTime<Utc>) -> Result<String, SealError> {
        self.with(at, |credential| {
            let header = json!({
                "alg": algorithm(credential)?,
                "typ": token::KIND,
                "iat": at.timestamp(),
                "x5t#S256": thumbprint(credential.certificate()),
            });
            let protected = URL_SAFE_NO_PAD.encode(header.to_string());
            let signed = format!("{protected}.{}", URL_SAFE_NO_PAD.encode(content));
            let value = value(credential, signed.as_bytes())?;
            Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(value)))
        })
    }
}

fn thumbprint(certificate: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(openssl::sha::sha256(certificate))
}

/// Registered name of the algorithm that a key signs with.
fn algorithm(credential: &Credential) -> Result<&'static str, IssueError> {
    Ok(match credential.key().kind()? {
        KeyKind::P256 => "ES256",
        KeyKind::P384 => "ES384",
        KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => "RS256",
    })
}

/// The signature value in the form of JSON: of ECDSA both numbers at their full length.
pub(crate) fn value(credential: &Credential, signed: &[u8]) -> Result<Vec<u8>, IssueError> {
    let value = credential.key().sign(signed)?;
    let octets = match credential.key().kind()? {
        KeyKind::P256 => 32,
        KeyKind::P384 => 48,
        KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => return Ok(value),
    };
    let value = EcdsaSig::from_der(&value)?;
    Ok([value.r().to_vec_padded(octets)?, value.s().to_vec_padded(octets)?].concat())
}
