//! The profile of message signatures: what must be covered, how long one lives, and the code of every refusal.

use chrono::{DateTime, TimeDelta, Utc};
use openssl::memcmp;

use super::fields::{Input, inputs, octets};
use super::key::{HttpAlgorithm, HttpKey};
use super::message::{HttpMessage, base};
use crate::algorithm::Digest;

/// Why a message signature is not accepted; each has one stable code.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
pub enum HttpRefusal {
    /// No signature fields at all.
    #[error("message carries no signature")]
    Missing,
    /// Fields that are no structured fields, components listed or sent twice, components the message lacks.
    #[error("signature fields are not well formed")]
    Malformed,
    /// No signature of this application.
    #[error("signature is of another application")]
    TagMismatch,
    /// `created`, `expires`, `nonce` or `keyid` is missing.
    #[error("a parameter of the signature is missing")]
    ParameterMissing,
    /// Made later than now.
    #[error("signature is made in the future")]
    NotYetValid,
    /// Past its expiry, or meant to live longer than the window.
    #[error("signature has expired")]
    Expired,
    /// A component that must be covered is not.
    #[error("signature does not cover what it must")]
    InsufficientCoverage,
    /// Content without its digest.
    #[error("digest of the content is missing")]
    DigestMissing,
    /// Content other than its digest.
    #[error("digest is not that of the content")]
    DigestMismatch,
    /// Nobody's key.
    #[error("key is not known")]
    KeyUnknown,
    /// No algorithm of the profile: too weak, with a shared secret, or unknown.
    #[error("algorithm is not of the profile")]
    AlgorithmRefused,
    /// Algorithm of another kind of key.
    #[error("algorithm does not fit the key")]
    AlgorithmMismatch,
    /// The signature value does not verify.
    #[error("signature does not verify")]
    Invalid,
}

impl HttpRefusal {
    /// Stable code for callers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "SIGNATURE_MISSING",
            Self::Malformed => "MALFORMED",
            Self::TagMismatch => "TAG_MISMATCH",
            Self::ParameterMissing => "PARAMETER_MISSING",
            Self::NotYetValid => "SIGNATURE_NOT_YET_VALID",
            Self::Expired => "SIGNATURE_EXPIRED",
            Self::InsufficientCoverage => "INSUFFICIENT_COVERAGE",
            Self::DigestMissing => "DIGEST_MISSING",
            Self::DigestMismatch => "DIGEST_MISMATCH",
            Self::KeyUnknown => "KEY_UNKNOWN",
            Self::AlgorithmRefused => "ALGORITHM_REFUSED",
            Self::AlgorithmMismatch => "ALGORITHM_MISMATCH",
            Self::Invalid => "SIGNATURE_INVALID",
        }
    }
}

/// A good signature: whose key it is, and what makes it unique until it expires.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HttpSignature {
    /// Identifier of the key.
    pub key_id: String,
    /// Nonce; a pair of key and nonce counts once.
    pub nonce: String,
    /// Instant it was made.
    pub created: DateTime<Utc>,
    /// Instant it expires.
    pub expires: DateTime<Utc>,
}

/// A signature that is in time and covers what it must; its value is still to be verified.
#[derive(Clone, Debug)]
pub struct HttpHead {
    signature: HttpSignature,
    input: Input,
    value: Vec<u8>,
}

/// What a message signature must be.
#[derive(Clone, Debug)]
pub struct HttpProfile {
    pub(super) tag: String,
    /// Longest life of a signature.
    window: TimeDelta,
    /// How far clocks may differ.
    skew: TimeDelta,
}

/// Components every request must cover; content adds its digest.
pub(super) const COVERED: [&str; 4] = ["@method", "@authority", "@path", "@query"];
const CONTENT_DIGEST: &str = "content-digest";

impl HttpProfile {
    /// Five minutes of life, one minute of skew, tag `ecustoms`.
    pub fn ecustoms() -> Self {
        Self { tag: "ecustoms".to_owned(), window: TimeDelta::minutes(5), skew: TimeDelta::minutes(1) }
    }

    /// Whether a request says that it carries a signature of this application; whether it does, verification finds out.
    pub fn is_claimed_by(&self, message: &HttpMessage) -> bool {
        let tag = format!("tag=\"{}\"", self.tag);
        let mut fields = message.headers.iter();
        fields.any(|(name, value)| name.eq_ignore_ascii_case("signature-input") && value.contains(&tag))
    }

    /// Verifies the one signature of this application on a request; `key` finds known keys by identifier.
    ///
    /// That a pair of key and nonce is used once is the caller's to keep.
    pub fn verify(
        &self,
        message: &HttpMessage,
        key: impl Fn(&str) -> Option<HttpKey>,
        at: DateTime<Utc>,
    ) -> Result<HttpSignature, HttpRefusal> {
        let head = self.read_head(message, at)?;
        self.verify_content(message)?;
        let key = key(&head.signature.key_id).ok_or(HttpRefusal::KeyUnknown)?;
        head.verify(message, &key)
    }

    /// Reads the one signature of this application on a request whose content may still be on its way: it is in time
    /// and covers what it must. Neither the value nor the content has been verified then.
    pub fn read_head(&self, message: &HttpMessage, at: DateTime<Utc>) -> Result<HttpHead, HttpRefusal> {
        let has = |name: &str| message.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !has("signature") || !has("signature-input") {
            return Err(HttpRefusal::Missing);
        }
        let field = |name| message.only(name).ok_or(HttpRefusal::Malformed);
        let inputs = inputs(field("signature-input")?).map_err(|_| HttpRefusal::Malformed)?;
        let values = octets(field("signature")?).map_err(|_| HttpRefusal::Malformed)?;
        let mut ours = inputs.into_iter().filter(|input| input.text("tag") == Some(self.tag.as_str()));
        let input = ours.next().ok_or(HttpRefusal::TagMismatch)?;
        if ours.next().is_some() {
            return Err(HttpRefusal::Malformed);
        }
        let value = values.into_iter().find(|(label, _)| *label == input.label);
        let (_, value) = value.ok_or(HttpRefusal::Malformed)?;
        let signature = self.lives(&input, at)?;
        covers(message, &input)?;
        Ok(HttpHead { signature, input, value })
    }

    /// Verifies that the content of a request is the one of its digest; no content needs none.
    pub fn verify_content(&self, message: &HttpMessage) -> Result<(), HttpRefusal> {
        if !has_digest(message) {
            return if message.body.is_empty() { Ok(()) } else { Err(HttpRefusal::DigestMissing) };
        }
        let field = message.only(CONTENT_DIGEST).ok_or(HttpRefusal::Malformed)?;
        let digests = octets(field).map_err(|_| HttpRefusal::Malformed)?;
        let mut known = false;
        for (name, value) in &digests {
            let digest = match name.as_str() {
                "sha-256" => Digest::Sha256,
                "sha-512" => Digest::Sha512,
                _ => continue,
            };
            let found = digest.of(&message.body);
            if found.len() != value.len() || !memcmp::eq(&found, value) {
                return Err(HttpRefusal::DigestMismatch);
            }
            known = true;
        }
        if known { Ok(()) } else { Err(HttpRefusal::DigestMissing) }
    }

    /// Parameters and times of a signature.
    fn lives(&self, input: &Input, at: DateTime<Utc>) -> Result<HttpSignature, HttpRefusal> {
        let instant = |name| {
            let seconds = input.integer(name).ok_or(HttpRefusal::ParameterMissing)?;
            DateTime::from_timestamp(seconds, 0).ok_or(HttpRefusal::Malformed)
        };
        let text = |name| {
            let text = input.text(name).filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or(HttpRefusal::ParameterMissing)
        };
        let (created, expires) = (instant("created")?, instant("expires")?);
        let signature = HttpSignature { key_id: text("keyid")?, nonce: text("nonce")?, created, expires };
        if created > at + self.skew {
            return Err(HttpRefusal::NotYetValid);
        }
        if at > expires || expires <= created || expires - created > self.window {
            return Err(HttpRefusal::Expired);
        }
        Ok(signature)
    }
}

impl HttpHead {
    /// Identifier of the key that the signature names.
    pub fn key_id(&self) -> &str {
        &self.signature.key_id
    }

    /// The signature, if its value over the covered components of `message` verifies with `key`.
    pub fn verify(self, message: &HttpMessage, key: &HttpKey) -> Result<HttpSignature, HttpRefusal> {
        let algorithm = self.input.text("alg").ok_or(HttpRefusal::ParameterMissing)?;
        let algorithm = HttpAlgorithm::of_name(algorithm).ok_or(HttpRefusal::AlgorithmRefused)?;
        if !key.fits(algorithm) {
            return Err(HttpRefusal::AlgorithmMismatch);
        }
        let base = base(message, &self.input).ok_or(HttpRefusal::Malformed)?;
        if key.verifies(algorithm, base.as_bytes(), &self.value) {
            Ok(self.signature)
        } else {
            Err(HttpRefusal::Invalid)
        }
    }
}

/// Whether the signature covers what it must: a digest of the content where there is one.
fn covers(message: &HttpMessage, input: &Input) -> Result<(), HttpRefusal> {
    let covered = |name: &str| input.components.iter().any(|component| component.name == name);
    if !COVERED.iter().all(|name| covered(name)) {
        return Err(HttpRefusal::InsufficientCoverage);
    }
    match (has_digest(message), covered(CONTENT_DIGEST)) {
        (false, true) => Err(HttpRefusal::DigestMissing),
        (true, false) => Err(HttpRefusal::InsufficientCoverage),
        (true, true) | (false, false) => Ok(()),
    }
}

fn has_digest(message: &HttpMessage) -> bool {
    message.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(CONTENT_DIGEST))
}
