//! What ID tokens count, claim by claim and algorithm by algorithm.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
};
use serde_json::{Value, json};

use super::{
    id_token::{Expected, TokenFault, verify},
    keys::{Key, KeySet},
};

const NOW: i64 = 1_800_000_000;

/// A key with which a provider signs, and how it publishes it.
struct Signing {
    algorithm: Algorithm,
    secret: EncodingKey,
    published: Value,
}

fn text(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

fn p256(id: &str) -> Signing {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = EcKey::generate(&group).unwrap();
    let (mut x, mut y, mut ctx) =
        (BigNum::new().unwrap(), BigNum::new().unwrap(), BigNumContext::new().unwrap());
    key.public_key().affine_coordinates(&group, &mut x, &mut y, &mut ctx).unwrap();
    let (x, y) = (x.to_vec_padded(32).unwrap(), y.to_vec_padded(32).unwrap());
    let published = json!({"kty": "EC", "crv": "P-256", "x": text(&x), "y": text(&y), "kid": id});
    let secret = PKey::from_ec_key(key).unwrap().private_key_to_pkcs8().unwrap();
    Signing { algorithm: Algorithm::ES256, secret: EncodingKey::from_ec_der(&secret), published }
}

fn rsa(id: &str, algorithm: Algorithm) -> Signing {
    let key: Rsa<Private> = Rsa::generate(2048).unwrap();
    let (n, e) = (key.n().to_vec(), key.e().to_vec());
    let published = json!({"kty": "RSA", "n": text(&n), "e": text(&e), "kid": id});
    let secret = EncodingKey::from_rsa_der(&key.private_key_to_der().unwrap());
    Signing { algorithm, secret, published }
}

fn ed25519(id: &str) -> Signing {
    let key = PKey::generate_ed25519().unwrap();
    let published =
        json!({"kty": "OKP", "crv": "Ed25519", "x": text(&key.raw_public_key().unwrap()), "kid": id});
    let secret = EncodingKey::from_ed_der(&key.private_key_to_pkcs8().unwrap());
    Signing { algorithm: Algorithm::EdDSA, secret, published }
}

fn published(keys: &[&Signing]) -> Vec<Key> {
    let keys: Vec<&Value> = keys.iter().map(|key| &key.published).collect();
    serde_json::from_value::<KeySet>(json!({"keys": keys})).unwrap().usable()
}

fn claims() -> Value {
    json!({
        "iss": "https://id.example", "sub": "person-1", "aud": "customs", "nonce": "n", "iin": "990101300125",
        "iat": NOW, "exp": NOW + 300, "auth_time": NOW - 10,
    })
}

fn signed(key: &Signing, claims: &Value) -> String {
    let _ = jsonwebtoken_openssl::install_default();
    let mut header = Header::new(key.algorithm);
    header.kid = key.published["kid"].as_str().map(str::to_owned);
    jsonwebtoken::encode(&header, claims, &key.secret).unwrap()
}

fn expected() -> Expected<'static> {
    let now = DateTime::from_timestamp(NOW, 0).unwrap();
    Expected {
        issuer: "https://id.example",
        client_id: "customs",
        nonce: "n",
        begun: now - TimeDelta::minutes(2),
        max_age: None,
        acr_values: &[],
        access_token: None,
        now,
    }
}

#[test]
fn every_algorithm_of_the_list_counts() {
    let all = [p256("a"), rsa("b", Algorithm::RS256), rsa("c", Algorithm::PS256), ed25519("d")];
    let keys = published(&all.iter().collect::<Vec<_>>());
    assert_eq!(keys.len(), 4);
    for key in &all {
        let said = verify(&signed(key, &claims()), &keys, &expected()).unwrap();
        assert_eq!(said["iin"], "990101300125");
    }
    for refused in [Algorithm::RS512, Algorithm::PS384] {
        let other = Signing {
            algorithm: refused,
            secret: all[1].secret.clone(),
            published: all[1].published.clone(),
        };
        assert_eq!(verify(&signed(&other, &claims()), &keys, &expected()), Err(TokenFault::Algorithm));
    }
}

#[test]
fn a_key_counts_under_its_name_only() {
    let (one, other) = (p256("a"), p256("b"));
    let judge = |token: &str, keys: &[&Signing]| verify(token, &published(keys), &expected()).map(drop);
    let token = signed(&one, &claims());
    assert_eq!(judge(&token, &[&one, &other]), Ok(()));
    assert_eq!(judge(&token, &[&other]), Err(TokenFault::KeyUnknown));
    let impostor = Signing { published: json!({"kid": "a"}), ..p256("x") };
    assert_eq!(judge(&signed(&impostor, &claims()), &[&one]), Err(TokenFault::Signature));
    let nameless = Signing { published: json!({}), secret: one.secret.clone(), algorithm: one.algorithm };
    let token = signed(&nameless, &claims());
    assert_eq!(judge(&token, &[&one]), Ok(()));
    assert_eq!(judge(&token, &[&one, &other]), Err(TokenFault::KeyUnknown));
    let confused = Signing { published: json!({"kid": "a"}), ..ed25519("x") };
    assert_eq!(judge(&signed(&confused, &claims()), &[&one]), Err(TokenFault::Algorithm));
}

#[test]
fn what_is_no_signature_is_refused() {
    let key = rsa("a", Algorithm::RS256);
    let keys = published(&[&key]);
    let good = signed(&key, &claims());
    let (_, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let headed = |header: Value, signature: &str| {
        format!("{}.{body}.{signature}", text(header.to_string().as_bytes()))
    };
    // The public key as a shared secret: what a verifier that believes the header falls for.
    let hmac = EncodingKey::from_secret(key.published.to_string().as_bytes());
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("a".to_owned());
    let confused = jsonwebtoken::encode(&header, &claims(), &hmac).unwrap();
    let judge = |token: &str| verify(token, &keys, &expected()).map(drop);
    assert_eq!(judge(&confused), Err(TokenFault::Algorithm));
    assert_eq!(judge(&headed(json!({"alg": "none"}), "")), Err(TokenFault::Algorithm));
    assert_eq!(judge(&headed(json!({"alg": "RS256", "kid": "a"}), "")), Err(TokenFault::Malformed));
    let critical = json!({"alg": "RS256", "kid": "a", "crit": ["exp"], "exp": 1});
    assert_eq!(judge(&headed(critical, signature)), Err(TokenFault::Malformed));
    assert_eq!(
        judge(&headed(json!({"alg": "RS256", "kid": "a", "x": 1}), signature)),
        Err(TokenFault::Signature)
    );
    for text in ["", ".", "..", "a.b.c", "a.b", &format!("{good}.x"), &"x".repeat(20_000)] {
        assert_eq!(judge(text), Err(TokenFault::Malformed), "{text}");
    }
    let mut list = json!([1, 2]);
    assert_eq!(judge(&signed(&key, &list)), Err(TokenFault::Malformed));
    list = claims();
    list["exp"] = json!("soon");
    assert_eq!(judge(&signed(&key, &list)), Err(TokenFault::Malformed));
}

#[test]
fn each_claim_is_held_against_what_was_asked() {
    let key = p256("a");
    let keys = published(&[&key]);
    let judge = |changes: &[(&str, Value)]| {
        let mut said = claims();
        for (name, value) in changes {
            said[*name] = value.clone();
        }
        verify(&signed(&key, &said), &keys, &expected()).map(drop)
    };
    for good in [
        vec![("aud", json!(["customs"]))],
        vec![("aud", json!(["customs", "other"])), ("azp", json!("customs"))],
        vec![("exp", json!(NOW - 59))],
        vec![("nbf", json!(NOW + 60))],
        vec![("iat", json!(NOW + 60))],
        vec![("iat", json!(NOW - 180))],
    ] {
        assert_eq!(judge(&good), Ok(()), "{good:?}");
    }
    for (name, value) in [
        ("iss", json!("https://id.example/")),
        ("aud", json!("other")),
        ("aud", json!([])),
        ("azp", json!("other")),
        ("sub", json!("")),
        ("exp", json!(NOW - 60)),
        ("nbf", json!(NOW + 61)),
        ("iat", json!(NOW + 61)),
        ("iat", json!(NOW - 181)),
        ("nonce", json!("m")),
        ("nonce", json!(null)),
    ] {
        assert_eq!(judge(&[(name, value.clone())]), Err(TokenFault::Claim(name)), "{name} {value}");
    }
    let two = judge(&[("aud", json!(["customs", "other"]))]);
    assert_eq!(two, Err(TokenFault::Claim("azp")));
    assert_eq!(judge(&[("exp", json!(null))]), Err(TokenFault::Malformed));
    assert_eq!(judge(&[("exp", json!(i64::MAX))]), Ok(()));
    assert_eq!(judge(&[("nbf", json!(i64::MAX))]), Err(TokenFault::Claim("nbf")));
}

#[test]
fn age_class_and_access_token_are_held_against_what_was_asked() {
    let key = p256("a");
    let keys = published(&[&key]);
    let judge =
        |said: Value, expected: &Expected<'_>| verify(&signed(&key, &said), &keys, expected).map(drop);
    let with = |name: &str, value: Value| {
        let mut said = claims();
        said[name] = value;
        said
    };
    let aged = Expected { max_age: Some(TimeDelta::seconds(300)), ..expected() };
    assert_eq!(judge(with("auth_time", json!(NOW - 361)), &aged), Err(TokenFault::Claim("auth_time")));
    assert_eq!(judge(with("auth_time", json!(NOW + 61)), &aged), Err(TokenFault::Claim("auth_time")));
    assert_eq!(judge(with("auth_time", json!(null)), &aged), Err(TokenFault::Claim("auth_time")));
    assert_eq!(judge(with("auth_time", json!(NOW - 360)), &aged), Ok(()));
    let classes = ["high".to_owned(), "higher".to_owned()];
    let classed = Expected { acr_values: &classes, ..expected() };
    assert_eq!(judge(claims(), &classed), Err(TokenFault::Claim("acr")));
    assert_eq!(judge(with("acr", json!("low")), &classed), Err(TokenFault::Claim("acr")));
    assert_eq!(judge(with("acr", json!("higher")), &classed), Ok(()));
    let bound = Expected { access_token: Some("access"), ..expected() };
    let hash = text(&openssl::sha::sha256(b"access")[..16]);
    assert_eq!(judge(with("at_hash", json!(hash)), &bound), Ok(()));
    let other = text(&openssl::sha::sha256(b"another")[..16]);
    assert_eq!(judge(with("at_hash", json!(other)), &bound), Err(TokenFault::Claim("at_hash")));
    let edwards = ed25519("e");
    let hash = text(&openssl::sha::sha512(b"access")[..32]);
    let token = signed(&edwards, &with("at_hash", json!(hash)));
    assert_eq!(verify(&token, &published(&[&edwards]), &bound).map(drop), Ok(()));
}
