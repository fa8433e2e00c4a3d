//! The gateway put together, and the paths it adds to a server.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    middleware::{Compress, from_fn},
    web,
};
use chrono::TimeDelta;
use customs_kernel::Clock;
use customs_platform::{Cache, Desk, metrics};
use customs_signatures::{EvidenceKey, Verifier};

use crate::{
    auth::{Challenges, Login, TokenKey, Tokens},
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
}

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
    limiter: Limiter,
    streams: Streams,
    signatures: Arc<Signatures>,
    schema: Schema,
    table: Table,
    openapi: web::Bytes,
}

/// Puts the gateway together; fails where a key cannot be read.
pub fn gateway(config: GatewayConfig, ports: GatewayPorts) -> anyhow::Result<Gateway> {
    let GatewayPorts { desk, cache, clock, verifier, evidence } = ports;
    let memory = Arc::new(Memory::new(cache, Arc::clone(&clock)));
    let key = TokenKey::open(config.login.key_pem.as_deref())?;
    let challenges = Challenges::new(key.derive("challenge"), config.login.challenge_seconds);
    let issuer = config.public_url.trim_end_matches('/');
    let tokens = Arc::new(Tokens::new(key, issuer, config.login.token_seconds, Arc::clone(&memory)));
    let octets_max = config.limits.signature_octets_max;
    let signatures = Arc::new(Signatures::new(verifier, evidence, Arc::clone(&clock), octets_max));
    let login = Login {
        challenges,
        tokens: Arc::clone(&tokens),
        signatures: Arc::clone(&signatures),
        memory: Arc::clone(&memory),
        desk: desk.clone(),
        clock: Arc::clone(&clock),
        renewable: TimeDelta::seconds(i64::from(config.login.session_seconds)),
    };
    let table = Table::new(doors::operations());
    let openapi = serde_json::to_vec(&rest::document(&table, "/"))?.into();
    Ok(Gateway(Arc::new(Inner {
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
        table,
        openapi,
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
        .configure(|cfg| pages::routes(cfg, gateway))
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

async fn openapi_door(gateway: web::Data<Gateway>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "public, max-age=60"))
        .body(gateway.0.openapi.clone())
}

impl Gateway {
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

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    pub(crate) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    pub(crate) fn signatures(&self) -> &Signatures {
        &self.0.signatures
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.0.schema
    }

    pub(crate) fn table(&self) -> &Table {
        &self.0.table
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").field("public_url", &self.0.config.public_url).finish_non_exhaustive()
    }
}
