//! A certificate's key as others take it: a JSON Web Key (RFC 7517) under the identifier that signatures name.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openssl::{
    bn::{BigNum, BigNumContext},
    error::ErrorStack,
    nid::Nid,
    sha::sha256,
    x509::X509,
};
use serde_json::{Value, json};

/// The key in the certificate `raw` (DER); `None` for a key of no kind that the suite signs with.
pub(crate) fn public_key(raw: &[u8]) -> Option<Value> {
    let mut key = read(raw).ok()??;
    let fields = key.as_object_mut()?;
    // The identifier of signatures (RFC 9421) in the name of the suite.
    fields.insert("kid".to_owned(), json!(hex::encode(sha256(raw))));
    fields.insert("use".to_owned(), json!("sig"));
    fields.insert("x5c".to_owned(), json!([STANDARD.encode(raw)]));
    Some(key)
}

fn read(raw: &[u8]) -> Result<Option<Value>, ErrorStack> {
    let key = X509::from_der(raw)?.public_key()?;
    if let Ok(rsa) = key.rsa() {
        let text = |number: Vec<u8>| URL_SAFE_NO_PAD.encode(number);
        return Ok(Some(json!({ "kty": "RSA", "n": text(rsa.n().to_vec()), "e": text(rsa.e().to_vec()) })));
    }
    let Ok(ec) = key.ec_key() else { return Ok(None) };
    let (curve, octets) = match ec.group().curve_name() {
        Some(Nid::X9_62_PRIME256V1) => ("P-256", 32),
        Some(Nid::SECP384R1) => ("P-384", 48),
        _ => return Ok(None),
    };
    let (mut x, mut y, mut ctx) = (BigNum::new()?, BigNum::new()?, BigNumContext::new()?);
    ec.public_key().affine_coordinates(ec.group(), &mut x, &mut y, &mut ctx)?;
    let text = |number: &BigNum| number.to_vec_padded(octets).map(|octets| URL_SAFE_NO_PAD.encode(octets));
    Ok(Some(json!({ "kty": "EC", "crv": curve, "x": text(&x)?, "y": text(&y)? })))
}

#[cfg(test)]
mod tests {
    use customs_signatures::issue::{Authority, KeyKind, Validity};

    use super::*;

    #[test]
    fn keys_of_every_kind_are_told_under_the_digest_of_their_certificate() {
        let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let validity = Validity { not_before: now, not_after: now + chrono::TimeDelta::days(1) };
        for (kind, kty, field) in
            [(KeyKind::P256, "EC", "x"), (KeyKind::P384, "EC", "y"), (KeyKind::Rsa2048, "RSA", "n")]
        {
            let raw = Authority::root("Seal", kind, validity).unwrap().certificate().unwrap();
            let key = public_key(&raw).unwrap();
            assert_eq!((&key["kty"], &key["kid"]), (&json!(kty), &json!(hex::encode(sha256(&raw)))));
            assert!(key[field].as_str().is_some_and(|text| text.len() > 40), "{key}");
        }
        assert_eq!(public_key(b"no certificate"), None);
    }
}
