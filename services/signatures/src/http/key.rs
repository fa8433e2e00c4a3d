//! Keys and algorithms of message signatures (RFC 9421, 3.3).

use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer, Verifier};

use crate::algorithm;
use crate::fault::Fault;
use crate::xml::plain_to_der;

/// Algorithm of a message signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum HttpAlgorithm {
    /// RSASSA-PSS with SHA-512.
    RsaPssSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaV15Sha256,
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384Sha384,
    /// Ed25519.
    Ed25519,
}

impl HttpAlgorithm {
    /// Every algorithm of the profile.
    pub const ALL: [Self; 5] =
        [Self::RsaPssSha512, Self::RsaV15Sha256, Self::EcdsaP256Sha256, Self::EcdsaP384Sha384, Self::Ed25519];

    /// The registered name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RsaPssSha512 => "rsa-pss-sha512",
            Self::RsaV15Sha256 => "rsa-v1_5-sha256",
            Self::EcdsaP256Sha256 => "ecdsa-p256-sha256",
            Self::EcdsaP384Sha384 => "ecdsa-p384-sha384",
            Self::Ed25519 => "ed25519",
        }
    }

    /// The algorithm of a registered name; shared secrets are not of the profile.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    pub(super) fn fits<T: HasPublic>(self, key: &PKeyRef<T>) -> bool {
        let curve = || key.ec_key().ok().and_then(|key| key.group().curve_name());
        match self {
            Self::RsaPssSha512 | Self::RsaV15Sha256 => key.id() == Id::RSA,
            Self::EcdsaP256Sha256 => curve() == Some(Nid::X9_62_PRIME256V1),
            Self::EcdsaP384Sha384 => curve() == Some(Nid::SECP384R1),
            Self::Ed25519 => key.id() == Id::ED25519,
        }
    }

    fn digest(self) -> MessageDigest {
        match self {
            Self::RsaPssSha512 => MessageDigest::sha512(),
            Self::RsaV15Sha256 | Self::EcdsaP256Sha256 | Self::Ed25519 => MessageDigest::sha256(),
            Self::EcdsaP384Sha384 => MessageDigest::sha384(),
        }
    }

    const fn plain_octets(self) -> Option<i32> {
        match self {
            Self::EcdsaP256Sha256 => Some(32),
            Self::EcdsaP384Sha384 => Some(48),
            _ => None,
        }
    }

    pub(super) fn sign(self, key: &PKeyRef<Private>, content: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        if self == Self::Ed25519 {
            return Signer::new_without_digest(key)?.sign_oneshot_to_vec(content);
        }
        let mut signer = Signer::new(self.digest(), key)?;
        if self == Self::RsaPssSha512 {
            signer.set_rsa_padding(Padding::PKCS1_PSS)?;
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        }
        let value = signer.sign_oneshot_to_vec(content)?;
        let Some(octets) = self.plain_octets() else { return Ok(value) };
        let value = EcdsaSig::from_der(&value)?;
        Ok([value.r().to_vec_padded(octets)?, value.s().to_vec_padded(octets)?].concat())
    }
}

/// A public key known to us.
#[derive(Clone, Debug)]
pub struct HttpKey(PKey<Public>);

impl HttpKey {
    /// Reads `SubjectPublicKeyInfo` (DER) of a key of the profile: RSA, P-256, P-384, Ed25519.
    pub fn from_spki(der: &[u8]) -> Result<Self, Fault> {
        match PKey::public_key_from_der(der) {
            Ok(key) if key.id() == Id::ED25519 => Ok(Self(key)),
            _ => algorithm::public_key(der)
                .and_then(algorithm::Key::library)
                .map(Self)
                .map_err(|fault| fault.fault),
        }
    }

    /// Whether the key is of the algorithm's kind.
    pub fn fits(&self, algorithm: HttpAlgorithm) -> bool {
        algorithm.fits(&self.0)
    }

    /// Whether `signature` over `content` verifies with `algorithm`; a key of another kind never does.
    pub fn verifies(&self, algorithm: HttpAlgorithm, content: &[u8], signature: &[u8]) -> bool {
        self.fits(algorithm) && self.attempt(algorithm, content, signature).unwrap_or(false)
    }

    fn attempt(
        &self,
        algorithm: HttpAlgorithm,
        content: &[u8],
        signature: &[u8],
    ) -> Result<bool, ErrorStack> {
        if algorithm == HttpAlgorithm::Ed25519 {
            return Verifier::new_without_digest(&self.0)?.verify_oneshot(signature, content);
        }
        let mut verifier = Verifier::new(algorithm.digest(), &self.0)?;
        if algorithm == HttpAlgorithm::RsaPssSha512 {
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_mgf1_md(MessageDigest::sha512())?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        }
        match algorithm.plain_octets() {
            None => verifier.verify_oneshot(signature, content),
            Some(octets) if usize::try_from(octets * 2) == Ok(signature.len()) => {
                plain_to_der(signature).map_or(Ok(false), |der| verifier.verify_oneshot(&der, content))
            }
            Some(_) => Ok(false),
        }
    }
}
