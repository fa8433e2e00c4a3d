//! The condition of this process, as probes ask for it: it waits, it serves, it is told to stop.

use std::sync::{Arc, RwLock};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{Server, ServiceRequest, ServiceResponse},
    http::ConnectionType,
    middleware::Next,
    web,
};
use anyhow::Context;
use customs_platform::{exemplar, metrics};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{suite::Suite, trust::Bundle};

#[derive(Clone)]
enum Phase {
    Waits(String),
    Serves(Arc<Suite>),
    Stops,
}

/// The condition of this process; clones tell of the same.
#[derive(Clone)]
pub struct Condition {
    phase: Arc<RwLock<Phase>>,
    role: Arc<str>,
    told: CancellationToken,
    trust: Arc<RwLock<Option<Bundle>>>,
}

impl Condition {
    /// A process of `role` that has just been started.
    #[must_use]
    pub fn new(role: &str) -> Self {
        metrics::process(env!("CARGO_PKG_VERSION"), role);
        let phase = Phase::Waits("it is being started".to_owned());
        metrics::waiting_for_schema(role, true);
        Self {
            phase: Arc::new(RwLock::new(phase)),
            role: Arc::from(role),
            told: CancellationToken::new(),
            trust: Arc::default(),
        }
    }

    /// Listens to whoever may tell this process to stop: a supervisor, or somebody at the keyboard.
    ///
    /// From here on a signal ends nothing by itself, whatever the process does when it comes.
    pub fn listen(&self) -> anyhow::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let condition = self.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            condition.enter(Phase::Stops);
            condition.told.cancel();
        });
        Ok(())
    }

    /// Returns when this process has been told to stop.
    pub async fn told_to_stop(&self) {
        self.told.cancelled().await;
    }

    fn enter(&self, phase: Phase) {
        let mut held = self.phase.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Who has been told to stop never comes back.
        if !matches!(*held, Phase::Stops) {
            *held = phase;
        }
    }

    fn phase(&self) -> Phase {
        self.phase.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// It cannot serve yet, because of `what`.
    pub fn waits(&self, what: impl Into<String>) {
        metrics::waiting_for_schema(&self.role, true);
        self.enter(Phase::Waits(what.into()));
    }

    /// It serves by `suite`.
    pub fn serves(&self, suite: &Arc<Suite>) {
        metrics::waiting_for_schema(&self.role, false);
        self.enter(Phase::Serves(Arc::clone(suite)));
    }

    /// It holds signatures against `bundle`.
    pub fn trusts(&self, bundle: Bundle) {
        *self.trust.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(bundle);
    }

    /// Whether it has been told to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        matches!(self.phase(), Phase::Stops)
    }
}

/// Adds `/livez`, `/startupz` and `/readyz`.
pub fn routes(cfg: &mut web::ServiceConfig, condition: &Condition) {
    cfg.app_data(web::Data::new(condition.clone()))
        .route("/livez", web::get().to(alive))
        .route("/startupz", web::get().to(started))
        .route("/readyz", web::get().to(ready));
}

/// Asks nothing of others: what is down elsewhere is not mended by a restart here.
async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn started(condition: web::Data<Condition>) -> HttpResponse {
    match condition.phase() {
        Phase::Waits(what) => not_ready(&[what]),
        Phase::Serves(_) | Phase::Stops => HttpResponse::Ok().json(json!({ "status": "started" })),
    }
}

async fn ready(condition: web::Data<Condition>) -> HttpResponse {
    let missing = match condition.phase() {
        Phase::Waits(what) => vec![what],
        Phase::Serves(suite) => suite.missing().await,
        Phase::Stops => vec!["it is being stopped".to_owned()],
    };
    if missing.is_empty() {
        return HttpResponse::Ok().json(json!({ "status": "ready" }));
    }
    not_ready(&missing)
}

/// Which bundle signatures are held against, where one is followed.
async fn trust(condition: web::Data<Condition>) -> HttpResponse {
    let trust = condition.trust.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    match trust {
        Some(bundle) => HttpResponse::Ok().json(bundle),
        None => HttpResponse::NotFound().json(json!({ "status": "no trust folder is followed here" })),
    }
}

fn not_ready(missing: &[String]) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header(("Retry-After", "2"))
        .json(json!({ "status": "not ready", "missing": missing }))
}

/// Everything measured, in the form that is asked for; only `OpenMetrics` has room for exemplars.
async fn measured(request: HttpRequest) -> HttpResponse {
    let accept = request.headers().get("accept").and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains("application/openmetrics-text") {
        let told = exemplar::open_metrics(&metrics::text());
        return HttpResponse::Ok().content_type(exemplar::OPEN_METRICS).body(told);
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(metrics::text())
}

/// Serves health, metrics and the trust in use at `address`, apart from what clients reach, until the process ends.
pub fn operations(address: &str, condition: &Condition) -> anyhow::Result<Server> {
    let condition = condition.clone();
    let server = HttpServer::new(move || {
        let condition = condition.clone();
        App::new()
            .route("/metrics", web::get().to(measured))
            .route("/trust", web::get().to(trust))
            .configure(move |cfg| routes(cfg, &condition))
    })
    .workers(1)
    .disable_signals()
    .bind(address)
    .with_context(|| format!("cannot listen on {address}"))?;
    Ok(server.run())
}

/// Asks clients of a process that is being stopped to come by another connection next time.
pub async fn part(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let stopping =
        request.app_data::<web::Data<Condition>>().is_some_and(|condition| condition.is_stopping());
    let mut answer = next.call(request).await?;
    if stopping {
        answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(answer)
}
