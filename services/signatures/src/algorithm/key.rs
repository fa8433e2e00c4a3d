//! Public keys of the profile.

use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};

use super::{AlgorithmFault, gost, split, unknown};
use crate::der;
use crate::fault::Fault;
use crate::oid;

/// A public key that may verify signatures.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// RSA or ECDSA, by the library.
    Library(PKey<Public>),
    /// GOST 34.10-2015 of 512 bits.
    Gost512(Box<gost::GostKey>),
}

impl Key {
    /// Size in bits.
    pub(crate) fn bits(&self) -> u32 {
        match self {
            Self::Library(key) => key.bits(),
            Self::Gost512(_) => 512,
        }
    }

    /// Whether it verifies within some tens of microseconds: P-256, and RSA up to 4096 bits with a short exponent.
    pub(crate) fn is_quick(&self) -> bool {
        match self {
            Self::Library(key) if key.id() == Id::EC => key.bits() <= 256,
            // An exponent may be as long as the modulus, and then verifies as slowly as others sign.
            Self::Library(key) => key.bits() <= 4096 && key.rsa().is_ok_and(|rsa| rsa.e().num_bits() <= 32),
            Self::Gost512(_) => false,
        }
    }

    /// The key as the library has it; a GOST key is none.
    pub(crate) fn library(self) -> Result<PKey<Public>, AlgorithmFault> {
        match self {
            Self::Library(key) => Ok(key),
            Self::Gost512(_) => {
                Err(AlgorithmFault::new(Fault::AlgorithmUnsupported, "GOST key is not supported here"))
            }
        }
    }
}

/// Reads a `SubjectPublicKeyInfo` and holds it against the profile: RSA of 2048 to 8192 bits, P-256, P-384, or GOST of Kazakhstan.
pub(crate) fn public_key(spki: &[u8]) -> Result<Key, AlgorithmFault> {
    if let Some(key) = gost::key(spki)? {
        return Ok(Key::Gost512(Box::new(key)));
    }
    let key = PKey::public_key_from_der(spki).map_err(|_| unreadable(spki))?;
    let refuse = |detail: String| Err(AlgorithmFault::new(Fault::AlgorithmRefused, detail));
    match key.id() {
        Id::RSA if !(2048..=8192).contains(&key.bits()) => {
            refuse(format!("RSA key of {} bits is refused", key.bits()))
        }
        Id::RSA => Ok(Key::Library(key)),
        Id::EC => match key.ec_key().ok().and_then(|key| key.group().curve_name()) {
            Some(Nid::X9_62_PRIME256V1 | Nid::SECP384R1) => Ok(Key::Library(key)),
            curve => {
                let name = curve.and_then(|curve| curve.short_name().ok()).unwrap_or("explicit parameters");
                refuse(format!("curve {name} is refused"))
            }
        },
        Id::DSA => refuse("DSA is refused".to_owned()),
        _ => {
            Err(AlgorithmFault::new(Fault::AlgorithmUnsupported, "public key of another kind than RSA or EC"))
        }
    }
}

/// A key that the library cannot read, refused by the name of its algorithm where that has one.
fn unreadable(spki: &[u8]) -> AlgorithmFault {
    let kind = der::only(spki, der::SEQUENCE).and_then(|spki| {
        let (kind, _) = split(spki.inside().take(der::SEQUENCE)?)?;
        Ok(kind)
    });
    match kind {
        Ok(oid::RSA_ENCRYPTION | oid::EC_PUBLIC_KEY) | Err(_) => {
            AlgorithmFault::new(Fault::AlgorithmUnsupported, "public key cannot be read")
        }
        Ok(kind) => unknown(kind),
    }
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNum;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::rsa::Rsa;

    use super::*;

    #[test]
    fn a_key_that_verifies_slowly_is_known_by_its_size_and_its_exponent() {
        let rsa = |bits, exponent: &str| {
            let key = Rsa::generate_with_e(bits, &BigNum::from_dec_str(exponent).unwrap()).unwrap();
            let spki = PKey::from_rsa(key).unwrap().public_key_to_der().unwrap();
            public_key(&spki).unwrap().is_quick()
        };
        assert!(rsa(2048, "65537"));
        assert!(!rsa(2048, "1099511627791"), "a long exponent");
        let curve = |curve| {
            let key = EcKey::generate(&EcGroup::from_curve_name(curve).unwrap()).unwrap();
            let spki = PKey::from_ec_key(key).unwrap().public_key_to_der().unwrap();
            public_key(&spki).unwrap().is_quick()
        };
        assert!(curve(Nid::X9_62_PRIME256V1));
        assert!(!curve(Nid::SECP384R1));
    }
}
