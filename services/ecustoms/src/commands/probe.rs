//! `probe`: asks a suite from outside whether it serves; once, or for ever with a page that tells the outcome.

use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;
use chrono::{DateTime, Utc};
use customs_kernel::{Clock, Currency, Money};
use customs_messages::{Phase, write_xml};
use customs_platform::{SystemClock, metrics};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Client, client::Session, say};
use crate::demo::documents::{Head, Lodging, Pledge, declaration};

/// How long one step may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is tried, in this order: health, the REST door, the GraphQL door, a challenge signed and verified, and a declaration that is
/// held against every rule and all reference data. Nothing of it leaves an effect.
const STEPS: [&str; 5] = ["ready", "rest", "graphql", "login", "check"];
/// What is said of a step for which there is no key.
const NO_KEY: &str = "not tried, no key was given";

/// What became of one step.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    step: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    took_ms: u64,
    at: DateTime<Utc>,
}

/// Tries every step once; fails at the first that does not succeed.
pub async fn probe(client: &Client) -> anyhow::Result<()> {
    for outcome in round(client).await {
        let Outcome { step, took_ms, .. } = outcome;
        match outcome.detail {
            Some(detail) if !outcome.ok => anyhow::bail!("{step}: {detail}"),
            Some(detail) => say(format!("{step}: {detail}")),
            None => say(format!("{step}: ok, {took_ms} ms")),
        }
    }
    Ok(())
}

/// Tries every step again and again, and tells the outcome at `listen`: `/status`, `/metrics`, `/livez`.
pub async fn watch(client: Client, listen: &str, every: Duration) -> anyhow::Result<()> {
    let last: Arc<RwLock<Vec<Outcome>>> = Arc::default();
    let told = Arc::clone(&last);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&told)))
            .route("/status", web::get().to(status))
            .route("/metrics", web::get().to(measured))
            .route("/livez", web::get().to(HttpResponse::Ok))
    })
    .workers(1)
    .bind(listen)
    .with_context(|| format!("cannot listen on {listen}"))?
    .run();
    let rounds = async {
        loop {
            let outcomes = round(&client).await;
            for outcome in &outcomes {
                metrics::probed(outcome.step, outcome.ok, Duration::from_millis(outcome.took_ms));
            }
            *last.write().unwrap_or_else(std::sync::PoisonError::into_inner) = outcomes;
            tokio::time::sleep(every).await;
        }
    };
    tokio::select! {
        ended = server => ended.context("the server broke off"),
        () = rounds => Ok(()),
    }
}

async fn round(client: &Client) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut session = None;
    for step in STEPS {
        let at = SystemClock.now();
        let since = tokio::time::Instant::now();
        let tried = tokio::time::timeout(PATIENCE, attempt(client, step, &mut session)).await;
        let (ok, detail) = match tried {
            Ok(Ok(detail)) => (true, detail),
            Ok(Err(error)) => (false, Some(format!("{error:#}"))),
            Err(_) => (false, Some("no answer in time".to_owned())),
        };
        let took_ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        outcomes.push(Outcome { step, ok, detail, took_ms, at });
    }
    outcomes
}

/// Tries one step; tells what is worth telling when it succeeds.
async fn attempt(
    client: &Client,
    step: &str,
    session: &mut Option<Session>,
) -> anyhow::Result<Option<String>> {
    match step {
        "ready" => {
            client.anonymous()?.call(Method::GET, "/readyz", None).await?;
        }
        "rest" => {
            let document = client.anonymous()?.call(Method::GET, "/openapi.json", None).await?;
            anyhow::ensure!(document.get("openapi").is_some(), "/openapi.json is no OpenAPI document");
        }
        "graphql" => {
            let ask = json!({ "query": "{ __typename }" });
            let answer = client.anonymous()?.call(Method::POST, "/graphql", Some(ask)).await?;
            let kind = answer.pointer("/data/__typename").and_then(Value::as_str);
            anyhow::ensure!(kind.is_some(), "/graphql does not say what it is");
        }
        _ if client.key.is_none() => return Ok(Some(NO_KEY.to_owned())),
        "login" => *session = Some(client.session().await?),
        _ => return check(session.as_ref().context("nobody is logged in")?).await,
    }
    Ok(None)
}

/// A declaration as a participant would make it is held against the rules: what is expected is a verdict, whichever.
async fn check(session: &Session) -> anyhow::Result<Option<String>> {
    let now = SystemClock.now();
    let head = Head { phase: Phase::P6, sender: "PROBE", identification: "PROBE", at: now };
    let amount = Money::new(100, Currency::EUR);
    let pledge = Pledge { grn: "00KZ0000000000000".to_owned(), access_code: "0000".to_owned(), amount };
    let lodging = Lodging { lrn: "PROBE", holder: "KZ000000000000", representative: None, pledge: &pledge };
    let content = write_xml(&declaration(&head, &lodging)?);
    let ask = json!({ "content": content, "format": "xml" });
    let answer = session.ask(Method::POST, "/messages/checks", Some(ask)).await?;
    if answer.status == StatusCode::FORBIDDEN {
        return Ok(Some("not tried, this key may not check messages".to_owned()));
    }
    let verdict = answer.taken()?;
    let judged = verdict.get("ruleset").and_then(Value::as_str).is_some_and(|ruleset| !ruleset.is_empty());
    anyhow::ensure!(judged, "no ruleset judged the declaration");
    Ok(None)
}

async fn status(last: web::Data<RwLock<Vec<Outcome>>>) -> HttpResponse {
    let steps = last.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let up = !steps.is_empty() && steps.iter().all(|step| step.ok);
    let body = json!({ "status": if up { "up" } else { "down" }, "steps": steps });
    if up { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

async fn measured() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(metrics::text())
}
