//! The keys with which the provider signs (RFC 7517): those of the kinds that are accepted, the others are passed over.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// Octets of an RSA modulus, least and most.
const MODULUS_OCTETS: std::ops::RangeInclusive<usize> = 256..=1024;
/// How many keys of a set are looked at.
const KEYS_MAX: usize = 100;

/// An algorithm that the provider may sign with: asymmetric, and never none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Accepted {
    Rs256,
    Ps256,
    Es256,
    EdDsa,
}

/// Of what kind a key is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Rsa,
    P256,
    Ed25519,
}

impl Accepted {
    /// The algorithm called `name`, if it is one that counts.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// The same for the library that verifies.
    pub(super) const fn algorithm(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Ps256 => Algorithm::PS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Rs256 | Self::Ps256 => Kind::Rsa,
            Self::Es256 => Kind::P256,
            Self::EdDsa => Kind::Ed25519,
        }
    }
}

/// A key with which the provider signs.
pub(super) struct Key {
    id: Option<String>,
    kind: Kind,
    /// The one algorithm that it is for, if it says so.
    algorithm: Option<Accepted>,
    /// The key itself.
    pub(super) verifying: DecodingKey,
}

impl Key {
    /// Whether it is the key `id`.
    pub(super) fn is(&self, id: &str) -> bool {
        self.id.as_deref() == Some(id)
    }

    /// Whether signatures by `algorithm` can be its.
    pub(super) fn fits(&self, algorithm: Accepted) -> bool {
        self.kind == algorithm.kind() && self.algorithm.is_none_or(|own| own == algorithm)
    }
}

/// A set of keys as it is published.
#[derive(Deserialize)]
pub(super) struct KeySet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Published {
    kty: String,
    crv: Option<String>,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// The keys of the set that can count.
    pub(super) fn usable(self) -> Vec<Key> {
        let published = self.keys.into_iter().take(KEYS_MAX);
        published.filter_map(|key| usable(serde_json::from_value(key).ok()?)).collect()
    }
}

fn usable(key: Published) -> Option<Key> {
    let signs = key.usage.as_deref().is_none_or(|usage| usage == "sig");
    let verifies = key.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|one| one == "verify"));
    if !signs || !verifies {
        return None;
    }
    let algorithm = match key.alg.as_deref() {
        Some(name) => Some(Accepted::of_name(name)?),
        None => None,
    };
    let (kind, verifying) = match (key.kty.as_str(), key.crv.as_deref()) {
        ("RSA", _) => {
            let (n, e) = (key.n?, key.e?);
            let octets = URL_SAFE_NO_PAD.decode(&n).ok()?;
            let first = octets.iter().position(|octet| *octet != 0)?;
            if !MODULUS_OCTETS.contains(&(octets.len() - first)) {
                return None;
            }
            (Kind::Rsa, DecodingKey::from_rsa_components(&n, &e).ok()?)
        }
        ("EC", Some("P-256")) => (Kind::P256, DecodingKey::from_ec_components(&key.x?, &key.y?).ok()?),
        ("OKP", Some("Ed25519")) => (Kind::Ed25519, DecodingKey::from_ed_components(&key.x?).ok()?),
        _ => return None,
    };
    Some(Key { id: key.kid, kind, algorithm, verifying })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(keys: &Value) -> Vec<Key> {
        let set: KeySet = serde_json::from_value(json!({"keys": keys})).unwrap();
        set.usable()
    }

    #[test]
    fn keys_of_other_kinds_and_for_other_ends_are_passed_over() {
        let x = URL_SAFE_NO_PAD.encode([1; 32]);
        let modulus = |octets: usize| URL_SAFE_NO_PAD.encode(vec![0x81; octets]);
        let good = json!([
            {"kty": "EC", "crv": "P-256", "x": x, "y": x, "kid": "a", "use": "sig"},
            {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "b", "key_ops": ["verify"]},
            {"kty": "RSA", "n": modulus(256), "e": "AQAB", "kid": "c", "alg": "PS256"},
        ]);
        let keys = read(&good);
        assert_eq!(keys.len(), 3);
        assert!(keys[0].is("a") && keys[0].fits(Accepted::Es256) && !keys[0].fits(Accepted::Rs256));
        assert!(keys[2].fits(Accepted::Ps256) && !keys[2].fits(Accepted::Rs256));
        let none = json!([
            {"kty": "oct", "k": x, "kid": "a"},
            {"kty": "EC", "crv": "P-256", "x": x, "y": x, "use": "enc"},
            {"kty": "EC", "crv": "P-521", "x": x, "y": x},
            {"kty": "OKP", "crv": "X25519", "x": x},
            {"kty": "OKP", "crv": "Ed25519", "x": x, "key_ops": ["sign"]},
            {"kty": "RSA", "n": modulus(128), "e": "AQAB"},
            {"kty": "RSA", "n": modulus(1025), "e": "AQAB"},
            {"kty": "RSA", "n": modulus(256), "e": "AQAB", "alg": "HS256"},
            {"kty": "RSA", "n": modulus(256)},
            {"kty": 7},
            "a text",
        ]);
        assert!(read(&none).is_empty());
    }

    #[test]
    fn only_asymmetric_algorithms_of_the_list_count() {
        for name in ["none", "None", "HS256", "HS512", "RS1", "RS512", "ES512", "", "rs256", "ES256K"] {
            assert_eq!(Accepted::of_name(name), None, "{name}");
        }
    }
}
