//! The inside of the suite between processes: use cases over HTTP, known by a shared secret.

use std::{collections::HashMap, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use customs_kernel::{Caller, Problem, problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Desk, telemetry};

/// How long an idle connection is kept: less than the other end keeps it, so that no request meets its end.
const IDLE: Duration = Duration::from_secs(3);
/// How often it is tried to reach a service whose process is being replaced, and the pause before it.
const REACH: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
];

/// A call as it travels between processes.
#[derive(Debug, Deserialize, Serialize)]
pub struct Envelope {
    /// Who asks.
    pub caller: Caller,
    /// What is asked.
    pub ask: Value,
}

/// The secret that the processes of one installation share; it is never shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret `text`, at least 32 characters.
    pub fn new(text: impl Into<String>) -> anyhow::Result<Self> {
        let text = text.into();
        anyhow::ensure!(text.len() >= 32, "the internal secret needs at least 32 characters");
        Ok(Self(text))
    }

    /// The secret's bytes, for deriving keys.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Compares digests, so that the time taken tells nothing of the secret.
    fn is(&self, other: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(other)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Services in other processes.
pub struct Remote {
    client: reqwest::Client,
    addresses: HashMap<String, String>,
    secret: Secret,
}

impl Remote {
    /// Services by name at their base addresses.
    pub fn new(addresses: HashMap<String, String>, secret: Secret) -> anyhow::Result<Self> {
        let mut client = reqwest::Client::builder().pool_max_idle_per_host(64).pool_idle_timeout(IDLE);
        if addresses.values().all(|address| address.starts_with("http:")) {
            // Nothing is held against the authorities of the system then: they need not be kept in memory.
            client = client.tls_certs_only([]);
        }
        let client = client.build()?;
        Ok(Self { client, addresses, secret })
    }

    /// Asks the service that owns the use case `name`.
    pub async fn call(&self, caller: &Caller, name: &str, ask: Value) -> Result<Value, Problem> {
        let service = name.split('.').next().unwrap_or_default();
        let Some(base) = self.addresses.get(service) else {
            return Err(problem::NOT_FOUND.because(format!("there is no operation {name}")));
        };
        let envelope = Envelope { caller: caller.clone(), ask };
        let mut request = self
            .client
            .post(format!("{base}/internal/{name}"))
            .bearer_auth(&self.secret.0)
            .timeout(Duration::from_millis(caller.patience_ms))
            .json(&envelope);
        if let Some(traceparent) = telemetry::traceparent() {
            request = request.header("traceparent", traceparent);
        }
        let answer = reach(request).await.map_err(|error| gone(service, &error))?;
        if answer.status().is_success() {
            return answer.json().await.map_err(|error| gone(service, &error));
        }
        Err(answer.json().await.unwrap_or_else(|error| gone(service, &error)))
    }
}

/// Sends `request`; where no connection came about, nothing was asked yet, and it is tried again.
async fn reach(request: reqwest::RequestBuilder) -> Result<reqwest::Response, reqwest::Error> {
    for pause in REACH {
        let Some(again) = request.try_clone() else { break };
        match again.send().await {
            Err(error) if error.is_connect() => tokio::time::sleep(pause).await,
            outcome => return outcome,
        }
    }
    request.send().await
}

fn gone(service: &str, error: &reqwest::Error) -> Problem {
    tracing::warn!(service, %error, "a service does not answer");
    if error.is_timeout() {
        return problem::DEADLINE.because(format!("{service} did not answer in time"));
    }
    problem::UNAVAILABLE.because(format!("{service} is not available; try again")).retry_after(2)
}

/// Adds `/internal/{use-case}` for the other processes of this installation.
pub fn routes(cfg: &mut web::ServiceConfig, desk: Desk, secret: Secret) {
    cfg.app_data(web::Data::new((desk, secret)))
        .app_data(web::JsonConfig::default().limit(32 * 1024 * 1024))
        .route("/internal/{name}", web::post().to(serve));
}

async fn serve(
    state: web::Data<(Desk, Secret)>,
    name: web::Path<String>,
    request: HttpRequest,
    envelope: web::Json<Envelope>,
) -> HttpResponse {
    let (desk, secret) = state.get_ref();
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let token = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    if !token.is_some_and(|token| secret.is(token)) {
        return refusal(&problem::UNAUTHENTICATED.because("not a process of this installation"));
    }
    let span = tracing::info_span!(
        "internal",
        name = name.as_str(),
        otel.kind = "server",
        otel.name = "POST /internal/{name}",
        http.request.method = "POST",
        http.route = "/internal/{name}"
    );
    telemetry::continue_trace(&span, header("traceparent"));
    let Envelope { caller, ask } = envelope.into_inner();
    let answer = tracing::Instrument::instrument(desk.call_here(&caller, &name, ask), span).await;
    match answer {
        Ok(output) => HttpResponse::Ok().json(output),
        Err(problem) => refusal(&problem),
    }
}

fn refusal(problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).json(problem)
}
