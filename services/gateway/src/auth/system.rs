//! Requests that a system of an organisation has signed (RFC 9421), in the place of a token.

use std::{sync::Arc, time::Duration};

use actix_web::{
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    http::{Method, Uri},
    web,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use customs_gateway_contract::problems;
use customs_kernel::{Actor, Clock, Problem, ProblemKind, problem};
use customs_platform::Desk;
use customs_signatures::http::{HttpKey, HttpMessage, HttpProfile, HttpRefusal, HttpSignature};
use customs_web_broker_contract::{
    AdmitSystem, FindSystemKey,
    problems::{REQUEST_REPLAYED, SYSTEM_KEY_UNKNOWN},
};
use futures_util::{future::ready, stream};
use moka::sync::Cache;

use super::{Visit, login::myself};
use crate::{
    config::GatewayConfig,
    edge::{self, Limiter},
};

/// The longest identifier of a key that can be in the register.
const KEY_ID_CHARS_MAX: usize = 64;
/// For how long a public key is kept at hand after it was last wanted.
const IDLE: Duration = Duration::from_mins(10);

/// Verifies signed requests, and asks the register whose they are.
pub(crate) struct Systems {
    profile: HttpProfile,
    scheme: String,
    /// Under which hosts clients reach this gateway, the usual one first.
    authorities: Vec<String>,
    octets_max: usize,
    desk: Desk,
    clock: Arc<dyn Clock>,
    /// Public keys by their identifiers, which are digests of them: what stands here can never be wrong. Whether a key
    /// may be used is asked of the register with every request.
    keys: Cache<String, HttpKey>,
}

impl Systems {
    /// Verification by `clock` of requests to the addresses of `config`, of systems that `desk` knows.
    pub(crate) fn new(config: &GatewayConfig, desk: Desk, clock: Arc<dyn Clock>) -> Self {
        let address: Uri = config.public_url.parse().unwrap_or_default();
        let usual = address.authority().map(ToString::to_string).unwrap_or_default();
        let scheme = address.scheme_str().unwrap_or("http").to_owned();
        let further = config.authorities.iter().cloned();
        Self {
            profile: HttpProfile::ecustoms(),
            scheme,
            authorities: std::iter::once(usual).chain(further).collect(),
            octets_max: config.limits.body_octets_max,
            desk,
            clock,
            keys: Cache::builder().max_capacity(10_000).time_to_idle(IDLE).build(),
        }
    }

    /// The head of `request` as it was signed, if it says that a system has signed it.
    pub(crate) fn signed(&self, request: &ServiceRequest) -> Option<HttpMessage> {
        let headers = request.headers().iter();
        let headers = headers.filter_map(|(name, value)| {
            value.to_str().ok().map(|value| (name.as_str().to_owned(), value.to_owned()))
        });
        let uri = request.uri();
        let message = HttpMessage {
            method: request.method().to_string(),
            scheme: self.scheme.clone(),
            authority: self.authority(request),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            status: None,
            headers: headers.collect(),
            body: Vec::new(),
        };
        self.profile.is_claimed_by(&message).then_some(message)
    }

    /// The system that has signed `request`: the head of it is `message`. Whatever is cheap comes first, and the content
    /// is read for nobody whose signature does not hold.
    pub(crate) async fn admit(
        &self,
        limiter: &Limiter,
        visit: &Visit,
        message: HttpMessage,
        request: &mut ServiceRequest,
    ) -> Result<Actor, Problem> {
        let head = self.profile.read_head(&message, self.clock.now()).map_err(refused)?;
        let key = self.key(limiter, visit, head.key_id()).await?;
        let (signature, mut message) =
            blocking(move || head.verify(&message, &key).map(|signature| (signature, message))).await?;
        // Nobody reads the content of a GET that becomes a socket: there is none, and its end would never come.
        if request.method() != Method::GET || !edge::wants_socket(request.request()) {
            message.body = self.content(request).await?.to_vec();
        }
        let profile = self.profile.clone();
        blocking(move || profile.verify_content(&message)).await?;
        self.system(visit, signature).await
    }

    /// Under which of our hosts `request` came: the one it names, or the usual one where a proxy has put its own name.
    fn authority(&self, request: &ServiceRequest) -> String {
        let named = edge::header(request.request(), "host").unwrap_or_default();
        let known = self.authorities.iter().find(|known| known.eq_ignore_ascii_case(named));
        known.or_else(|| self.authorities.first()).cloned().unwrap_or_default()
    }

    /// The public key `key_id`; to ask for one that is not at hand counts as an attempt to log in.
    async fn key(&self, limiter: &Limiter, visit: &Visit, key_id: &str) -> Result<HttpKey, Problem> {
        if let Some(key) = self.keys.get(key_id) {
            return Ok(key);
        }
        if key_id.len() > KEY_ID_CHARS_MAX {
            return Err(at_key(SYSTEM_KEY_UNKNOWN.because("no key has an identifier of this length")));
        }
        limiter.login(visit).await.check()?;
        let find = FindSystemKey { key_id: key_id.to_owned() };
        let read = self.desk.ask(&myself(visit), find).await.map_err(at_key)?;
        let key = STANDARD.decode(read.spki).ok().and_then(|spki| HttpKey::from_spki(&spki).ok());
        let key = key.ok_or_else(|| {
            tracing::error!("a key of the register cannot be read");
            problem::INTERNAL.because("the key of the register cannot be read")
        })?;
        self.keys.insert(key_id.to_owned(), key.clone());
        Ok(key)
    }

    /// The whole content of `request`, which stays in it for whoever is asked.
    async fn content(&self, request: &mut ServiceRequest) -> Result<Bytes, Problem> {
        let payload = request.extract::<web::Payload>().await;
        let payload = payload.map_err(|error| problem::INPUT_INVALID.because(error.to_string()))?;
        let content = edge::body(request.request(), payload, self.octets_max).await?;
        let again = stream::once(ready(Ok::<_, PayloadError>(content.clone())));
        request.set_payload(Payload::Stream { payload: Box::pin(again) });
        Ok(content)
    }

    /// Whose system has made `signature`, which is used up with this.
    async fn system(&self, visit: &Visit, signature: HttpSignature) -> Result<Actor, Problem> {
        let HttpSignature { key_id, nonce, expires, .. } = signature;
        let admit = AdmitSystem { key_id, nonce, expires_at: expires };
        let system = self.desk.ask(&myself(visit), admit).await.map_err(|problem| {
            if problem.is(REQUEST_REPLAYED) { problem.at("/signature-input/nonce") } else { at_key(problem) }
        })?;
        let party = system.eori.parse().map_err(|_| {
            tracing::error!(key = %system.id, "the organisation of a key has no EORI");
            problem::INTERNAL.because("the organisation has no EORI")
        })?;
        let roles = system.roles.iter().map(|role| role.role()).collect();
        Ok(Actor::system(&system.id.to_string(), party, roles))
    }
}

/// A refusal of the key, at the parameter that names it; what is no refusal stays as it is.
fn at_key(problem: Problem) -> Problem {
    if problem.status == 401 { problem.at("/signature-input/keyid") } else { problem }
}

/// Does what takes a while on a thread that may block.
async fn blocking<T: Send + 'static>(
    what: impl FnOnce() -> Result<T, HttpRefusal> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(what).await;
    done.map_err(|_| problem::INTERNAL.because("the verification was interrupted"))?.map_err(refused)
}

/// The problem of each refusal, at the field that it is about.
fn refused(refusal: HttpRefusal) -> Problem {
    let (kind, at): (ProblemKind, &str) = match refusal {
        HttpRefusal::Missing | HttpRefusal::Malformed | HttpRefusal::TagMismatch => {
            (problems::REQUEST_MALFORMED, "/signature-input")
        }
        HttpRefusal::ParameterMissing => (problems::REQUEST_PARAMETER, "/signature-input"),
        HttpRefusal::NotYetValid => (problems::REQUEST_EARLY, "/signature-input/created"),
        HttpRefusal::Expired => (problems::REQUEST_EXPIRED, "/signature-input/expires"),
        HttpRefusal::InsufficientCoverage => (problems::REQUEST_COVERAGE, "/signature-input"),
        HttpRefusal::DigestMissing => (problems::REQUEST_DIGEST_MISSING, "/content-digest"),
        HttpRefusal::DigestMismatch => (problems::REQUEST_DIGEST, "/content-digest"),
        HttpRefusal::KeyUnknown => (SYSTEM_KEY_UNKNOWN, "/signature-input/keyid"),
        HttpRefusal::AlgorithmRefused => (problems::REQUEST_ALGORITHM, "/signature-input/alg"),
        HttpRefusal::AlgorithmMismatch => (problems::REQUEST_ALGORITHM_OTHER, "/signature-input/alg"),
        HttpRefusal::Invalid => (problems::REQUEST_INVALID, "/signature"),
    };
    kind.because(refusal.to_string()).at(at)
}
