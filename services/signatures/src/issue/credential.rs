//! A signer's key with its certificate, and the key file (PKCS#12) they travel in.

use chrono::{DateTime, Utc};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::stack::Stack;
use openssl::x509::X509;

use super::{IssueError, SigningKey, sign_detached};

/// Rounds of key derivation of a key file.
const ROUNDS: u32 = 100_000;

/// A private key, its certificate and the authorities above it.
#[derive(Clone, Debug)]
pub struct Credential {
    key: SigningKey,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

impl Credential {
    /// Joins a key with its certificate (DER) and the authorities above it (DER, nearest first).
    pub fn new(key: SigningKey, certificate: Vec<u8>, chain: Vec<Vec<u8>>) -> Result<Self, IssueError> {
        if X509::from_der(&certificate)?.public_key()?.public_eq(&*key.public()?) {
            Ok(Self { key, certificate, chain })
        } else {
            Err(IssueError::OtherKey)
        }
    }

    /// The certificate (DER).
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The authorities above the certificate (DER, nearest first).
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The private key.
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Detached signature (CMS, DER) over exactly `payload`.
    pub fn sign_detached(&self, payload: &[u8], signing_time: DateTime<Utc>) -> Result<Vec<u8>, IssueError> {
        sign_detached(&self.key, &self.certificate, &self.chain, payload, signing_time)
    }

    /// The key file under a password: AES-256, HMAC-SHA-256.
    pub fn to_pkcs12(&self, name: &str, password: &str) -> Result<Vec<u8>, IssueError> {
        let mut chain = Stack::new()?;
        for certificate in &self.chain {
            chain.push(X509::from_der(certificate)?)?;
        }
        let certificate = X509::from_der(&self.certificate)?;
        let mut file = Pkcs12::builder();
        file.name(name).pkey(self.key.private()?).cert(&certificate).ca(chain);
        file.key_algorithm(Nid::AES_256_CBC).cert_algorithm(Nid::AES_256_CBC);
        file.key_iter(ROUNDS).mac_iter(ROUNDS).mac_md(MessageDigest::sha256());
        Ok(file.build2(password)?.to_der()?)
    }

    /// Opens a key file.
    pub fn from_pkcs12(file: &[u8], password: &str) -> Result<Self, IssueError> {
        let opened = Pkcs12::from_der(file).and_then(|file| file.parse2(password));
        let opened = opened.map_err(|_| IssueError::KeyFile)?;
        let (Some(key), Some(certificate)) = (opened.pkey, opened.cert) else {
            return Err(IssueError::KeyFile);
        };
        let mut chain = Vec::new();
        for authority in opened.ca.into_iter().flatten() {
            chain.push(authority.to_der()?);
        }
        Self::new(SigningKey::from_private(key)?, certificate.to_der()?, chain)
    }
}
