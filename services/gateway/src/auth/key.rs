//! The key that signs access tokens, and what it is known by outside (RFC 7517, RFC 7638).

use anyhow::{Context, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::{PKey, Private},
    sha::{Sha256, sha256},
};
use serde_json::{Value, json};

/// A P-256 key with its public form.
pub(crate) struct TokenKey {
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    id: String,
    public: Value,
    secret: Vec<u8>,
}

impl TokenKey {
    /// The key in `pem`, or a fresh one for a process that shares tokens with no other.
    pub(crate) fn open(pem: Option<&str>) -> anyhow::Result<Self> {
        // A second installation of the provider in one process is refused and does no harm.
        let _ = jsonwebtoken_openssl::install_default();
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let key = match pem {
            Some(pem) => PKey::private_key_from_pem(pem.as_bytes()).context("cannot read the token key")?,
            None => PKey::from_ec_key(EcKey::generate(&group)?)?,
        };
        Self::from_key(&key, &group)
    }

    fn from_key(key: &PKey<Private>, group: &EcGroup) -> anyhow::Result<Self> {
        let ec = key.ec_key().context("the token key is not an elliptic curve key")?;
        ensure!(ec.group().curve_name() == group.curve_name(), "the token key is not of P-256");
        let (mut x, mut y, mut ctx) = (BigNum::new()?, BigNum::new()?, BigNumContext::new()?);
        ec.public_key().affine_coordinates(group, &mut x, &mut y, &mut ctx)?;
        let text = |number: &BigNum| number.to_vec_padded(32).map(|octets| URL_SAFE_NO_PAD.encode(octets));
        let (x, y) = (text(&x)?, text(&y)?);
        // RFC 7638: the members in this order and without spaces.
        let thumbprint = sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).as_bytes());
        let id = URL_SAFE_NO_PAD.encode(thumbprint);
        let secret = key.private_key_to_pkcs8()?;
        Ok(Self {
            signing: EncodingKey::from_ec_der(&secret),
            verifying: DecodingKey::from_ec_components(&x, &y)?,
            public: json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": id}),
            id,
            secret,
        })
    }

    /// The name of the key in tokens.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The set of public keys that others verify tokens with.
    pub(crate) fn public_set(&self) -> Value {
        json!({"keys": [self.public]})
    }

    /// A key for `purpose`, the same in every process that shares this one.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"ecustoms key ");
        hash.update(purpose.as_bytes());
        hash.update(&[0]);
        hash.update(&self.secret);
        hash.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_pem_gives_the_same_key_everywhere() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        let (one, two) = (TokenKey::open(Some(&pem)).unwrap(), TokenKey::open(Some(&pem)).unwrap());
        assert_eq!((one.id(), one.derive("a")), (two.id(), two.derive("a")));
        assert_ne!(one.derive("a"), one.derive("b"));
        assert!(one.public_set()["keys"][0].get("d").is_none());
    }

    #[test]
    fn a_key_of_another_curve_is_refused() {
        let group = EcGroup::from_curve_name(Nid::SECP384R1).unwrap();
        let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        assert!(TokenKey::open(Some(&pem)).is_err());
        assert!(TokenKey::open(Some("no key")).is_err());
    }
}
