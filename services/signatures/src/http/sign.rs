//! Making message signatures for our own calls and webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use openssl::pkey::{Id, PKey, Private};

use super::key::HttpAlgorithm;
use super::message::{HttpMessage, signature_base};
use super::profile::{COVERED, HttpProfile};
use crate::issue::IssueError;

/// A key with its identifier that signs requests; its text form never shows it.
#[derive(Clone)]
pub struct HttpSigner {
    key: PKey<Private>,
    key_id: String,
    algorithm: HttpAlgorithm,
}

impl std::fmt::Debug for HttpSigner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "HttpSigner({}, {})", self.key_id, self.algorithm.name())
    }
}

impl HttpSigner {
    /// Reads an unencrypted PKCS#8 key (DER) of a kind of the profile.
    pub fn from_pkcs8(der: &[u8], key_id: &str) -> Result<Self, IssueError> {
        let key = PKey::private_key_from_der(der)?;
        Self::new(key, key_id)
    }

    /// A new random Ed25519 key.
    pub fn generate(key_id: &str) -> Result<Self, IssueError> {
        Self::new(PKey::generate_ed25519()?, key_id)
    }

    fn new(key: PKey<Private>, key_id: &str) -> Result<Self, IssueError> {
        let quoted = key_id.chars().all(|found| matches!(found, ' '..='~') && !matches!(found, '"' | '\\'));
        let strong = key.id() != Id::RSA || key.bits() >= 2_048;
        let algorithm = HttpAlgorithm::ALL.into_iter().find(|algorithm| algorithm.fits(&key));
        match algorithm.filter(|_| quoted && strong && !key_id.is_empty()) {
            Some(algorithm) => Ok(Self { key, key_id: key_id.to_owned(), algorithm }),
            None => Err(IssueError::KeyKind),
        }
    }

    /// `SubjectPublicKeyInfo` (DER).
    pub fn public_key(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.key.public_key_to_der()?)
    }

    /// Adds `Content-Digest`, `Signature-Input` and `Signature` to a request; `nonce` is used once.
    pub fn sign(
        &self,
        profile: &HttpProfile,
        message: &mut HttpMessage,
        nonce: &str,
        at: DateTime<Utc>,
    ) -> Result<(), IssueError> {
        let mut covered: Vec<String> = COVERED.iter().map(|name| format!("\"{name}\"")).collect();
        if !message.body.is_empty() {
            let digest = STANDARD.encode(openssl::sha::sha256(&message.body));
            message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-digest"));
            message.headers.push(("content-digest".to_owned(), format!("sha-256=:{digest}:")));
            covered.push("\"content-digest\"".to_owned());
        }
        let nonce: String = nonce.chars().filter(char::is_ascii_alphanumeric).collect();
        let input = format!(
            "sig1=({});created={};expires={};nonce=\"{nonce}\";keyid=\"{}\";alg=\"{}\";tag=\"{}\"",
            covered.join(" "),
            at.timestamp(),
            (at + TimeDelta::minutes(5)).timestamp(),
            self.key_id,
            self.algorithm.name(),
            profile.tag,
        );
        let base = signature_base(message, &input).ok_or(IssueError::KeyKind)?;
        let value = STANDARD.encode(self.algorithm.sign(&self.key, base.as_bytes())?);
        message.headers.push(("signature-input".to_owned(), input));
        message.headers.push(("signature".to_owned(), format!("sig1=:{value}:")));
        Ok(())
    }
}
