//! JSON Web Signatures of documents, detached and unencoded (RFC 7515, RFC 7797), with the certificate in the header.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SubsecRound as _, Utc};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;
use serde::Deserialize;

use crate::algorithm::{self, Digest, Key, Scheme, SignatureAlgorithm};
use crate::claim::{Basis, Claim, refused};
use crate::cms::Stapled;
use crate::evidence::VerifiedDocument;
use crate::fault::Fault;
use crate::refusal::{PathRefusal, SignatureRefusal};
use crate::report::{Finding, Level, Step};
use crate::summary::{Draft, Summary};
use crate::trust::TrustStore;
use crate::verify::Verifier;
use crate::xml::plain_to_der;

/// Most certificates of a header.
const CERTIFICATES_MAX: usize = 16;

/// The protected header of a detached signature: nothing beyond the profile.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    #[serde(default)]
    x5c: Vec<String>,
    b64: Option<bool>,
    crit: Option<Vec<String>>,
    #[serde(rename = "x5t#S256")]
    thumbprint: Option<String>,
    #[serde(rename = "sigT")]
    signing_time: Option<DateTime<Utc>>,
    #[serde(rename = "typ")]
    _kind: Option<String>,
    #[serde(rename = "cty")]
    _content: Option<String>,
    #[serde(rename = "kid")]
    _key: Option<String>,
}

fn malformed(detail: &str) -> Finding {
    Finding::new(Step::Format, Fault::Malformed, detail)
}

pub(crate) fn decoded(text: &str) -> Result<Vec<u8>, Finding> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed("part of the signature is not base64url"))
}

/// Header, payload and signature of the compact form, as sent.
pub(crate) fn parts(jws: &str) -> Result<[&str; 3], Finding> {
    let parts: Vec<&str> = jws.split('.').collect();
    <[&str; 3]>::try_from(parts).map_err(|_| malformed("signature is not of three parts"))
}

pub(crate) fn algorithm_of(name: &str) -> Result<SignatureAlgorithm, Finding> {
    let algorithm = |scheme, digest| Ok(SignatureAlgorithm { scheme, digest });
    match name {
        "RS256" => algorithm(Scheme::RsaPkcs1, Digest::Sha256),
        "RS384" => algorithm(Scheme::RsaPkcs1, Digest::Sha384),
        "RS512" => algorithm(Scheme::RsaPkcs1, Digest::Sha512),
        "PS256" => algorithm(Scheme::RsaPss { salt: 32 }, Digest::Sha256),
        "PS384" => algorithm(Scheme::RsaPss { salt: 48 }, Digest::Sha384),
        "PS512" => algorithm(Scheme::RsaPss { salt: 64 }, Digest::Sha512),
        "ES256" => algorithm(Scheme::Ecdsa, Digest::Sha256),
        "ES384" => algorithm(Scheme::Ecdsa, Digest::Sha384),
        other => {
            let detail = format!("algorithm {other} is not supported");
            Err(Finding::new(Step::Crypto, Fault::AlgorithmUnsupported, detail))
        }
    }
}

/// The signature value in the form the library takes; ECDSA values have the length of their curve.
pub(crate) fn value_of(algorithm: SignatureAlgorithm, value: Vec<u8>) -> Result<Vec<u8>, Finding> {
    let length = match (algorithm.scheme, algorithm.digest) {
        (Scheme::Ecdsa, Digest::Sha256) => 64,
        (Scheme::Ecdsa, _) => 96,
        _ => return Ok(value),
    };
    let der = if value.len() == length { plain_to_der(&value) } else { None };
    der.ok_or_else(|| Finding::new(Step::Crypto, Fault::Invalid, "signature value does not verify"))
}

impl Verifier {
    /// Verifies a detached, unencoded JWS (`header..signature`) over exactly `payload` as of `received_at`, at level B.
    pub fn verify_jws(
        &self,
        payload: &[u8],
        jws: &str,
        received_at: DateTime<Utc>,
    ) -> Result<VerifiedDocument, SignatureRefusal> {
        self.detached_jws(&self.trust(), payload, jws, received_at)
    }

    /// Verifies like [`Self::verify_jws`] under `trust`.
    pub(crate) fn detached_jws(
        &self,
        trust: &TrustStore,
        payload: &[u8],
        jws: &str,
        received_at: DateTime<Utc>,
    ) -> Result<VerifiedDocument, SignatureRefusal> {
        let sha256 = openssl::sha::sha256(payload);
        let mut summary = Summary::new(sha256, jws.as_bytes(), received_at, Level::B);
        let profile = self.profile();
        let basis = Basis { trust, profile, at: received_at.trunc_subsecs(0), level: Level::B };
        if payload.len() > profile.payload_bytes_max || jws.len() > profile.signature_bytes_max {
            summary.refuse(Finding::new(Step::Format, Fault::TooLarge, "message is larger than the limit"));
        } else {
            let mut draft = Draft::default();
            match one(payload, jws, &basis, &mut draft) {
                Err(finding) if finding.step == Step::Format => summary.refuse(finding),
                outcome => summary.add(draft, outcome),
            }
        }
        match summary.finish(profile.name(), trust.sequence()) {
            (report, None) => Ok(VerifiedDocument::new(sha256, jws.as_bytes(), report)),
            (report, Some(finding)) => Err(SignatureRefusal::new(finding.fault, finding.detail, report)),
        }
    }
}

/// SHA-256 of the certificate that a detached signature says is its signer's; the first of its header.
pub(crate) fn signer_of(jws: &str) -> Option<[u8; 32]> {
    let [protected, ..] = parts(jws).ok()?;
    let header: Header = serde_json::from_slice(&decoded(protected).ok()?).ok()?;
    let raw = base64::engine::general_purpose::STANDARD.decode(header.x5c.first()?).ok()?;
    Some(openssl::sha::sha256(&raw))
}

fn one(payload: &[u8], jws: &str, basis: &Basis<'_>, draft: &mut Draft) -> Result<(), Finding> {
    let [protected, between, value] = parts(jws)?;
    if !between.is_empty() {
        return Err(malformed("payload is not detached"));
    }
    let header: Header = serde_json::from_slice(&decoded(protected)?)
        .map_err(|error| malformed(&format!("header out of the profile: {error}")))?;
    let critical = header.crit.as_deref().unwrap_or_default();
    if header.b64 != Some(false) || critical != ["b64"] {
        return Err(malformed("header does not say that the payload is unencoded"));
    }
    if header.x5c.len() > CERTIFICATES_MAX {
        return Err(malformed("more certificates than the limits allow"));
    }
    let standard = base64::engine::general_purpose::STANDARD;
    let certificates = header.x5c.iter().map(|text| standard.decode(text));
    let certificates: Vec<Vec<u8>> = certificates
        .collect::<Result<_, _>>()
        .map_err(|_| malformed("certificate of the header is not base64"))?;
    let embedded: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
    let missing = |detail: &str| Finding::new(Step::Ident, Fault::CertMissing, detail);
    let certificate = *embedded.first().ok_or_else(|| missing("signer certificate is not in the header"))?;
    let sha256 = openssl::sha::sha256(certificate);
    if header.thumbprint.is_some_and(|named| named != URL_SAFE_NO_PAD.encode(sha256)) {
        return Err(missing("header names another certificate"));
    }
    draft.claimed_signing_time = header.signing_time;
    let algorithm = algorithm_of(&header.alg)?;
    let value = value_of(algorithm, decoded(value)?)?;
    let claim = Claim {
        certificate,
        sha256,
        embedded: &embedded,
        algorithm,
        signed: &[protected.as_bytes(), b".", payload],
        signature: &value,
        stamped: &value,
        timestamps: &[],
        stapled: &Stapled::default(),
    };
    claim.judge(basis, draft)
}

/// A public key in the form of JSON (RFC 7517); the algorithm it is meant for, where it says so.
#[derive(Debug, Deserialize)]
struct Jwk {
    kty: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn key(&self) -> Result<Key, Finding> {
        let unsupported = |detail: String| Finding::new(Step::Crypto, Fault::AlgorithmUnsupported, detail);
        let number = |part: &Option<String>| {
            let octets = part.as_deref().ok_or_else(|| malformed("key lacks a part")).and_then(decoded)?;
            BigNum::from_slice(&octets).map_err(|_| malformed("key lacks a part"))
        };
        let built: Result<PKey<Public>, ErrorStack> = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => {
                Rsa::from_public_components(number(&self.n)?, number(&self.e)?).and_then(PKey::from_rsa)
            }
            ("EC", Some(curve @ ("P-256" | "P-384"))) => {
                let nid = if curve == "P-256" { Nid::X9_62_PRIME256V1 } else { Nid::SECP384R1 };
                let (x, y) = (number(&self.x)?, number(&self.y)?);
                EcGroup::from_curve_name(nid)
                    .and_then(|group| EcKey::from_public_key_affine_coordinates(&group, &x, &y))
                    .and_then(PKey::from_ec_key)
            }
            (kind, curve) => {
                return Err(unsupported(format!(
                    "key of kind {kind} {} is refused",
                    curve.unwrap_or_default()
                )));
            }
        };
        let spki = built.and_then(|key| key.public_key_to_der());
        let spki = spki.map_err(|_| unsupported("key cannot be read".to_owned()))?;
        algorithm::public_key(&spki).map_err(refused)
    }
}

/// Checks the compact `jws` under the key `jwk` (JSON) alone, whose algorithm it must use.
///
/// Says that octets are intact, not that anybody may sign them; documents go through [`Verifier::verify_jws`].
pub fn jws_is_intact_under(jws: &str, jwk: &str) -> Result<(), PathRefusal> {
    #[derive(Deserialize)]
    struct Named {
        alg: String,
        crit: Option<serde_json::Value>,
    }
    let jwk: Jwk = serde_json::from_str(jwk).map_err(|_| malformed("key is not of the form"))?;
    let [protected, payload, value] = parts(jws)?;
    let header: Named =
        serde_json::from_slice(&decoded(protected)?).map_err(|_| malformed("header is not of the form"))?;
    decoded(payload)?;
    let algorithm = algorithm_of(&header.alg)?;
    if header.crit.is_some() {
        return Err(malformed("header has critical members").into());
    }
    if jwk.alg.as_ref().is_some_and(|meant| *meant != header.alg) {
        let detail = "algorithm is not the one the key is for";
        return Err(Finding::new(Step::Crypto, Fault::AlgorithmMismatch, detail).into());
    }
    let purpose = jwk.usage.as_ref().is_none_or(|usage| usage == "sig")
        && jwk
            .key_ops
            .as_ref()
            .is_none_or(|uses| uses.iter().any(|usage| usage == "verify" || usage == "sign"));
    if !purpose {
        return Err(Finding::new(Step::Ident, Fault::CertPurpose, "key is not one for signatures").into());
    }
    let key = jwk.key()?;
    algorithm.fits(&key).map_err(refused)?;
    let value = value_of(algorithm, decoded(value)?)?;
    if algorithm.verifies(&key, &[protected.as_bytes(), b".", payload.as_bytes()], &value) {
        Ok(())
    } else {
        Err(Finding::new(Step::Crypto, Fault::Invalid, "signature value does not verify").into())
    }
}
