//! The way of a person: to the provider, back with a code, and to the page with a ticket for a session.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use customs_gateway_contract::{OpenProviderSession, Session, SignInProvider, problems};
use customs_kernel::{Clock, Problem, problem};
use customs_web_broker_contract::NationalNumber;
use serde_json::{Map, Value};

use super::{
    attempt::{Attempt, COOKIE_SECONDS, Carried as _, TICKET_SECONDS, Ticket, digest, onward, random},
    id_token::{self, Expected, TokenFault, same},
    provider::{Known, Provider},
    settings::{LANGUAGES, Settings},
    trouble::{Trouble, error_code},
    wire::form,
};
use crate::{
    auth::{Login, Visit, login::PERSON},
    config::OidcConfig,
};

/// Where a browser begins.
pub(crate) const START: &str = "/auth/oidc/start";
/// Where it comes back to.
pub(crate) const CALLBACK: &str = "/auth/oidc/callback";
/// How often the background looks whether something is due.
const LOOK: Duration = Duration::from_secs(30);
/// Characters of a binding: a SHA-256 in Base64.
const BINDING_CHARS: usize = 43;

/// Sign-in by the provider.
pub(crate) struct Oidc {
    provider: Provider,
    /// Seals what browsers carry.
    key: [u8; 32],
}

/// What a page begins with.
#[derive(Default)]
pub(crate) struct Beginning {
    pub(crate) binding: String,
    pub(crate) onward: Option<String>,
    pub(crate) language: Option<String>,
}

/// Where a browser is sent, and what it carries there.
pub(crate) struct Sent {
    pub(crate) location: String,
    pub(crate) carries: String,
}

/// What the provider has sent the browser back with.
#[derive(Default)]
pub(crate) struct Return {
    pub(crate) state: String,
    pub(crate) code: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) error: Option<String>,
}

impl Oidc {
    /// Sign-in as `config` says for the gateway at `public_url`, with browsers' burdens sealed under `key`.
    pub(crate) fn new(
        config: &OidcConfig,
        public_url: &str,
        key: [u8; 32],
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let settings = Settings::read(config, public_url)?;
        Ok(Self { provider: Provider::new(settings, clock)?, key })
    }

    /// What pages are told of it.
    pub(crate) fn told(&self) -> SignInProvider {
        SignInProvider { start: START.to_owned(), labels: self.provider.settings.labels.clone() }
    }

    /// The address of the gateway for the browser that named `host`.
    pub(crate) fn base(&self, host: &str) -> &str {
        self.provider.settings.base(host)
    }

    /// Where a browser ends its session at the provider, if the provider is known to have such a place.
    pub(crate) fn end_session_url(&self) -> Option<String> {
        let known = self.provider.at_hand()?;
        let mut url = known.metadata.end_session.clone()?;
        let settings = &self.provider.settings;
        let back = format!("{}/", settings.base(""));
        url.query_pairs_mut()
            .append_pair("client_id", &settings.client_id)
            .append_pair("post_logout_redirect_uri", &back);
        Some(url.into())
    }

    /// Keeps what is known of the provider fresh, on and on.
    pub(crate) async fn keep(&self) {
        loop {
            // What failed was written down, and is tried again.
            drop(self.provider.known().await);
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Login {
    /// Sends the browser that named `host` to the provider.
    pub(crate) async fn begin(
        &self,
        visit: &Visit,
        host: &str,
        beginning: Beginning,
    ) -> Result<Sent, Problem> {
        let oidc = self.provided()?;
        let Beginning { binding, onward: wanted, language } = beginning;
        if binding.len() != BINDING_CHARS || !binding.bytes().all(is_base64) {
            let detail = "the binding is the SHA-256 of a secret of the page, in Base64 for addresses";
            return Err(problem::INPUT_INVALID.because(detail).at("/binding"));
        }
        let known = in_time(visit, oidc.provider.known()).await?;
        let now = self.clock.now().timestamp();
        let random = || random().map_err(|_| problem::INTERNAL.because("there is no randomness"));
        let attempt = Attempt {
            state: random()?,
            nonce: random()?,
            verifier: random()?,
            base: oidc.base(host).to_owned(),
            binding,
            onward: onward(wanted.as_deref()),
            begun: now,
            until: now + COOKIE_SECONDS,
        };
        let location = address(&oidc.provider.settings, &known, &attempt, language.as_deref());
        let carries = attempt.seal(&oidc.key).map_err(|_| unsealed())?;
        Ok(Sent { location, carries })
    }

    /// Takes in whoever comes back from the provider, carrying what they were sent with: the address of the page with a
    /// ticket. Each beginning is taken in once.
    pub(crate) async fn take_in(
        &self,
        visit: &Visit,
        carried: Option<&str>,
        back: Return,
    ) -> Result<String, Problem> {
        let oidc = self.provided()?;
        let refused = |why: &str| problems::PROVIDER_STATE.because(why).at("/state");
        let carried = carried.ok_or_else(|| refused("no sign-in began in this browser"))?;
        let attempt = Attempt::open(&oidc.key, carried);
        let attempt = attempt.ok_or_else(|| refused("the sign-in did not begin here"))?;
        if !same(&attempt.state, &back.state) {
            return Err(refused("the answer belongs to another sign-in"));
        }
        let until = instant(attempt.until);
        if until <= self.clock.now() {
            return Err(refused("the sign-in has taken too long"));
        }
        let known = in_time(visit, oidc.provider.known()).await?;
        from_whom(&oidc.provider.settings, &known, back.issuer.as_deref())?;
        if !self.first(visit, &format!("provider-state.{}", attempt.state), until).await? {
            return Err(refused("the answer was used before"));
        }
        if let Some(error) = back.error {
            return Err(Trouble::Refused(error_code(&error)).problem().at("/error"));
        }
        let code =
            back.code.ok_or_else(|| problems::PROVIDER_ANSWER.because("there is no code").at("/code"))?;
        let said = in_time(visit, vouched(&oidc.provider, &known, &code, &attempt)).await?;
        let said = said.map_err(TokenFault::problem)?;
        let person = person(&oidc.provider.settings, &said)?;
        let until = self.clock.now() + TimeDelta::seconds(TICKET_SECONDS);
        let ticket = Ticket::new(person, attempt.binding, until.timestamp()).map_err(|_| unsealed())?;
        let ticket = ticket.seal(&oidc.key).map_err(|_| unsealed())?;
        let onward = attempt.onward.map(|onward| format!("?{}", form(&[("to", &onward)])));
        Ok(format!("/{}#ticket={ticket}", onward.unwrap_or_default()))
    }

    /// The session for a ticket, which is taken once and from the page alone that the sign-in began in.
    pub(crate) async fn open_vouched(
        &self,
        visit: &Visit,
        ask: OpenProviderSession,
    ) -> Result<Session, Problem> {
        let oidc = self.provided()?;
        let refused = |why: &str, at: &str| problems::PROVIDER_TICKET.because(why).at(at);
        let ticket = Ticket::open(&oidc.key, &ask.ticket);
        let ticket = ticket.ok_or_else(|| refused("the ticket was not made here", "/ticket"))?;
        if !same(&digest(&ask.verifier), &ticket.binding) {
            return Err(refused("the sign-in began in another page", "/verifier"));
        }
        let until = instant(ticket.until);
        if until <= self.clock.now() {
            return Err(refused("the ticket is too old", "/ticket"));
        }
        let once = format!("provider-ticket.{}", ask.ticket);
        self.admit(visit, (ticket.person, ask.organisation), (&once, until)).await
    }

    fn provided(&self) -> Result<&Oidc, Problem> {
        self.oidc.as_ref().ok_or_else(|| problems::PROVIDER_OFF.because("sign in by certificate"))
    }
}

/// Where the browser asks the provider.
fn address(settings: &Settings, known: &Known, attempt: &Attempt, language: Option<&str>) -> String {
    let mut url = known.metadata.authorization.clone();
    {
        let mut pairs = url.query_pairs_mut();
        pairs
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", &format!("{}{CALLBACK}", attempt.base))
            .append_pair("scope", &settings.scope)
            .append_pair("state", &attempt.state)
            .append_pair("nonce", &attempt.nonce)
            .append_pair("code_challenge", &digest(&attempt.verifier))
            .append_pair("code_challenge_method", "S256");
        if !settings.acr_values.is_empty() {
            pairs.append_pair("acr_values", &settings.acr_values.join(" "));
        }
        if let Some(max_age) = settings.max_age {
            pairs.append_pair("max_age", &max_age.num_seconds().to_string());
        }
        if let Some(language) = language.filter(|language| LANGUAGES.contains(language)) {
            pairs.append_pair("ui_locales", language);
        }
    }
    url.into()
}

/// Refuses an answer that names another issuer, or none where the provider names itself always (RFC 9207).
fn from_whom(settings: &Settings, known: &Known, issuer: Option<&str>) -> Result<(), Problem> {
    let refused = |why: &str| Err(problems::PROVIDER_ISSUER.because(why).at("/iss"));
    match issuer {
        Some(issuer) if issuer != settings.issuer => refused("another provider has answered"),
        None if known.metadata.names_issuer => refused("the answer does not name its provider"),
        Some(_) | None => Ok(()),
    }
}

/// What the provider says of the person for whom it gave `code`. A key that nobody knows is searched for once.
async fn vouched(
    provider: &Provider,
    known: &Arc<Known>,
    code: &str,
    attempt: &Attempt,
) -> Result<Result<Map<String, Value>, TokenFault>, Trouble> {
    let redirect_uri = format!("{}{CALLBACK}", attempt.base);
    let tokens = provider.exchange(known, code, &attempt.verifier, &redirect_uri).await?;
    let settings = &provider.settings;
    let expected = Expected {
        issuer: &settings.issuer,
        client_id: &settings.client_id,
        nonce: &attempt.nonce,
        begun: instant(attempt.begun),
        max_age: settings.max_age,
        acr_values: &settings.acr_values,
        access_token: tokens.access_token.as_deref(),
        now: provider.now(),
    };
    match id_token::verify(&tokens.id_token, &known.keys, &expected) {
        Err(TokenFault::KeyUnknown) => {
            let known = provider.searched(known).await?;
            Ok(id_token::verify(&tokens.id_token, &known.keys, &expected))
        }
        judged => Ok(judged),
    }
}

/// The person whom the provider names.
fn person(settings: &Settings, said: &Map<String, Value>) -> Result<NationalNumber, Problem> {
    let claim = settings.claim.as_str();
    let value = if claim.starts_with('/') {
        Value::Object(said.clone()).pointer(claim).cloned()
    } else {
        said.get(claim).cloned()
    };
    let number = value.as_ref().and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let length = PERSON.iter().find(|(.., scheme)| *scheme == settings.scheme).map(|(length, ..)| *length);
    if Some(number.len()) != length || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let detail = "the provider has named no person by a national number";
        return Err(problems::PROVIDER_NUMBER.because(detail).at("/id_token"));
    }
    Ok(NationalNumber { scheme: settings.scheme, number: number.to_owned() })
}

/// What the provider answers, or the problem that it was of no help within the patience of `visit`.
async fn in_time<T>(visit: &Visit, asked: impl Future<Output = Result<T, Trouble>>) -> Result<T, Problem> {
    let patience = Duration::from_millis(visit.patience_ms);
    let answered = tokio::time::timeout(patience, asked).await;
    let answered = answered.unwrap_or_else(|_| Err(Trouble::Down("no answer in time".to_owned())));
    answered.map_err(|trouble| {
        tracing::warn!(error = %trouble, correlation_id = visit.correlation_id, "the provider was of no help");
        trouble.problem()
    })
}

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn unsealed() -> Problem {
    tracing::error!("nothing could be sealed for a browser");
    problem::INTERNAL.because("nothing could be sealed")
}
