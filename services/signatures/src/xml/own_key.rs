//! Core validation of a signed document under the key it carries itself: shows that octets are intact, not whose.

use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;

use super::canonical;
use super::parse::{Document, NodeId};
use super::signature::{DSIG, Signature, octets};
use super::verify::{intact, read, value_of};
use crate::algorithm;
use crate::claim::refused;
use crate::fault::Fault;
use crate::refusal::PathRefusal;
use crate::report::{Finding, Step};

const DSIG_11: &str = "http://www.w3.org/2009/xmldsig11#";
const RFC_4050: &str = "http://www.w3.org/2001/04/xmldsig-more#";

/// Checks references and signature values of `document` under the `KeyValue` each signature carries.
///
/// For judging the reading of XML alone: whoever altered a document can sign it again under a key of his own.
pub fn xml_is_intact_under_own_key(document: &[u8]) -> Result<(), PathRefusal> {
    let (document, signatures) = read(document, 8 << 20)?;
    for id in signatures {
        let signature = Signature::read(&document, id)?;
        intact(&document, &signature)?;
        let spki = key(&document, id)?;
        let key = algorithm::public_key(&spki).map_err(refused)?;
        signature.algorithm.fits(&key).map_err(refused)?;
        let signed = canonical::subtree(&document, signature.signed_info, &signature.form, None);
        if !signature.algorithm.verifies(&key, &[&signed], &value_of(&signature)?) {
            let detail = "signature value does not verify";
            return Err(Finding::new(Step::Crypto, Fault::Invalid, detail).into());
        }
    }
    Ok(())
}

fn key(document: &Document, signature: NodeId) -> Result<Vec<u8>, Finding> {
    let child = |at: NodeId, namespace: &str, local: &str| {
        document.children(at).find(|(_, element)| element.is(namespace, local)).map(|(id, _)| id)
    };
    let missing = || Finding::new(Step::Ident, Fault::CertMissing, "signature carries no key value");
    let value = child(signature, DSIG, "KeyInfo").and_then(|info| child(info, DSIG, "KeyValue"));
    let value = value.ok_or_else(missing)?;
    let spki = if let Some(rsa) = child(value, DSIG, "RSAKeyValue") {
        let part = |name| child(rsa, DSIG, name).ok_or_else(missing).and_then(|id| octets(document, id));
        rsa_key(&part("Modulus")?, &part("Exponent")?)
    } else if let Some(curve) = child(value, DSIG_11, "ECKeyValue") {
        let named = child(curve, DSIG_11, "NamedCurve").and_then(|id| document.element(id));
        let named = named.and_then(|element| element.attribute("URI")).unwrap_or_default();
        let point = child(curve, DSIG_11, "PublicKey").ok_or_else(missing)?;
        ec_key(curve_of(named)?, &octets(document, point)?)
    } else {
        let curve = child(value, RFC_4050, "ECDSAKeyValue").ok_or_else(missing)?;
        let named = child(curve, RFC_4050, "DomainParameters");
        let named =
            named.and_then(|id| child(id, RFC_4050, "NamedCurve")).and_then(|id| document.element(id));
        let named = named.and_then(|element| element.attribute("URN")).unwrap_or_default();
        let point = child(curve, RFC_4050, "PublicKey").ok_or_else(missing)?;
        let part = |name| {
            let element = child(point, RFC_4050, name).and_then(|id| document.element(id));
            element.and_then(|element| element.attribute("Value")).ok_or_else(missing)
        };
        ec_key_of_numbers(curve_of(named)?, part("X")?, part("Y")?)
    };
    let refused = |_| Finding::new(Step::Crypto, Fault::AlgorithmUnsupported, "key value cannot be read");
    spki.and_then(|key| key.public_key_to_der()).map_err(refused)
}

fn curve_of(name: &str) -> Result<Nid, Finding> {
    match name {
        "urn:oid:1.2.840.10045.3.1.7" => Ok(Nid::X9_62_PRIME256V1),
        "urn:oid:1.3.132.0.34" => Ok(Nid::SECP384R1),
        other => {
            let detail = format!("curve {other} is refused");
            Err(Finding::new(Step::Crypto, Fault::AlgorithmRefused, detail))
        }
    }
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    let key = Rsa::from_public_components(BigNum::from_slice(modulus)?, BigNum::from_slice(exponent)?)?;
    PKey::from_rsa(key)
}

fn ec_key(curve: Nid, point: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    let group = EcGroup::from_curve_name(curve)?;
    let mut context = openssl::bn::BigNumContext::new()?;
    let point = EcPoint::from_bytes(&group, point, &mut context)?;
    PKey::from_ec_key(EcKey::from_public_key(&group, &point)?)
}

fn ec_key_of_numbers(curve: Nid, x: &str, y: &str) -> Result<PKey<Public>, ErrorStack> {
    let group = EcGroup::from_curve_name(curve)?;
    let (x, y) = (BigNum::from_dec_str(x)?, BigNum::from_dec_str(y)?);
    PKey::from_ec_key(EcKey::from_public_key_affine_coordinates(&group, &x, &y)?)
}
