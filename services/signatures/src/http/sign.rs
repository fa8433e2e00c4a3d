//! Making message signatures for our own calls and webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use openssl::pkey::{Id, PKey, Private};

use super::key::HttpAlgorithm;
use super::message::{HttpMessage, signature_base};
use super::presented::PresentedKey;
use super::profile::{COVERED, HttpProfile};
use crate::issue::{IssueError, KeyKind};
use crate::seal::{self, Seal, SealError};

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

    /// Reads an unencrypted private key (PEM). Its identifier is the one under which the register of systems knows it:
    /// that of `certificate` (PEM), or of the public key itself.
    pub fn from_pem(key: &str, certificate: Option<&str>) -> Result<Self, IssueError> {
        // Without this the library would ask the terminal for a password.
        let key = PKey::private_key_from_pem_callback(key.as_bytes(), |_| Ok(0))?;
        let public = String::from_utf8(key.public_key_to_pem()?).map_err(|_| IssueError::KeyKind)?;
        let presented = PresentedKey::read(certificate.unwrap_or(&public), &[]);
        let presented = presented.map_err(|_| IssueError::KeyKind)?;
        if presented.spki() != key.public_key_to_der()? {
            return Err(IssueError::KeyKind);
        }
        Self::new(key, presented.key_id())
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
        let made = |base: &[u8]| Ok(self.algorithm.sign(&self.key, base)?);
        dress(message, &profile.tag, &self.key_id, self.algorithm.name(), (nonce, at), made)
    }
}

impl Seal {
    /// Signs a request in the name of the suite; the identifier of the key is the SHA-256 of the seal's certificate.
    pub fn sign_http(
        &self,
        profile: &HttpProfile,
        message: &mut HttpMessage,
        nonce: &str,
        at: DateTime<Utc>,
    ) -> Result<(), SealError> {
        self.with(at, |credential| {
            let algorithm = match credential.key().kind()? {
                KeyKind::P256 => HttpAlgorithm::EcdsaP256Sha256,
                KeyKind::P384 => HttpAlgorithm::EcdsaP384Sha384,
                KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => HttpAlgorithm::RsaV15Sha256,
            };
            let key_id = hex::encode(openssl::sha::sha256(credential.certificate()));
            let made = |base: &[u8]| seal::value(credential, base);
            dress(message, &profile.tag, &key_id, algorithm.name(), (nonce, at), made)
        })
    }
}

/// Puts digest, input and the signature that `made` gives into the header fields of a request.
fn dress(
    message: &mut HttpMessage,
    tag: &str,
    key_id: &str,
    algorithm: &str,
    (nonce, at): (&str, DateTime<Utc>),
    made: impl FnOnce(&[u8]) -> Result<Vec<u8>, IssueError>,
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
        "sig1=({});created={};expires={};nonce=\"{nonce}\";keyid=\"{key_id}\";alg=\"{algorithm}\";tag=\"{tag}\"",
        covered.join(" "),
        at.timestamp(),
        (at + TimeDelta::minutes(5)).timestamp(),
    );
    let base = signature_base(message, &input).ok_or(IssueError::KeyKind)?;
    let value = STANDARD.encode(made(base.as_bytes())?);
    message.headers.push(("signature-input".to_owned(), input));
    message.headers.push(("signature".to_owned(), format!("sig1=:{value}:")));
    Ok(())
}
