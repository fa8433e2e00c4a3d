//! The provider as it is known at present: fetched in the background, kept for a while, asked again for a key nobody knows.

use std::sync::{Arc, PoisonError, RwLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Clock;
use customs_platform::metrics;
use jsonwebtoken::{Algorithm, Header};
use openssl::sha::Sha256;
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::{
    attempt::random,
    keys::{Key, KeySet},
    metadata::{ClientAuth, Metadata, well_known},
    settings::{Proof, Settings},
    trouble::{Trouble, error_code},
    wire::{Wire, form},
};

/// For how long what the provider says of itself is good, unless its keys are for less.
const LIFE: TimeDelta = TimeDelta::hours(1);
/// The least time for which it is good, whatever the provider says.
const LIFE_LEAST: TimeDelta = TimeDelta::minutes(5);
/// For how long the last that is known is used while nothing new can be fetched.
const STALE_MAX: TimeDelta = TimeDelta::hours(24);
/// How long after a failure it is tried again.
const PAUSE: TimeDelta = TimeDelta::seconds(5);
/// How long after a search for an unknown key the next one begins.
const SEARCH_PAUSE: TimeDelta = TimeDelta::seconds(60);
/// For how long an assertion of the client is good.
const ASSERTION_LIFE: TimeDelta = TimeDelta::seconds(60);

/// The provider.
pub(super) struct Provider {
    pub(super) settings: Settings,
    wire: Wire,
    clock: Arc<dyn Clock>,
    known: RwLock<Option<Arc<Known>>>,
    /// One asks, the others wait for what comes of it.
    turn: Mutex<Turn>,
}

/// What is known of the provider.
pub(super) struct Known {
    pub(super) metadata: Metadata,
    pub(super) keys: Vec<Key>,
    print: [u8; 32],
    fetched_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
}

/// What came of asking before.
#[derive(Default)]
struct Turn {
    failed: Option<(DateTime<Utc>, Trouble)>,
    searched_at: Option<DateTime<Utc>>,
}

/// The tokens that a code was exchanged for.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) id_token: String,
    pub(super) access_token: Option<String>,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
}

impl Provider {
    /// The provider of `settings`; nothing is asked yet.
    pub(super) fn new(settings: Settings, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Ok(Self { settings, wire: Wire::new()?, clock, known: RwLock::default(), turn: Mutex::default() })
    }

    /// What is known of the provider, fetched where it is missing or too old.
    pub(super) async fn known(&self) -> Result<Arc<Known>, Trouble> {
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let mut turn = self.turn.lock().await;
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let now = self.clock.now();
        let trouble = match &turn.failed {
            Some((at, trouble)) if now < *at + PAUSE => trouble.clone(),
            _ => match self.refresh(&mut turn).await {
                Ok(known) => return Ok(known),
                Err(trouble) => trouble,
            },
        };
        self.at_hand().filter(|known| now < known.fetched_at + STALE_MAX).ok_or(trouble)
    }

    /// What is known after a search for a key that is not in `seen`: the same where there was a search just now.
    pub(super) async fn searched(&self, seen: &Arc<Known>) -> Result<Arc<Known>, Trouble> {
        let mut turn = self.turn.lock().await;
        let now = self.clock.now();
        if let Some(known) = self.at_hand().filter(|known| !Arc::ptr_eq(known, seen)) {
            return Ok(known);
        }
        if turn.searched_at.is_some_and(|at| now < at + SEARCH_PAUSE) {
            return Ok(Arc::clone(seen));
        }
        turn.searched_at = Some(now);
        self.refresh(&mut turn).await
    }

    /// The present instant, by the clock that was given.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What is known already.
    pub(super) fn at_hand(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fresh(&self) -> Option<Arc<Known>> {
        self.at_hand().filter(|known| self.clock.now() < known.due_at)
    }

    async fn refresh(&self, turn: &mut Turn) -> Result<Arc<Known>, Trouble> {
        match self.fetch().await {
            Ok(known) => {
                let known = Arc::new(known);
                let mut held = self.known.write().unwrap_or_else(PoisonError::into_inner);
                let same = held.as_ref().is_some_and(|before| before.print == known.print);
                *held = Some(Arc::clone(&known));
                turn.failed = None;
                metrics::fetched("provider", if same { "same" } else { "new" });
                metrics::fetch_failing("provider", 0);
                Ok(known)
            }
            Err(trouble) => {
                tracing::error!(error = %trouble, "what was known of the provider of identities stays");
                let outcome = if matches!(trouble, Trouble::Down(_)) { "unanswered" } else { "refused" };
                metrics::fetched("provider", outcome);
                metrics::fetch_failing("provider", 1);
                turn.failed = Some((self.clock.now(), trouble.clone()));
                Err(trouble)
            }
        }
    }

    async fn fetch(&self) -> Result<Known, Trouble> {
        let issuer = &self.settings.issuer;
        let document = self.wire.get(well_known(issuer)?).await?;
        let metadata = Metadata::read(&document.json()?, issuer, &self.settings.proof)?;
        let published = self.wire.get(metadata.keys.clone()).await?;
        let keys = published.json::<KeySet>()?.usable();
        if keys.is_empty() {
            return Err(Trouble::Unusable("it publishes no key that can count".to_owned()));
        }
        let mut print = Sha256::new();
        print.update(&document.body);
        print.update(&published.body);
        let said = published.max_age_s.and_then(TimeDelta::try_seconds).unwrap_or(LIFE);
        let fetched_at = self.clock.now();
        let due_at = fetched_at + said.clamp(LIFE_LEAST, LIFE);
        Ok(Known { metadata, keys, print: print.finish(), fetched_at, due_at })
    }

    /// What the provider gives for `code`, which it gave for the digest of `verifier`.
    pub(super) async fn exchange(
        &self,
        known: &Known,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
    ) -> Result<TokenAnswer, Trouble> {
        let metadata = &known.metadata;
        let client_id = self.settings.client_id.as_str();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let assertion;
        let authorization = match (&self.settings.proof, metadata.client_auth) {
            (Proof::Secret(secret), ClientAuth::Basic) => {
                let pair = format!("{}:{}", escaped(client_id), escaped(secret));
                Some(format!("Basic {}", STANDARD.encode(pair)))
            }
            (Proof::Secret(secret), _) => {
                fields.extend([("client_id", client_id), ("client_secret", secret.as_str())]);
                None
            }
            (Proof::Key(_), _) => {
                assertion = self.assertion(&metadata.token)?;
                fields.extend([
                    ("client_id", client_id),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ("client_assertion", assertion.as_str()),
                ]);
                None
            }
        };
        let answer = self.wire.post(metadata.token.clone(), &fields, authorization).await?;
        match answer.status {
            StatusCode::OK => answer.json(),
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
                let code = error_code(&answer.json::<ErrorAnswer>()?.error);
                // Only this one is about the person; the others say that client and provider are set differently.
                Err(if code == "invalid_grant" { Trouble::Refused(code) } else { Trouble::Unusable(code) })
            }
            _ => Err(answer.trouble()),
        }
    }

    /// The signed assertion that this is the client (RFC 7523), for whoever answers at `audience`.
    fn assertion(&self, audience: &Url) -> Result<String, Trouble> {
        let unsigned = || Trouble::Unusable("the assertion of the client cannot be signed".to_owned());
        let Proof::Key(key) = &self.settings.proof else { return Err(unsigned()) };
        let now = self.clock.now();
        let claims = json!({
            "iss": self.settings.client_id,
            "sub": self.settings.client_id,
            "aud": audience.as_str(),
            "jti": random().map_err(|_| unsigned())?,
            "iat": now.timestamp(),
            "exp": (now + ASSERTION_LIFE).timestamp(),
        });
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(key.id().to_owned());
        jsonwebtoken::encode(&header, &claims, &key.signing).map_err(|_| unsigned())
    }
}

/// `text` as RFC 6749 (2.3.1) wants it before it is put into the header.
fn escaped(text: &str) -> String {
    form(&[("", text)]).trim_start_matches('=').to_owned()
}
