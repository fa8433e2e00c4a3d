//! Access tokens: short-lived JSON Web Tokens (RFC 9068) signed with ES256.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::{Actor, Eori, OfficeCode, Problem, Role, id::uuid_at, problem};
use jsonwebtoken::{Algorithm, Header, Validation};
use moka::sync::Cache;
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{TokenKey, sealed};
use crate::memory::Memory;

/// Media type of access tokens by RFC 9068.
const TYPE: &str = "at+jwt";
/// A longer token is not ours.
const TOKEN_OCTETS_MAX: usize = 4096;
/// For how long a verified token and a look for its withdrawal are remembered in this process.
const FRESH: Duration = Duration::from_secs(2);

/// How a person has shown who they are, as tokens say it (RFC 8176).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Way {
    /// By a signature with the key of their certificate.
    #[serde(rename = "pop")]
    Certificate,
    /// By an outside provider that vouches for them.
    #[serde(rename = "fed")]
    Provider,
}

impl Way {
    /// The word for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Certificate => "pop",
            Self::Provider => "fed",
        }
    }
}

/// That a person has shown who they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// How.
    pub(crate) way: Way,
    /// When.
    pub(crate) at: DateTime<Utc>,
}

/// What a token says.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    /// The person.
    pub(crate) sub: String,
    /// The token's own identity.
    pub(crate) jti: Uuid,
    iat: i64,
    /// When it ends.
    pub(crate) exp: i64,
    /// When the person signed, or the provider vouched for them.
    pub(crate) auth_time: i64,
    /// How the person has shown who they are; tokens of versions before had only one way.
    #[serde(default = "by_certificate")]
    amr: Vec<Way>,
    party: Option<Eori>,
    roles: Vec<Role>,
    #[serde(default)]
    offices: Vec<OfficeCode>,
    /// Under which number the person was named, sealed: asked again at every renewal.
    who: String,
}

fn by_certificate() -> Vec<Way> {
    vec![Way::Certificate]
}

impl Claims {
    /// How and when the person has shown who they are.
    pub(crate) fn shown(&self) -> Shown {
        let way = self.amr.first().copied().unwrap_or(Way::Certificate);
        Shown { way, at: DateTime::from_timestamp(self.auth_time, 0).unwrap_or_default() }
    }

    /// Who asks with this token.
    pub(crate) fn actor(&self) -> Actor {
        Actor {
            subject: self.sub.clone(),
            party: self.party.clone(),
            roles: self.roles.clone(),
            offices: self.offices.clone(),
        }
    }
}

/// Makes tokens, reads them and withdraws them.
pub(crate) struct Tokens {
    key: TokenKey,
    seal: [u8; 32],
    issuer: String,
    life: TimeDelta,
    memory: Arc<Memory>,
    read: Cache<[u8; 32], Arc<Claims>>,
    good: Cache<Uuid, ()>,
}

impl Tokens {
    /// Tokens of `issuer` signed with `key`, good for `seconds`.
    pub(crate) fn new(key: TokenKey, issuer: &str, seconds: u32, memory: Arc<Memory>) -> Self {
        Self {
            seal: key.derive("identity"),
            key,
            issuer: issuer.to_owned(),
            life: TimeDelta::seconds(i64::from(seconds)),
            memory,
            read: Cache::builder().max_capacity(10_000).time_to_live(Duration::from_mins(1)).build(),
            good: Cache::builder().max_capacity(10_000).time_to_live(FRESH).build(),
        }
    }

    /// The key tokens are signed with.
    pub(crate) const fn key(&self) -> &TokenKey {
        &self.key
    }

    /// How long a token is good, in seconds.
    pub(crate) const fn life_seconds(&self) -> i64 {
        self.life.num_seconds()
    }

    /// A token for `actor`, who was named by `who` when they had `shown` who they are.
    pub(crate) fn issue(
        &self,
        actor: &Actor,
        who: &str,
        shown: Shown,
        now: DateTime<Utc>,
    ) -> anyhow::Result<String> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: actor.subject.clone(),
            jti: uuid_at(now),
            iat: now.timestamp(),
            exp: (now + self.life).timestamp(),
            auth_time: shown.at.timestamp(),
            amr: vec![shown.way],
            party: actor.party.clone(),
            roles: actor.roles.clone(),
            offices: actor.offices.clone(),
            who: sealed::seal(&self.seal, &actor.subject, who)?,
        };
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.key.id().to_owned());
        Ok(jsonwebtoken::encode(&header, &claims, &self.key.signing)?)
    }

    /// What `token` says, if it is one of ours, in time at `now` and not withdrawn.
    pub(crate) async fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, Problem> {
        let claims = self.verified(token)?;
        // A second of grace for clocks of replicas that differ.
        if claims.exp <= now.timestamp() || claims.iat > now.timestamp() + 1 {
            return Err(refused("the token is not good any more"));
        }
        if self.good.get(&claims.jti).is_none() {
            if self.memory.has(&withdrawn(claims.jti)).await {
                return Err(refused("the token was withdrawn"));
            }
            self.good.insert(claims.jti, ());
        }
        Ok(claims)
    }

    /// Makes a token worthless from now on.
    pub(crate) async fn withdraw(&self, claims: &Claims, now: DateTime<Utc>) {
        let left = u64::try_from(claims.exp - now.timestamp()).unwrap_or_default();
        self.memory.put(&withdrawn(claims.jti), Duration::from_secs(left.max(1))).await;
        self.good.invalidate(&claims.jti);
    }

    /// Who was named when the session of a token began.
    pub(crate) fn who(&self, claims: &Claims) -> Option<String> {
        sealed::open(&self.seal, &claims.sub, &claims.who)
    }

    fn verified(&self, token: &str) -> Result<Arc<Claims>, Problem> {
        if token.len() > TOKEN_OCTETS_MAX {
            return Err(refused("the token is too long"));
        }
        let digest = sha256(token.as_bytes());
        if let Some(claims) = self.read.get(&digest) {
            return Ok(claims);
        }
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        // Time is judged by the clock that was given.
        validation.validate_exp = false;
        let read = jsonwebtoken::decode::<Claims>(token, &self.key.verifying, &validation)
            .map_err(|_| refused("this is no token of this installation"))?;
        let header = &read.header;
        if header.typ.as_deref() != Some(TYPE) || header.kid.as_deref() != Some(self.key.id()) {
            return Err(refused("this is no access token of this installation"));
        }
        let claims = Arc::new(read.claims);
        self.read.insert(digest, Arc::clone(&claims));
        Ok(claims)
    }
}

fn withdrawn(token: Uuid) -> String {
    format!("gateway/withdrawn/{token}")
}

fn refused(why: &str) -> Problem {
    problem::UNAUTHENTICATED.because(why)
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use customs_kernel::{Clock, ManualClock};
    use customs_platform::cache::local::LocalCache;

    use super::*;

    fn tokens() -> (Tokens, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(DateTime::from_timestamp(1_800_000_000, 0).unwrap()));
        let given: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let memory = Memory::new(Arc::new(LocalCache::new(Arc::clone(&given))), given);
        let key = TokenKey::open(None).unwrap();
        (Tokens::new(key, "https://customs.example", 900, Arc::new(memory)), clock)
    }

    fn by_key(at: DateTime<Utc>) -> Shown {
        Shown { way: Way::Certificate, at }
    }

    fn actor() -> Actor {
        Actor {
            subject: "person-1".to_owned(),
            party: Some("KZ991240000122".parse().unwrap()),
            roles: vec![Role::Declarant],
            offices: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_token_says_who_asks_until_it_expires() {
        let (tokens, clock) = tokens();
        let now = clock.now();
        let token = tokens.issue(&actor(), "IIN", by_key(now), now).unwrap();
        let claims = tokens.read(&token, now).await.unwrap();
        assert_eq!(claims.actor(), actor());
        assert_eq!(tokens.who(&claims).as_deref(), Some("IIN"));
        assert!(tokens.read(&token, now + TimeDelta::seconds(899)).await.is_ok());
        let late = tokens.read(&token, now + TimeDelta::seconds(900)).await.unwrap_err();
        assert_eq!(late.code, "unauthenticated");
    }

    #[tokio::test]
    async fn a_token_says_how_the_person_has_shown_who_they_are() {
        let (tokens, clock) = tokens();
        let now = clock.now();
        for way in [Way::Certificate, Way::Provider] {
            let token = tokens.issue(&actor(), "IIN", Shown { way, at: now }, now).unwrap();
            assert_eq!(tokens.read(&token, now).await.unwrap().shown().way, way);
            let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
            let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
            assert_eq!(claims["amr"], serde_json::json!([way.word()]));
        }
    }

    #[tokio::test]
    async fn a_withdrawn_token_is_refused_at_once() {
        let (tokens, clock) = tokens();
        let now = clock.now();
        let token = tokens.issue(&actor(), "IIN", by_key(now), now).unwrap();
        let claims = tokens.read(&token, now).await.unwrap();
        tokens.withdraw(&claims, now).await;
        assert!(tokens.read(&token, now).await.is_err());
    }

    #[tokio::test]
    async fn forged_tokens_are_refused() {
        let (tokens, clock) = tokens();
        let now = clock.now();
        let token = tokens.issue(&actor(), "IIN", by_key(now), now).unwrap();
        let (body, _) = token.rsplit_once('.').unwrap();
        let (_, claims) = body.split_once('.').unwrap();
        let headless = |header: &str| format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(header));
        let (other, _) = self::tokens();
        let foreign = other.issue(&actor(), "IIN", by_key(now), now).unwrap();
        let key = jsonwebtoken::EncodingKey::from_secret(tokens.key.public_set().to_string().as_bytes());
        let said: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let confused = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &said, &key).unwrap();
        for forged in [
            headless(r#"{"alg":"none","typ":"at+jwt"}"#),
            headless(r#"{"alg":"ES256","typ":"at+jwt"}"#),
            format!("{body}.AAAA"),
            token.replacen('.', "..", 1),
            foreign,
            confused,
            "x".repeat(10_000),
            String::new(),
        ] {
            assert!(tokens.read(&forged, now).await.is_err(), "{forged}");
        }
    }
}
