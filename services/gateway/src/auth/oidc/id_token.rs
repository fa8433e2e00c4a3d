//! Whether an ID token counts (OIDC Core, 3.1.3.7): signature, issuer, audience, time, nonce, and what was asked for.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use customs_gateway_contract::problems;
use customs_kernel::Problem;
use jsonwebtoken::Validation;
use openssl::{
    memcmp,
    sha::{sha256, sha512},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use super::keys::{Accepted, Key};

/// A longer token is not read.
const TOKEN_OCTETS_MAX: usize = 16 * 1024;
/// By how much clocks may differ.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// Why an ID token does not count.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(super) enum TokenFault {
    #[error("the ID token cannot be read")]
    Malformed,
    #[error("the algorithm of the signature is not accepted")]
    Algorithm,
    #[error("the provider has published no such key")]
    KeyUnknown,
    #[error("the signature does not verify")]
    Signature,
    #[error("the claim {0} is not what it must be")]
    Claim(&'static str),
}

impl TokenFault {
    /// What the client is told.
    pub(super) fn problem(self) -> Problem {
        let (kind, at) = match self {
            Self::Malformed => (problems::PROVIDER_ANSWER, "/id_token".to_owned()),
            Self::Algorithm => (problems::PROVIDER_SIGNATURE, "/id_token/alg".to_owned()),
            Self::KeyUnknown => (problems::PROVIDER_SIGNATURE, "/id_token/kid".to_owned()),
            Self::Signature => (problems::PROVIDER_SIGNATURE, "/id_token".to_owned()),
            Self::Claim(name) => (problems::PROVIDER_CLAIM, format!("/id_token/{name}")),
        };
        kind.because(self.to_string()).at(at)
    }
}

/// What an ID token must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// When the sign-in began here: the token cannot be older.
    pub(super) begun: DateTime<Utc>,
    pub(super) max_age: Option<TimeDelta>,
    pub(super) acr_values: &'a [String],
    /// The access token that came with it.
    pub(super) access_token: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
    b64: Option<Value>,
}

/// Those claims that are held against something.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    auth_time: Option<i64>,
    acr: Option<String>,
    at_hash: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Everything that `token` says, if it is signed by one of `keys` and says what is `expected`.
pub(super) fn verify(
    token: &str,
    keys: &[Key],
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, TokenFault> {
    let (head, algorithm) = head(token)?;
    let key = key(keys, &head, algorithm)?;
    let mut validation = Validation::new(algorithm.algorithm());
    // Everything that is said is judged below, by the clock that was given.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let read = jsonwebtoken::decode::<Map<String, Value>>(token, &key.verifying, &validation);
    let said = read.map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::Json(_) => TokenFault::Malformed,
        _ => TokenFault::Signature,
    })?;
    let said = said.claims;
    let claims: Claims =
        serde_json::from_value(Value::Object(said.clone())).map_err(|_| TokenFault::Malformed)?;
    judge(&claims, expected, algorithm)?;
    Ok(said)
}

fn head(token: &str) -> Result<(Head, Accepted), TokenFault> {
    let parts: Vec<&str> = token.split('.').collect();
    let &[head, _, signature] = parts.as_slice() else { return Err(TokenFault::Malformed) };
    if token.len() > TOKEN_OCTETS_MAX {
        return Err(TokenFault::Malformed);
    }
    let octets = URL_SAFE_NO_PAD.decode(head).map_err(|_| TokenFault::Malformed)?;
    let head: Head = serde_json::from_slice(&octets).map_err(|_| TokenFault::Malformed)?;
    let algorithm = Accepted::of_name(&head.alg).ok_or(TokenFault::Algorithm)?;
    // What must be understood beyond the signature is not understood here.
    if head.crit.is_some() || head.b64.is_some() || signature.is_empty() {
        return Err(TokenFault::Malformed);
    }
    Ok((head, algorithm))
}

/// The key that `head` names; where it names none, the only one that fits.
fn key<'a>(keys: &'a [Key], head: &Head, algorithm: Accepted) -> Result<&'a Key, TokenFault> {
    let mut fitting = keys.iter().filter(|key| key.fits(algorithm));
    if let Some(id) = &head.kid {
        if let Some(key) = fitting.find(|key| key.is(id)) {
            return Ok(key);
        }
        // A key of that name for something else will not change by asking for the keys again.
        let other = keys.iter().any(|key| key.is(id));
        return Err(if other { TokenFault::Algorithm } else { TokenFault::KeyUnknown });
    }
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(TokenFault::KeyUnknown),
    }
}

fn judge(claims: &Claims, expected: &Expected<'_>, algorithm: Accepted) -> Result<(), TokenFault> {
    let require = |holds: bool, name| if holds { Ok(()) } else { Err(TokenFault::Claim(name)) };
    let (now, skew) = (expected.now.timestamp(), SKEW.num_seconds());
    require(claims.iss == expected.issuer, "iss")?;
    let (meant, several) = match &claims.aud {
        Audience::One(one) => (one == expected.client_id, false),
        Audience::Several(all) => (all.iter().any(|one| one == expected.client_id), all.len() > 1),
    };
    require(meant, "aud")?;
    let azp = claims.azp.as_deref();
    require(azp.map_or(!several, |azp| azp == expected.client_id), "azp")?;
    require((1..=255).contains(&claims.sub.len()), "sub")?;
    require(now < claims.exp.saturating_add(skew), "exp")?;
    require(claims.nbf.is_none_or(|nbf| nbf <= now.saturating_add(skew)), "nbf")?;
    let youngest = now.saturating_add(skew);
    let oldest = expected.begun.timestamp().saturating_sub(skew);
    require((oldest..=youngest).contains(&claims.iat), "iat")?;
    require(claims.nonce.as_deref().is_some_and(|nonce| same(nonce, expected.nonce)), "nonce")?;
    if let Some(max_age) = expected.max_age {
        let in_time =
            |at: i64| at <= youngest && now <= at.saturating_add(max_age.num_seconds()).saturating_add(skew);
        require(claims.auth_time.is_some_and(in_time), "auth_time")?;
    }
    let acr = claims.acr.as_ref();
    let wanted = expected.acr_values;
    require(wanted.is_empty() || acr.is_some_and(|acr| wanted.contains(acr)), "acr")?;
    if let (Some(said), Some(token)) = (&claims.at_hash, expected.access_token) {
        require(same(said, &half(token, algorithm)), "at_hash")?;
    }
    Ok(())
}

/// The left half of the digest of `token` (3.1.3.6).
fn half(token: &str, algorithm: Accepted) -> String {
    match algorithm {
        Accepted::EdDsa => URL_SAFE_NO_PAD.encode(sha512(token.as_bytes()).split_at(32).0),
        Accepted::Rs256 | Accepted::Ps256 | Accepted::Es256 => {
            URL_SAFE_NO_PAD.encode(sha256(token.as_bytes()).split_at(16).0)
        }
    }
}

/// Whether two texts are the same, without telling by the time it takes how much of them is.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && memcmp::eq(one.as_bytes(), other.as_bytes())
}
