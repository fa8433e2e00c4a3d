//! Digest algorithms of the profile.

use openssl::hash::MessageDigest;
use streebog::Digest as _;

use crate::oid;

/// Digest algorithms of the profile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
    Streebog512,
}

impl Digest {
    pub(super) const ALL: [Self; 4] = [Self::Sha256, Self::Sha384, Self::Sha512, Self::Streebog512];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Streebog512 => "Streebog-512",
        }
    }

    pub(crate) const fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
            Self::Streebog512 => oid::KZ_STREEBOG_512,
        }
    }

    /// The digest in the library; Streebog is not there.
    pub(crate) fn openssl(self) -> Option<MessageDigest> {
        match self {
            Self::Sha256 => Some(MessageDigest::sha256()),
            Self::Sha384 => Some(MessageDigest::sha384()),
            Self::Sha512 => Some(MessageDigest::sha512()),
            Self::Streebog512 => None,
        }
    }

    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => openssl::sha::sha256(bytes).to_vec(),
            Self::Sha384 => openssl::sha::sha384(bytes).to_vec(),
            Self::Sha512 => openssl::sha::sha512(bytes).to_vec(),
            Self::Streebog512 => streebog::Streebog512::digest(bytes).to_vec(),
        }
    }
}
