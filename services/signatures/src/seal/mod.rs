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
#[derive(Clone, Debug)]
struct Stamp {
    credential: Credential,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
}

impl Stamp {
    fn new(credential: Credential) -> Result<Self, SealError> {
        let certificate = Certificate::parse(credential.certificate()).map_err(IssueError::from)?;
        let (not_before, not_after) = (certificate.not_before, certificate.not_after);
        Ok(Self { credential, not_before, not_after })
    }

    fn counts(&self, at: DateTime<Utc>) -> bool {
        self.not_before <= at && at <= self.not_after
    }
}

/// A certificate that was sealed under before, with its end.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Former {
    certificate: Vec<u8>,
    not_after: DateTime<Utc>,
}

impl Former {
    fn read(certificate: &[u8]) -> Result<Self, SealError> {
        let not_after = Certificate::parse(certificate).map_err(IssueError::from)?.not_after;
        Ok(Self { certificate: certificate.to_vec(), not_after })
    }
}

/// The keys of one moment.
#[derive(Debug, Default)]
struct Held {
    /// The youngest first.
    stamps: Vec<Stamp>,
    former: Vec<Former>,
}

impl Held {
    fn of(mut stamps: Vec<Stamp>) -> Self {
        // The youngest valid one is used: an old key is kept only until the new one counts.
        stamps.sort_by_key(|stamp| std::cmp::Reverse(stamp.not_before));
        Self { stamps, former: Vec::new() }
    }

    fn has(&self, certificate: &[u8]) -> bool {
        self.stamps.iter().any(|stamp| stamp.credential.certificate() == certificate)
    }

    fn in_use(&self, at: DateTime<Utc>) -> Option<&Stamp> {
        self.stamps.iter().find(|stamp| stamp.counts(at))
    }
}

/// Seals in the name of the suite; share it in an `Arc`, change its keys while it is in use.
#[derive(Debug, Default)]
pub struct Seal {
    held: RwLock<Arc<Held>>,
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
        let stamps = credentials.into_iter().map(Stamp::new).collect::<Result<_, _>>()?;
        self.hold(Held::of(stamps));
        Ok(())
    }

    /// Goes over to other keys as of `at`; everything stays where none of them counts, then or later.
    ///
    /// Keys at hand go on sealing until one of the new ones counts. Their certificates, and those of `former` (DER), stay
    /// published until they end.
    pub fn rotate(
        &self,
        credentials: Vec<Credential>,
        former: &[Vec<u8>],
        at: DateTime<Utc>,
    ) -> Result<(), SealError> {
        let stamps = credentials.into_iter().map(Stamp::new).collect::<Result<Vec<_>, _>>()?;
        if stamps.iter().all(|stamp| stamp.not_after < at) {
            return Err(SealError::NoKey);
        }
        let told = former.iter().map(|raw| Former::read(raw)).collect::<Result<Vec<_>, _>>()?;
        let (before, mut next) = (self.held(), Held::of(stamps));
        if next.in_use(at).is_none() {
            let still = before.stamps.iter().filter(|stamp| stamp.counts(at));
            let still: Vec<Stamp> =
                still.filter(|stamp| !next.has(stamp.credential.certificate())).cloned().collect();
            next.stamps.extend(still);
        }
        let used = before.stamps.iter().map(|stamp| Former {
            certificate: stamp.credential.certificate().to_vec(),
            not_after: stamp.not_after,
        });
        for one in used.chain(before.former.iter().cloned()).chain(told) {
            if at <= one.not_after && !next.has(&one.certificate) && !next.former.contains(&one) {
                next.former.push(one);
            }
        }
        self.hold(next);
        Ok(())
    }

    fn hold(&self, held: Held) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(held);
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Certificates (DER) of all keys at hand, the youngest first.
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        self.held().stamps.iter().map(|stamp| stamp.credential.certificate().to_vec()).collect()
    }

    /// Certificates (DER) under which something that counts at `at` may be sealed: those at hand, then former ones.
    pub fn published(&self, at: DateTime<Utc>) -> Vec<Vec<u8>> {
        let held = self.held();
        let former = held.former.iter().filter(|one| at <= one.not_after);
        let at_hand = held.stamps.iter().map(|stamp| stamp.credential.certificate().to_vec());
        at_hand.chain(former.map(|one| one.certificate.clone())).collect()
    }

    /// The certificate (DER) that is sealed under at `at`, and its end.
    pub fn in_use(&self, at: DateTime<Utc>) -> Option<(Vec<u8>, DateTime<Utc>)> {
        let held = self.held();
        held.in_use(at).map(|stamp| (stamp.credential.certificate().to_vec(), stamp.not_after))
    }

    pub(crate) fn with<T>(
        &self,
        at: DateTime<Utc>,
        work: impl FnOnce(&Credential) -> Result<T, IssueError>,
    ) -> Result<T, SealError> {
        let held = self.held();
        Ok(work(&held.in_use(at).ok_or(SealError::NoKey)?.credential)?)
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
