//! What a process answers over HTTP: the gateway, use cases for other processes, health.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use customs_gateway::Gateway;
use customs_platform::internal;
use serde_json::json;

use crate::{
    config::Config,
    sandbox::{self, Sandbox},
    suite::Suite,
};

/// What stands behind the routes of this process.
#[derive(Clone)]
pub struct Front {
    suite: Arc<Suite>,
    gateway: Option<Gateway>,
    sandbox: Option<Sandbox>,
}

impl Front {
    /// The routes of `suite`, with the public ones if this process is a gateway.
    pub fn new(
        config: &Config,
        suite: &Arc<Suite>,
        sandbox: Option<&Sandbox>,
        public: bool,
    ) -> anyhow::Result<Self> {
        let gateway = if public { Some(crate::gateway::build(config, suite, sandbox)?) } else { None };
        Ok(Self { suite: Arc::clone(suite), gateway, sandbox: sandbox.cloned() })
    }

    /// Whether clients are served here.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.gateway.is_some()
    }
}

/// Adds the routes of this process.
pub fn routes(cfg: &mut web::ServiceConfig, front: &Front) {
    cfg.app_data(web::Data::from(Arc::clone(&front.suite)))
        .route("/livez", web::get().to(alive))
        .route("/startupz", web::get().to(ready))
        .route("/readyz", web::get().to(ready));
    if !front.suite.services.is_empty() {
        internal::routes(cfg, front.suite.desk.clone(), front.suite.secret.clone());
    }
    if let Some(sandbox) = &front.sandbox {
        sandbox::routes(cfg, sandbox.clone());
    }
    if let Some(gateway) = &front.gateway {
        customs_gateway::routes(cfg, gateway);
    }
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn ready(suite: web::Data<Suite>) -> HttpResponse {
    let missing = suite.missing().await;
    if missing.is_empty() {
        return HttpResponse::Ok().json(json!({ "status": "ready" }));
    }
    HttpResponse::ServiceUnavailable()
        .insert_header(("Retry-After", "2"))
        .json(json!({ "status": "not ready", "missing": missing }))
}
