//! How this process stands, as probes ask for it, and what it has measured.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{App, HttpResponse, HttpServer, dev::Server, web};
use anyhow::Context as _;
use customs_platform::metrics;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How this process stands; clones tell of the same.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The election could be held: the cluster is reached and lets this one take part.
    stands: Arc<AtomicBool>,
    /// It is told to stop.
    pub stop: CancellationToken,
}

impl Standing {
    /// From here on a signal ends nothing by itself, but asks to stop.
    pub(crate) fn stop_on_signal(&self) -> anyhow::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stop = self.stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            stop.cancel();
        });
        Ok(())
    }

    /// The election could be held.
    pub(crate) fn stands(&self) {
        self.stands.store(true, Ordering::Relaxed);
    }

    /// Whether it takes part in the election and has not been told to stop.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.stands.load(Ordering::Relaxed) && !self.stop.is_cancelled()
    }
}

/// Serves `/livez`, `/readyz` and `/metrics` at `address` until the process ends.
pub(crate) fn serve(address: &str, standing: &Standing) -> anyhow::Result<Server> {
    metrics::process(env!("CARGO_PKG_VERSION"), "operator");
    let standing = standing.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(standing.clone()))
            .route("/livez", web::get().to(alive))
            .route("/readyz", web::get().to(ready))
            .route("/metrics", web::get().to(measured))
    })
    .workers(1)
    .disable_signals()
    .bind(address)
    .with_context(|| format!("cannot listen on {address}"))?;
    Ok(server.run())
}

/// Asks nothing of others: a cluster that is away is not mended by a restart here.
async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn ready(standing: web::Data<Standing>) -> HttpResponse {
    if standing.is_ready() {
        return HttpResponse::Ok().json(json!({ "status": "ready" }));
    }
    HttpResponse::ServiceUnavailable().json(json!({ "status": "not ready", "missing": ["the election"] }))
}

async fn measured() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(metrics::text())
}
