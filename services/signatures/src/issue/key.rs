//! Private keys of authorities and signers.

use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::rsa::Rsa;
use openssl::sign::Signer;

use super::IssueError;
use crate::algorithm::Digest;
use crate::{encode, oid};

/// Kind of key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyKind {
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// RSA of 2048 bits.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
}

/// A private key that signs; its text form never shows it.
#[derive(Clone)]
pub struct SigningKey(PKey<Private>);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// A new random key.
    pub fn generate(kind: KeyKind) -> Result<Self, IssueError> {
        let rsa = |bits| Rsa::generate(bits).and_then(PKey::from_rsa);
        let ec = |curve| -> Result<PKey<Private>, ErrorStack> {
            let group = EcGroup::from_curve_name(curve)?;
            PKey::from_ec_key(EcKey::generate(&group)?)
        };
        let key = match kind {
            KeyKind::P256 => ec(Nid::X9_62_PRIME256V1),
            KeyKind::P384 => ec(Nid::SECP384R1),
            KeyKind::Rsa2048 => rsa(2048),
            KeyKind::Rsa3072 => rsa(3072),
            KeyKind::Rsa4096 => rsa(4096),
        };
        Ok(Self(key?))
    }

    /// Reads an unencrypted PKCS#8 key (DER).
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, IssueError> {
        Self::from_private(PKey::private_key_from_der(der)?)
    }

    /// The unencrypted PKCS#8 form (DER).
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.0.private_key_to_pkcs8()?)
    }

    /// `SubjectPublicKeyInfo` (DER).
    pub fn public_key(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.0.public_key_to_der()?)
    }

    pub(super) fn from_private(key: PKey<Private>) -> Result<Self, IssueError> {
        match key.id() {
            Id::RSA | Id::EC => Ok(Self(key)),
            _ => Err(IssueError::KeyKind),
        }
    }

    pub(super) const fn private(&self) -> &PKey<Private> {
        &self.0
    }

    pub(super) fn public(&self) -> Result<PKey<Public>, IssueError> {
        Ok(PKey::public_key_from_der(&self.public_key()?)?)
    }

    /// SHA-384 for P-384, SHA-256 otherwise.
    pub(super) fn digest(&self) -> Digest {
        if self.0.id() == Id::EC && self.0.bits() > 256 { Digest::Sha384 } else { Digest::Sha256 }
    }

    /// `AlgorithmIdentifier` of this key's signatures.
    pub(super) fn algorithm(&self) -> Vec<u8> {
        match (self.0.id() == Id::RSA, self.digest()) {
            (true, Digest::Sha256) => encode::sequence(&[&encode::oid(oid::RSA_SHA256), &encode::null()]),
            (true, Digest::Sha384) => encode::sequence(&[&encode::oid(oid::RSA_SHA384), &encode::null()]),
            (true, Digest::Sha512) => encode::sequence(&[&encode::oid(oid::RSA_SHA512), &encode::null()]),
            (false, Digest::Sha256) => encode::sequence(&[&encode::oid(oid::ECDSA_SHA256)]),
            (false, Digest::Sha384) => encode::sequence(&[&encode::oid(oid::ECDSA_SHA384)]),
            (false, Digest::Sha512) => encode::sequence(&[&encode::oid(oid::ECDSA_SHA512)]),
        }
    }

    pub(super) fn sign(&self, content: &[u8]) -> Result<Vec<u8>, IssueError> {
        let mut signer = Signer::new(self.digest().openssl(), &self.0)?;
        Ok(signer.sign_oneshot_to_vec(content)?)
    }
}
