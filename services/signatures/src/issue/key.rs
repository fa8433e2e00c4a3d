//! Private keys of authorities and signers.

use std::sync::Arc;

use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::rsa::Rsa;
use openssl::sign::{Signer, Verifier};

use super::IssueError;
use crate::algorithm::{self, Digest};
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

/// A private key that never leaves the device it was made in.
pub trait DeviceKey: Send + Sync {
    /// Signs `content` with the digest that belongs to the key; an ECDSA value comes in DER.
    fn sign(&self, content: &[u8]) -> Result<Vec<u8>, IssueError>;
}

#[derive(Clone)]
enum Kept {
    Here(PKey<Private>),
    Elsewhere { public: PKey<Public>, device: Arc<dyn DeviceKey> },
}

/// A private key that signs; its text form never shows it.
#[derive(Clone)]
pub struct SigningKey(Kept);

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
        Ok(Self(Kept::Here(key?)))
    }

    /// Reads an unencrypted PKCS#8 key (DER).
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, IssueError> {
        Self::from_private(PKey::private_key_from_der(der)?)
    }

    /// A key of `device` whose public half (`SubjectPublicKeyInfo`, DER) is known.
    pub fn on_device(public_key: &[u8], device: Arc<dyn DeviceKey>) -> Result<Self, IssueError> {
        let public = algorithm::public_key(public_key).and_then(algorithm::Key::library);
        let public = public.map_err(|_| IssueError::KeyKind)?;
        Ok(Self(Kept::Elsewhere { public, device }))
    }

    /// Signs once and verifies: the private half is that of the public one.
    pub(super) fn prove(&self) -> Result<(), IssueError> {
        let content = b"ecustoms key proof";
        let value = self.sign(content)?;
        let public = self.public()?;
        let mut verifier = Verifier::new(self.message_digest()?, &public)?;
        if verifier.verify_oneshot(&value, content)? { Ok(()) } else { Err(IssueError::OtherKey) }
    }

    /// The unencrypted PKCS#8 form (DER); a device never gives it away.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.private()?.private_key_to_pkcs8()?)
    }

    /// `SubjectPublicKeyInfo` (DER).
    pub fn public_key(&self) -> Result<Vec<u8>, IssueError> {
        match &self.0 {
            Kept::Here(key) => Ok(key.public_key_to_der()?),
            Kept::Elsewhere { public, .. } => Ok(public.public_key_to_der()?),
        }
    }

    /// Kind of the key.
    pub fn kind(&self) -> Result<KeyKind, IssueError> {
        match (self.id(), self.bits()) {
            (Id::EC, 256) => Ok(KeyKind::P256),
            (Id::EC, 384) => Ok(KeyKind::P384),
            (Id::RSA, 2048) => Ok(KeyKind::Rsa2048),
            (Id::RSA, 3072) => Ok(KeyKind::Rsa3072),
            (Id::RSA, 4096) => Ok(KeyKind::Rsa4096),
            _ => Err(IssueError::KeyKind),
        }
    }

    pub(super) fn from_private(key: PKey<Private>) -> Result<Self, IssueError> {
        match key.id() {
            Id::RSA | Id::EC => Ok(Self(Kept::Here(key))),
            _ => Err(IssueError::KeyKind),
        }
    }

    /// The private half, which only a key that is kept here has.
    pub(super) const fn private(&self) -> Result<&PKey<Private>, IssueError> {
        match &self.0 {
            Kept::Here(key) => Ok(key),
            Kept::Elsewhere { .. } => Err(IssueError::OnDevice),
        }
    }

    pub(super) fn public(&self) -> Result<PKey<Public>, IssueError> {
        Ok(PKey::public_key_from_der(&self.public_key()?)?)
    }

    fn id(&self) -> Id {
        match &self.0 {
            Kept::Here(key) => key.id(),
            Kept::Elsewhere { public, .. } => public.id(),
        }
    }

    fn bits(&self) -> u32 {
        match &self.0 {
            Kept::Here(key) => key.bits(),
            Kept::Elsewhere { public, .. } => public.bits(),
        }
    }

    /// SHA-384 for P-384, SHA-256 otherwise.
    pub(super) fn digest(&self) -> Digest {
        if self.id() == Id::EC && self.bits() > 256 { Digest::Sha384 } else { Digest::Sha256 }
    }

    pub(super) fn message_digest(&self) -> Result<MessageDigest, IssueError> {
        self.digest().openssl().ok_or(IssueError::KeyKind)
    }

    /// `AlgorithmIdentifier` of this key's signatures.
    pub(super) fn algorithm(&self) -> Vec<u8> {
        match (self.id() == Id::RSA, self.digest()) {
            (true, Digest::Sha256) => encode::sequence(&[&encode::oid(oid::RSA_SHA256), &encode::null()]),
            (true, Digest::Sha384) => encode::sequence(&[&encode::oid(oid::RSA_SHA384), &encode::null()]),
            (false, Digest::Sha256) => encode::sequence(&[&encode::oid(oid::ECDSA_SHA256)]),
            (false, Digest::Sha384) => encode::sequence(&[&encode::oid(oid::ECDSA_SHA384)]),
            (true, _) => encode::sequence(&[&encode::oid(oid::RSA_SHA512), &encode::null()]),
            (false, _) => encode::sequence(&[&encode::oid(oid::ECDSA_SHA512)]),
        }
    }

    pub(crate) fn sign(&self, content: &[u8]) -> Result<Vec<u8>, IssueError> {
        match &self.0 {
            Kept::Here(key) => {
                let mut signer = Signer::new(self.message_digest()?, key)?;
                Ok(signer.sign_oneshot_to_vec(content)?)
            }
            Kept::Elsewhere { device, .. } => device.sign(content),
        }
    }
}
