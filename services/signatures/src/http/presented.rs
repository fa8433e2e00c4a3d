//! A public key as its owner presents it: a JSON Web Key, PEM, or a certificate that carries it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Rsa;
use openssl::sha::sha256;
use openssl::x509::X509;
use serde_json::{Map, Value};

use super::key::HttpKey;
use crate::fault::Fault;
use crate::identity::{Identity, IdentityScheme};
use crate::inspect::read_certificate;
use crate::report::CertificateFacts;

/// The longest text that is looked at: a certificate with an RSA key of 8192 bits is shorter.
const OCTETS_MAX: usize = 16_384;

/// Why a text is no key that may sign messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PresentedError {
    /// Neither a JSON Web Key nor PEM with one key or one certificate.
    #[error("is neither a JSON Web Key nor PEM of one public key or one certificate")]
    Unreadable,
    /// A private key: it belongs to its owner alone and is worth nothing from now on.
    #[error("is a private key, which nobody else may ever see: make another one, and show its public key")]
    Private,
    /// An RSA key below 2048 bits, or a curve outside the profile.
    #[error("is too weak or of another kind: RSA from 2048 bits, P-256, P-384 or Ed25519")]
    Refused,
}

/// A public key that may sign messages, under the identifier that its signatures name.
#[derive(Clone, Debug)]
pub struct PresentedKey {
    spki: Vec<u8>,
    key_id: String,
    kind: &'static str,
    certificate: Option<(CertificateFacts, Identity)>,
}

impl PresentedKey {
    /// Reads a key; identities in a certificate by the first of `schemes` that recognises its subject.
    pub fn read(text: &str, schemes: &[IdentityScheme]) -> Result<Self, PresentedError> {
        let text = text.trim();
        if text.is_empty() || text.len() > OCTETS_MAX {
            return Err(PresentedError::Unreadable);
        }
        // Looked for anywhere: a text with a private key behind a public one gives it away just as well.
        if text.contains("PRIVATE KEY-----") {
            return Err(PresentedError::Private);
        }
        if text.starts_with('{') {
            let jwk = serde_json::from_str(text).map_err(|_| PresentedError::Unreadable)?;
            return Self::of_key(&of_jwk(&jwk)?);
        }
        match text.matches("-----BEGIN ").count() {
            1 if text.starts_with("-----BEGIN CERTIFICATE-----") => Self::of_certificate(text, schemes),
            1 if text.starts_with("-----BEGIN PUBLIC KEY-----") => {
                let key = PKey::public_key_from_pem(text.as_bytes());
                Self::of_key(&key.map_err(|_| PresentedError::Unreadable)?)
            }
            _ => Err(PresentedError::Unreadable),
        }
    }

    fn of_certificate(text: &str, schemes: &[IdentityScheme]) -> Result<Self, PresentedError> {
        let unreadable = |_: ErrorStack| PresentedError::Unreadable;
        let certificate = X509::from_pem(text.as_bytes()).map_err(unreadable)?;
        let raw = certificate.to_der().map_err(unreadable)?;
        let mut presented = Self::of_key(&certificate.public_key().map_err(|_| PresentedError::Refused)?)?;
        let reading = read_certificate(&raw, schemes).map_err(|_| PresentedError::Unreadable)?;
        presented.key_id = hex::encode(sha256(&raw));
        presented.certificate = Some((reading.facts, reading.identity));
        Ok(presented)
    }

    fn of_key(key: &PKey<Public>) -> Result<Self, PresentedError> {
        let spki = key.public_key_to_der().map_err(|_| PresentedError::Unreadable)?;
        HttpKey::from_spki(&spki).map_err(|fault| match fault {
            Fault::Malformed => PresentedError::Unreadable,
            _ => PresentedError::Refused,
        })?;
        let (kind, members) = thumbprint_members(key).map_err(|_| PresentedError::Refused)?;
        Ok(Self { spki, key_id: URL_SAFE_NO_PAD.encode(sha256(members.as_bytes())), kind, certificate: None })
    }

    /// `SubjectPublicKeyInfo` (DER).
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The identifier that signatures name: the SHA-256 of the certificate (hexadecimal), or the thumbprint of the key
    /// (RFC 7638).
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// What kind of key it is: `RSA`, `P-256`, `P-384` or `Ed25519`.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Dates and names of the certificate that carried it, and whom that names; nothing of it is verified.
    pub const fn certificate(&self) -> Option<&(CertificateFacts, Identity)> {
        self.certificate.as_ref()
    }
}

/// The key of a JSON Web Key (RFC 7517); every member that is not of a public key is passed over, private ones are not.
fn of_jwk(jwk: &Map<String, Value>) -> Result<PKey<Public>, PresentedError> {
    if ["d", "p", "q", "dp", "dq", "qi", "k", "oth"].iter().any(|name| jwk.contains_key(*name)) {
        return Err(PresentedError::Private);
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str).ok_or(PresentedError::Unreadable);
    let octets = |name: &str| {
        URL_SAFE_NO_PAD.decode(text(name)?.trim_end_matches('=')).map_err(|_| PresentedError::Unreadable)
    };
    let unreadable = |_: ErrorStack| PresentedError::Unreadable;
    match text("kty")? {
        "OKP" if text("crv")? == "Ed25519" => {
            PKey::public_key_from_raw_bytes(&octets("x")?, Id::ED25519).map_err(unreadable)
        }
        "EC" => {
            let curve = match text("crv")? {
                "P-256" => Nid::X9_62_PRIME256V1,
                "P-384" => Nid::SECP384R1,
                _ => return Err(PresentedError::Refused),
            };
            on_curve(curve, &octets("x")?, &octets("y")?).map_err(unreadable)
        }
        "RSA" => modular(&octets("n")?, &octets("e")?).map_err(unreadable),
        _ => Err(PresentedError::Refused),
    }
}

fn on_curve(curve: Nid, x: &[u8], y: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    let group = EcGroup::from_curve_name(curve)?;
    let (x, y) = (BigNum::from_slice(x)?, BigNum::from_slice(y)?);
    PKey::from_ec_key(EcKey::from_public_key_affine_coordinates(&group, &x, &y)?)
}

fn modular(n: &[u8], e: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    PKey::from_rsa(Rsa::from_public_components(BigNum::from_slice(n)?, BigNum::from_slice(e)?)?)
}

/// The kind of a key, and the members that its thumbprint is taken over (RFC 7638, 3.2; RFC 8037, 2).
fn thumbprint_members(key: &PKey<Public>) -> Result<(&'static str, String), ErrorStack> {
    let text = |octets: &[u8]| URL_SAFE_NO_PAD.encode(octets);
    if key.id() == Id::ED25519 {
        let x = text(&key.raw_public_key()?);
        return Ok(("Ed25519", format!("{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{x}\"}}")));
    }
    if let Ok(rsa) = key.rsa() {
        let (e, n) = (text(&rsa.e().to_vec()), text(&rsa.n().to_vec()));
        return Ok(("RSA", format!("{{\"e\":\"{e}\",\"kty\":\"RSA\",\"n\":\"{n}\"}}")));
    }
    let ec = key.ec_key()?;
    let (name, octets) = match ec.group().curve_name() {
        Some(Nid::SECP384R1) => ("P-384", 48),
        _ => ("P-256", 32),
    };
    let (mut x, mut y, mut ctx) = (BigNum::new()?, BigNum::new()?, BigNumContext::new()?);
    ec.public_key().affine_coordinates(ec.group(), &mut x, &mut y, &mut ctx)?;
    let (x, y) = (text(&x.to_vec_padded(octets)?), text(&y.to_vec_padded(octets)?));
    Ok((name, format!("{{\"crv\":\"{name}\",\"kty\":\"EC\",\"x\":\"{x}\",\"y\":\"{y}\"}}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<PresentedKey, PresentedError> {
        PresentedKey::read(text, &[])
    }

    #[test]
    fn a_key_has_the_thumbprint_that_its_standard_computes() {
        // RFC 7638, 3.1 and RFC 8037, A.3.
        let rsa = r#"{"kty":"RSA","alg":"RS256","kid":"2011-04-29","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#;
        let okp = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let (rsa, okp) = (read(rsa).unwrap(), read(okp).unwrap());
        assert_eq!((rsa.kind(), rsa.key_id()), ("RSA", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
        assert_eq!((okp.kind(), okp.key_id()), ("Ed25519", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
        assert!(HttpKey::from_spki(okp.spki()).is_ok());
    }

    #[test]
    fn the_same_key_is_known_by_the_same_identifier_in_every_form() {
        for curve in [Nid::X9_62_PRIME256V1, Nid::SECP384R1] {
            let group = EcGroup::from_curve_name(curve).unwrap();
            let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
            let pem = String::from_utf8(key.public_key_to_pem().unwrap()).unwrap();
            let public = PKey::public_key_from_der(&key.public_key_to_der().unwrap()).unwrap();
            let (_, jwk) = thumbprint_members(&public).unwrap();
            assert_eq!(read(&pem).unwrap().key_id(), read(&jwk).unwrap().key_id());
            assert_eq!(read(&pem).unwrap().spki(), read(&jwk).unwrap().spki());
        }
    }

    #[test]
    fn what_may_not_sign_is_refused_by_its_kind() {
        use PresentedError::{Private, Refused, Unreadable};
        let weak = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
        let private = String::from_utf8(weak.private_key_to_pem_pkcs8().unwrap()).unwrap();
        let weak = String::from_utf8(weak.public_key_to_pem().unwrap()).unwrap();
        let p521 = EcGroup::from_curve_name(Nid::SECP521R1).unwrap();
        let p521 = PKey::from_ec_key(EcKey::generate(&p521).unwrap()).unwrap();
        let p521 = String::from_utf8(p521.public_key_to_pem().unwrap()).unwrap();
        for (text, want) in [
            ("", Unreadable),
            ("ssh-ed25519 AAAA", Unreadable),
            ("{}", Unreadable),
            ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}", Unreadable),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQ\"}", Unreadable),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQ\",\"d\":\"AQ\"}", Private),
            ("{\"kty\":\"oct\",\"k\":\"AQ\"}", Private),
            ("{\"kty\":\"EC\",\"crv\":\"secp256k1\"}", Refused),
            (&format!("{weak}{private}"), Private),
            (&format!("{weak}{weak}"), Unreadable),
            (&weak, Refused),
            (&p521, Refused),
            (&"x".repeat(OCTETS_MAX + 1), Unreadable),
        ] {
            assert_eq!(read(text).unwrap_err(), want, "{text:.80}");
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_texts_never_panic(text in "\\PC{0,80}") {
            let _ = (read(&text).is_ok(), read(&format!("-----BEGIN CERTIFICATE-----\n{text}")).is_ok());
        }
    }
}
