//! Algorithms of the profile: what is accepted, what is refused by name, and the verification itself.

mod digest;
mod gost;
mod key;

pub(crate) use digest::Digest;
pub(crate) use key::{Key, public_key};

use openssl::hash::{Hasher, MessageDigest};
use openssl::pkey::{Id, PKeyRef, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

use crate::der::{self, DerError, Tlv};
use crate::fault::Fault;
use crate::oid;

/// Why an algorithm is not taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct AlgorithmFault {
    pub(crate) fault: Fault,
    pub(crate) detail: String,
}

impl AlgorithmFault {
    fn new(fault: Fault, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into() }
    }
}

impl From<DerError> for AlgorithmFault {
    fn from(error: DerError) -> Self {
        Self::new(Fault::Malformed, format!("algorithm identifier: {error}"))
    }
}

/// An `AlgorithmIdentifier`: its identifier and its parameters, if any.
pub(crate) fn split(algorithm: Tlv<'_>) -> Result<(&[u8], Option<Tlv<'_>>), DerError> {
    let mut parts = algorithm.expect(der::SEQUENCE)?.inside();
    let kind = parts.take(der::OID)?.value;
    let parameters = if parts.is_empty() { None } else { Some(parts.element()?) };
    parts.end()?;
    Ok((kind, parameters))
}

fn null_or_absent(parameters: Option<Tlv<'_>>) -> Result<(), AlgorithmFault> {
    match parameters {
        None => Ok(()),
        Some(tlv) if tlv.tag == der::NULL && tlv.value.is_empty() => Ok(()),
        Some(_) => Err(AlgorithmFault::new(Fault::Malformed, "algorithm parameters must be NULL or absent")),
    }
}

/// The digest an `AlgorithmIdentifier` names.
pub(crate) fn digest(algorithm: Tlv<'_>) -> Result<Digest, AlgorithmFault> {
    let (kind, parameters) = split(algorithm)?;
    let digest = Digest::ALL.into_iter().find(|known| known.oid() == kind);
    let digest = digest.ok_or_else(|| unknown(kind))?;
    null_or_absent(parameters)?;
    Ok(digest)
}

/// Scheme of a signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    RsaPkcs1,
    RsaPss { salt: u32 },
    Ecdsa,
    Gost512,
}

/// A signature algorithm of the profile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct SignatureAlgorithm {
    pub(crate) scheme: Scheme,
    pub(crate) digest: Digest,
}

impl SignatureAlgorithm {
    /// Reads an `AlgorithmIdentifier`; `announced` is the digest algorithm that must agree, where one is announced.
    pub(crate) fn read(algorithm: Tlv<'_>, announced: Option<Digest>) -> Result<Self, AlgorithmFault> {
        let (kind, parameters) = split(algorithm)?;
        let read = if kind == oid::RSA_PSS {
            pss(parameters)?
        } else if let Some((_, scheme, digest)) = SIMPLE.iter().find(|(known, ..)| *known == kind) {
            match scheme {
                Scheme::Ecdsa if parameters.is_some() => {
                    return Err(AlgorithmFault::new(Fault::Malformed, "ECDSA takes no parameters"));
                }
                _ => null_or_absent(parameters)?,
            }
            Self { scheme: *scheme, digest: *digest }
        } else {
            match announced {
                Some(digest) if kind == oid::RSA_ENCRYPTION => {
                    null_or_absent(parameters)?;
                    Self { scheme: Scheme::RsaPkcs1, digest }
                }
                _ => return Err(unknown(kind)),
            }
        };
        match announced {
            Some(digest) if digest != read.digest => Err(AlgorithmFault::new(
                Fault::AlgorithmMismatch,
                format!(
                    "signature algorithm uses {}, digest algorithm is {}",
                    read.digest.name(),
                    digest.name()
                ),
            )),
            _ => Ok(read),
        }
    }

    pub(crate) fn name(self) -> String {
        let scheme = match self.scheme {
            Scheme::RsaPkcs1 => "RSA-PKCS1",
            Scheme::RsaPss { .. } => "RSA-PSS",
            Scheme::Ecdsa => "ECDSA",
            Scheme::Gost512 => "GOST 34.10-2015-512",
        };
        format!("{scheme} with {}", self.digest.name())
    }

    /// Whether the key is of this algorithm's kind.
    pub(crate) fn fits(self, key: &Key) -> Result<(), AlgorithmFault> {
        let fits = match (self.scheme, key) {
            (Scheme::RsaPkcs1 | Scheme::RsaPss { .. }, Key::Library(key)) => key.id() == Id::RSA,
            (Scheme::Ecdsa, Key::Library(key)) => key.id() == Id::EC,
            (Scheme::Gost512, Key::Gost512(_)) => true,
            (Scheme::Gost512, Key::Library(_)) | (_, Key::Gost512(_)) => false,
        };
        if fits {
            Ok(())
        } else {
            Err(AlgorithmFault::new(Fault::AlgorithmMismatch, "signature algorithm is not of the key's kind"))
        }
    }

    /// Whether `signature` over `parts` verifies; a failure inside the library counts as a bad signature.
    pub(crate) fn verifies(self, key: &Key, parts: &[&[u8]], signature: &[u8]) -> bool {
        match key {
            Key::Library(key) => self.verifies_in_library(key, parts, signature),
            Key::Gost512(key) => key.verifies(&self.digest.of(&parts.concat()), signature),
        }
    }

    fn verifies_in_library(self, key: &PKeyRef<Public>, parts: &[&[u8]], signature: &[u8]) -> bool {
        let Some(digest) = self.digest.openssl() else { return false };
        let attempt = || -> Result<bool, openssl::error::ErrorStack> {
            let mut verifier = Verifier::new(digest, key)?;
            if let Scheme::RsaPss { salt } = self.scheme {
                verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
                verifier.set_rsa_mgf1_md(digest)?;
                verifier
                    .set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::try_from(salt).unwrap_or(i32::MAX)))?;
            }
            for part in parts {
                verifier.update(part)?;
            }
            verifier.verify(signature)
        };
        attempt().unwrap_or(false)
    }
}

const SIMPLE: [(&[u8], Scheme, Digest); 7] = [
    (oid::RSA_SHA256, Scheme::RsaPkcs1, Digest::Sha256),
    (oid::RSA_SHA384, Scheme::RsaPkcs1, Digest::Sha384),
    (oid::RSA_SHA512, Scheme::RsaPkcs1, Digest::Sha512),
    (oid::ECDSA_SHA256, Scheme::Ecdsa, Digest::Sha256),
    (oid::ECDSA_SHA384, Scheme::Ecdsa, Digest::Sha384),
    (oid::ECDSA_SHA512, Scheme::Ecdsa, Digest::Sha512),
    (oid::KZ_GOST_512_STREEBOG, Scheme::Gost512, Digest::Streebog512),
];

/// RSASSA-PSS-params (RFC 4055, 3.1): explicit SHA-2 hash, MGF1 with the same hash, salt of 20 to 64 octets.
fn pss(parameters: Option<Tlv<'_>>) -> Result<SignatureAlgorithm, AlgorithmFault> {
    let parameters =
        parameters.ok_or_else(|| AlgorithmFault::new(Fault::AlgorithmRefused, "RSA-PSS with SHA-1"))?;
    let mut parts = parameters.expect(der::SEQUENCE)?.inside();
    let refuse = |detail: &str| AlgorithmFault::new(Fault::AlgorithmRefused, detail);
    let hash = parts.optional(der::context(0))?.ok_or_else(|| refuse("RSA-PSS with SHA-1"))?;
    let hash = digest(der::only(hash.value, der::SEQUENCE)?)?;
    let mask = parts.optional(der::context(1))?.ok_or_else(|| refuse("RSA-PSS with an SHA-1 mask"))?;
    let (mask_kind, mask_hash) = split(der::only(mask.value, der::SEQUENCE)?)?;
    if mask_kind != oid::RSA_MGF1 {
        return Err(unknown(mask_kind));
    }
    if digest(mask_hash.ok_or_else(|| refuse("RSA-PSS with an SHA-1 mask"))?)? != hash {
        return Err(refuse("RSA-PSS mask of another digest"));
    }
    let salt = match parts.optional(der::context(2))? {
        Some(salt) => der::small_integer(der::only(salt.value, der::INTEGER)?)?,
        None => 20,
    };
    if !(20..=64).contains(&salt) {
        return Err(refuse("RSA-PSS salt length out of the profile"));
    }
    if let Some(trailer) = parts.optional(der::context(3))?
        && der::small_integer(der::only(trailer.value, der::INTEGER)?)? != 1
    {
        return Err(refuse("RSA-PSS trailer out of the profile"));
    }
    parts.end()?;
    Ok(SignatureAlgorithm { scheme: Scheme::RsaPss { salt }, digest: hash })
}

/// Algorithms known to be too weak, with the name they are refused by.
const WEAK: [(&str, &str); 11] = [
    ("1.3.14.3.2.26", "SHA-1"),
    ("1.3.14.3.2.29", "RSA with SHA-1"),
    ("1.2.840.113549.2.5", "MD5"),
    ("1.2.840.113549.2.2", "MD2"),
    ("1.2.840.113549.1.1.2", "RSA with MD2"),
    ("1.2.840.113549.1.1.4", "RSA with MD5"),
    ("1.2.840.113549.1.1.5", "RSA with SHA-1"),
    ("1.2.840.10045.4.1", "ECDSA with SHA-1"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10040.4.3", "DSA with SHA-1"),
    ("2.16.840.1.101.3.4.2.4", "SHA-224"),
];

/// Families of algorithms that cannot be verified here, with the name they are refused by.
const FOREIGN: [(&str, &str); 4] = [
    ("1.2.398.3.10.1.1.1", "GOST 34.310-2004"),
    ("1.2.398.3.10.1.1.2", "GOST 34.10-2015 of another size than 512"),
    ("1.2.398.3.10.1.3", "GOST digest of another kind than Streebog-512"),
    ("1.2.643", "GOST of Russia"),
];

fn unknown(kind: &[u8]) -> AlgorithmFault {
    let dotted = oid::dotted(kind);
    if let Some((_, name)) = WEAK.iter().find(|(known, _)| *known == dotted) {
        return AlgorithmFault::new(Fault::AlgorithmRefused, format!("{name} is refused"));
    }
    let name = FOREIGN.iter().find(|(known, _)| dotted.starts_with(known)).map(|(_, name)| *name);
    let name = name.map_or_else(|| format!("algorithm {dotted}"), |name| format!("{name} ({dotted})"));
    AlgorithmFault::new(Fault::AlgorithmUnsupported, format!("{name} is not supported"))
}

/// SHA-1, used only to match identifiers of keys and names, never for a signature.
pub(crate) fn identifier_hash(kind: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    if kind == oid::SHA1 {
        let mut hasher = Hasher::new(MessageDigest::sha1()).ok()?;
        hasher.update(bytes).ok()?;
        return hasher.finish().ok().map(|hash| hash.to_vec());
    }
    let digest = Digest::ALL.into_iter().find(|known| known.oid() == kind);
    digest.map(|digest| digest.of(bytes))
}

#[cfg(test)]
mod tests {
    use openssl::nid::Nid;
    use openssl::pkey::PKey;

    use super::*;
    use crate::encode;

    fn read(kind: &[u8], parameters: &[u8], announced: Digest) -> Result<SignatureAlgorithm, AlgorithmFault> {
        let algorithm = encode::sequence(&[&encode::oid(kind), parameters]);
        SignatureAlgorithm::read(der::only(&algorithm, der::SEQUENCE).unwrap(), Some(announced))
    }

    fn pss_parameters(salt: u64) -> Vec<u8> {
        let hash = encode::sequence(&[&encode::oid(oid::SHA256), &encode::null()]);
        let mask = encode::sequence(&[&encode::oid(oid::RSA_MGF1), &hash]);
        encode::sequence(&[
            &encode::tlv(der::context(0), &[&hash]),
            &encode::tlv(der::context(1), &[&mask]),
            &encode::tlv(der::context(2), &[&encode::number(salt)]),
        ])
    }

    #[test]
    fn weak_and_unknown_algorithms_are_refused_by_name() {
        let sha1 = oid::parse("1.2.840.113549.1.1.5").unwrap();
        let refused = read(&sha1, &encode::null(), Digest::Sha256).unwrap_err();
        assert_eq!(
            (refused.fault, refused.detail.as_str()),
            (Fault::AlgorithmRefused, "RSA with SHA-1 is refused")
        );
        let gost = oid::parse("1.2.398.3.10.1.1.1.2").unwrap();
        let unknown = read(&gost, &[], Digest::Sha256).unwrap_err();
        assert_eq!(unknown.fault, Fault::AlgorithmUnsupported);
        assert_eq!(unknown.detail, "GOST 34.310-2004 (1.2.398.3.10.1.1.1.2) is not supported");
    }

    #[test]
    fn signature_algorithm_must_agree_with_the_digest_algorithm() {
        let mismatch = read(oid::RSA_SHA512, &encode::null(), Digest::Sha256).unwrap_err();
        assert_eq!(mismatch.fault, Fault::AlgorithmMismatch);
        assert!(read(oid::RSA_ENCRYPTION, &encode::null(), Digest::Sha384).is_ok());
        assert!(read(oid::ECDSA_SHA256, &encode::null(), Digest::Sha256).is_err());
    }

    #[test]
    fn pss_is_taken_only_with_explicit_parameters() {
        let good = read(oid::RSA_PSS, &pss_parameters(32), Digest::Sha256).unwrap();
        assert_eq!(good.scheme, Scheme::RsaPss { salt: 32 });
        assert!(read(oid::RSA_PSS, &[], Digest::Sha256).is_err());
        assert!(read(oid::RSA_PSS, &pss_parameters(8), Digest::Sha256).is_err());
        assert!(read(oid::RSA_PSS, &pss_parameters(32), Digest::Sha384).is_err());
    }

    #[test]
    fn small_keys_and_other_curves_are_refused() {
        let rsa = PKey::from_rsa(openssl::rsa::Rsa::generate(1024).unwrap()).unwrap();
        let refused = public_key(&rsa.public_key_to_der().unwrap()).unwrap_err();
        assert_eq!(refused.detail, "RSA key of 1024 bits is refused");
        let group = openssl::ec::EcGroup::from_curve_name(Nid::SECP256K1).unwrap();
        let curve = PKey::from_ec_key(openssl::ec::EcKey::generate(&group).unwrap()).unwrap();
        let refused = public_key(&curve.public_key_to_der().unwrap()).unwrap_err();
        assert_eq!(refused.detail, "curve secp256k1 is refused");
    }

    #[test]
    fn published_signature_vectors_get_their_verdict() {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-wycheproof");
        let sha256 = |scheme| SignatureAlgorithm { scheme, digest: Digest::Sha256 };
        for (file, algorithm) in [
            ("ecdsa_secp256r1_sha256_test.json", sha256(Scheme::Ecdsa)),
            ("rsa_signature_2048_sha256_test.json", sha256(Scheme::RsaPkcs1)),
            ("rsa_pss_2048_sha256_mgf1_32_test.json", sha256(Scheme::RsaPss { salt: 32 })),
        ] {
            let Ok(vectors) = std::fs::read(folder.join(file)) else {
                println!("skipped: {file} is not here");
                continue;
            };
            let vectors: serde_json::Value = serde_json::from_slice(&vectors).unwrap();
            for group in vectors["testGroups"].as_array().unwrap() {
                let spki = hex::decode(group["publicKeyDer"].as_str().unwrap()).unwrap();
                let key = public_key(&spki).unwrap();
                for test in group["tests"].as_array().unwrap() {
                    let octets = |name: &str| hex::decode(test[name].as_str().unwrap()).unwrap();
                    let good = algorithm.verifies(&key, &[&octets("msg")], &octets("sig"));
                    assert_eq!(good, test["result"] == "valid", "{file} {}", test["tcId"]);
                }
            }
        }
    }
}
