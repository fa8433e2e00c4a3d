//! The gateway put together, and the paths it adds to a server.

use std::sync::{Arc, OnceLock};

use actix_web::{
    HttpRequest, HttpResponse,
    middleware::{Compress, from_fn},
    web,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use customs_kernel::{Clock, Problem, problem};
use customs_platform::{Cache, Desk, metrics};
use customs_signatures::{EvidenceKey, Seal, Verifier};

use crate::{
    auth::{Challenges, Login, Systems, TokenKey, Tokens, oidc::Oidc, public_key},
    config::GatewayConfig,
    doors,
    edge::{self, Limiter},
    graphql::{self, Schema},
    live::Streams,
    memory::Memory,
    pages,
    problem::Refused,
    rest::{self, Table},
    signature::Signatures,
};

/// What the process gives to the gateway.
#[derive(Clone)]
pub struct GatewayPorts {
    /// The services.
    pub desk: Desk,
    /// Short-lived shared memory.
    pub cache: Arc<dyn Cache>,
    /// The clock of business.
    pub clock: Arc<dyn Clock>,
    /// Verifier of signatures over the trust of the moment.
    pub verifier: Arc<Verifier>,
    /// Key that seals evidence for the services.
    pub evidence: EvidenceKey,
    /// Seals the codes of papers; without a key no paper is made.
    pub seal: Arc<Seal>,
}

/// Where the keys are published that deliveries to webhooks are signed with (RFC 9421).
const MESSAGE_KEYS: &str = "/.well-known/http-message-signatures-directory";

/// The gateway; cheap to clone.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    config: GatewayConfig,
    desk: Desk,
    clock: Arc<dyn Clock>,
    memory: Arc<Memory>,
    tokens: Arc<Tokens>,
    login: Login,
    systems: Systems,
    limiter: Limiter,
    streams: Streams,
    signatures: Arc<Signatures>,
    seal: Arc<Seal>,
    schema: Schema,
    table: Table,
    /// The document of the table, once somebody has asked for it.
    openapi: OnceLock<web::Bytes>,
}

/// Puts the gateway together; fails where a key cannot be read.
pub fn gateway(config: GatewayConfig, ports: GatewayPorts) -> anyhow::Result<Gateway> {
    let GatewayPorts { desk, cache, clock, verifier, evidence, seal } = ports;
    let memory = Arc::new(Memory::new(cache, Arc::clone(&clock)));
    let key = TokenKey::open(config.login.key_pem.as_deref())?;
    let challenges = Challenges::new(key.derive("challenge"), config.login.challenge_seconds);
    let issuer = config.public_url.trim_end_matches('/');
    let oidc = config.oidc.as_ref();
    let oidc =
        oidc.map(|oidc| Oidc::new(oidc, issuer, key.derive("provider"), Arc::clone(&clock))).transpose()?;
    let tokens = Arc::new(Tokens::new(key, issuer, config.login.token_seconds, Arc::clone(&memory)));
    let octets_max = config.limits.signature_octets_max;
    let signatures = Arc::new(Signatures::new(verifier, evidence, Arc::clone(&clock), octets_max)?);
    let login = Login {
        challenges,
        tokens: Arc::clone(&tokens),
        signatures: Arc::clone(&signatures),
        desk: desk.clone(),
        clock: Arc::clone(&clock),
        renewable: TimeDelta::seconds(i64::from(config.login.session_seconds)),
        oidc,
    };
    let table = Table::new(doors::operations());
    Ok(Gateway(Arc::new(Inner {
        systems: Systems::new(&config, desk.clone(), Arc::clone(&clock)),
        limiter: Limiter::new(Arc::clone(&memory), Arc::clone(&clock), &config.limits),
        streams: Streams::new(config.limits.streams_max),
        schema: graphql::build(config.introspection),
        config,
        desk,
        clock,
        memory,
        tokens,
        login,
        signatures,
        seal,
        table,
        openapi: OnceLock::new(),
    })))
}

/// Adds every public path; what is added to the server before stays, what is unknown is answered here.
pub fn routes(cfg: &mut web::ServiceConfig, gateway: &Gateway) {
    let public = web::scope("")
        .app_data(web::Data::new(gateway.clone()))
        .wrap(Compress::default())
        .wrap(from_fn(edge::pass))
        .service(web::resource("/graphql").to(graphql_door))
        .service(web::resource("/openapi.json").to(openapi_door))
        .service(web::resource(MESSAGE_KEYS).to(message_keys_door))
        .configure(|cfg| pages::routes(cfg, gateway))
        .configure(|cfg| doors::session::routes(cfg, gateway))
        .configure(|cfg| rest::routes(cfg, gateway))
        .default_service(web::to(rest::nowhere));
    cfg.service(public);
}

/// Adds `/metrics` in the text form of Prometheus, for a port that the public cannot reach.
pub fn metrics_route(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/metrics",
        web::get().to(|| async {
            HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::text())
        }),
    );
}

async fn graphql_door(
    gateway: web::Data<Gateway>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let visit = rest::visit(&request);
    let (instance, correlation_id) = (request.path().to_owned(), visit.correlation_id.clone());
    let served = match visit.admit() {
        Ok(()) => graphql::serve(gateway.get_ref().clone(), visit, request, payload).await,
        Err(problem) => Err(problem),
    };
    served.map_err(|problem| Refused { problem, instance, correlation_id })
}

async fn openapi_door(gateway: web::Data<Gateway>, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let document = gateway.openapi().map_err(|problem| Refused {
        problem,
        instance: request.path().to_owned(),
        correlation_id: rest::visit(&request).correlation_id,
    })?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "public, max-age=60"))
        .body(document))
}

async fn message_keys_door(gateway: web::Data<Gateway>) -> HttpResponse {
    let published = gateway.0.seal.published(gateway.0.clock.now());
    let keys: Vec<_> = published.iter().filter_map(|raw| public_key(raw)).collect();
    HttpResponse::Ok()
        .content_type("application/http-message-signatures-directory+json")
        .insert_header(("cache-control", "public, max-age=60"))
        .json(serde_json::json!({ "keys": keys }))
}

impl Gateway {
    /// Keeps fresh what is known of the outside provider, until it is dropped; ends at once where there is none.
    pub async fn follow_provider(&self) {
        if let Some(oidc) = &self.0.login.oidc {
            oidc.keep().await;
        }
    }

    pub(crate) fn config(&self) -> &GatewayConfig {
        &self.0.config
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.0.desk
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.0.memory
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    pub(crate) fn login(&self) -> &Login {
        &self.0.login
    }

    pub(crate) fn systems(&self) -> &Systems {
        &self.0.systems
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    pub(crate) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    pub(crate) fn signatures(&self) -> &Signatures {
        &self.0.signatures
    }

    pub(crate) fn seal(&self) -> &Seal {
        &self.0.seal
    }

    /// Certificate (DER, Base64) that is sealed under now; empty where there is none.
    pub(crate) fn seal_certificate(&self) -> String {
        self.0.seal.in_use(self.0.clock.now()).map(|(raw, _)| STANDARD.encode(raw)).unwrap_or_default()
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.0.schema
    }

    pub(crate) fn table(&self) -> &Table {
        &self.0.table
    }

    /// The document of the REST mirror, made when it is first asked for: most processes never are.
    fn openapi(&self) -> Result<web::Bytes, Problem> {
        if let Some(made) = self.0.openapi.get() {
            return Ok(made.clone());
        }
        let made = serde_json::to_vec(&rest::document(&self.0.table, "/"))
            .map_err(|error| problem::INTERNAL.because(error.to_string()))?;
        Ok(self.0.openapi.get_or_init(|| made.into()).clone())
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").field("public_url", &self.0.config.public_url).finish_non_exhaustive()
    }
}
