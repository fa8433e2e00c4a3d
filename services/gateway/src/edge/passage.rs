//! The way in and out of the gateway: correlation, token, limit, deadline, headers and metrics of every request.

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use chrono::TimeDelta;
use customs_gateway_contract::problems;
use customs_kernel::Problem;
use customs_platform::{metrics, telemetry};
use tokio::time::Instant;
use tracing::{Instrument as _, Span, field::Empty};

use super::{
    correlation::{self, correlation_id},
    cors,
    limiter::Allowance,
};
use crate::{Gateway, auth::Visit, pages, problem};

/// Lets a request through to its handler and its answer out again.
pub(crate) async fn pass(
    gateway: web::Data<Gateway>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let since = Instant::now();
    let config = gateway.config();
    let visit = stranger(&gateway, &request);
    let correlation_id = visit.correlation_id.clone();
    let origin = cors::origin(request.headers(), &config.cors_origins);
    // The route and not the path: a path may name a person.
    let span = tracing::info_span!(
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = telemetry::method(request.method().as_str()),
        http.route = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
        correlation_id
    );
    telemetry::continue_trace(&span, text(request.headers(), "traceparent"));
    let (method, path) = (request.method().to_string(), request.path().to_owned());
    let answered = async {
        if let (Some(_), Some(answer)) = (&origin, cors::preflight(request.method(), request.headers())) {
            return Ok::<_, Error>((request.into_response(answer), None));
        }
        match admit(&gateway, visit, &mut request).await {
            Ok((visit, allowance)) => {
                request.extensions_mut().insert(visit);
                // Routing needs the request for itself: nobody may hold another copy of it here.
                Ok((next.call(request).await?.map_into_boxed_body(), Some(allowance)))
            }
            Err((problem, allowance)) => Ok((refuse(request, &problem, &correlation_id), allowance)),
        }
    };
    let (mut response, allowance) = answered.instrument(span.clone()).await?;
    span.in_scope(|| note(&method, &response, since, &correlation_id));
    let headers = response.headers_mut();
    if let Some(allowance) = allowance {
        allowance.tell(headers);
    }
    harden(headers, pages::policy(&path), config.hsts_seconds);
    insert(headers, correlation::HEADER, &correlation_id);
    if let Some(origin) = origin {
        cors::allow(headers, origin);
    }
    Ok(response)
}

/// Counts the request and writes it down: softly what was only read, louder what failed for no fault of the client.
fn note(method: &str, response: &ServiceResponse<BoxBody>, since: Instant, correlation_id: &str) {
    let route = response.request().match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let status = response.status().as_u16();
    // Anybody may make up a method: those that nobody knows are one.
    let known = telemetry::method(method);
    metrics::request(known, &route, status, since);
    tell(&Span::current(), known, &route, status);
    let elapsed_ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(method, route, status, elapsed_ms, correlation_id, "a request failed");
    } else {
        answered(method, &route, status, elapsed_ms, correlation_id);
    }
}

/// Tells the trace what became of the request. What the client has done wrong is no error of ours.
fn tell(span: &Span, method: &str, route: &str, status: u16) {
    telemetry::rename(span, format!("{method} {route}"));
    span.record("http.route", route);
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", status.to_string());
    }
}

/// Writes an answer down: what was only read is no event of business.
fn answered(method: &str, route: &str, status: u16, elapsed_ms: u64, correlation_id: &str) {
    if status < 400 && matches!(method, "GET" | "HEAD") {
        tracing::debug!(method, route, status, elapsed_ms, correlation_id, "answered");
    } else {
        tracing::info!(method, route, status, elapsed_ms, correlation_id, "answered");
    }
}

/// The visit of whoever sent `request`, before any token was looked at.
fn stranger(gateway: &Gateway, request: &ServiceRequest) -> Visit {
    let config = gateway.config();
    let sent = text(request.headers(), correlation::HEADER);
    let correlation_id = correlation_id(sent, gateway.clock().now());
    let peer = request.peer_addr().map(|address| address.ip().to_string()).unwrap_or_default();
    let hops = text(request.headers(), "x-forwarded-for").filter(|_| config.trusted_proxies > 0);
    // Each proxy appends whom it heard; only the entries of one's own proxies can be believed.
    let told = hops.and_then(|hops| hops.rsplit(',').nth(config.trusted_proxies - 1));
    let address = told.map_or(peer, |hop| hop.trim().to_owned());
    let patience_ms = config.deadline_ms.saturating_sub(config.deadline_ms / 10);
    Visit::anonymous(correlation_id, address, patience_ms)
}

/// Finds out who asks, and counts the request. A token or signature that is worth nothing is refused where the request
/// arrives: paths and methods that do not exist are told first.
async fn admit(
    gateway: &Gateway,
    visit: Visit,
    request: &mut ServiceRequest,
) -> Result<(Visit, Allowance), (Problem, Option<Allowance>)> {
    let visit = identify(gateway, visit, request).await;
    let allowance = gateway.limiter().request(&visit).await;
    match allowance.check() {
        Ok(()) => Ok((visit, allowance)),
        Err(problem) => Err((problem, Some(allowance))),
    }
}

/// The visit of whoever the token or the signature of `request` names.
async fn identify(gateway: &Gateway, visit: Visit, request: &mut ServiceRequest) -> Visit {
    let signed = gateway.systems().signed(request);
    let known = match (text(request.headers(), "authorization"), signed) {
        (None, None) => return visit,
        (Some(_), Some(_)) => Err(problems::CREDENTIALS_TWO.because("which of them counts is not guessed")),
        (Some(authorization), None) => {
            let token = authorization.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
            let token = token.map(|(_, token)| token.trim()).unwrap_or_default();
            gateway.tokens().read(token, gateway.clock().now()).await.map(|claims| visit.clone().by(claims))
        }
        (None, Some(message)) => {
            let admitted = gateway.systems().admit(gateway.limiter(), &visit, message, request).await;
            let until = gateway.clock().now() + TimeDelta::seconds(gateway.tokens().life_seconds());
            admitted.map(|actor| visit.clone().by_system(actor, until))
        }
    };
    known.unwrap_or_else(|problem| visit.refused(problem))
}

fn refuse(request: ServiceRequest, problem: &Problem, correlation_id: &str) -> ServiceResponse<BoxBody> {
    let response: HttpResponse = problem::respond(problem, request.path(), correlation_id);
    request.into_response(response)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn insert(headers: &mut HeaderMap, name: &'static str, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Headers that keep browsers from doing more than they are asked to.
fn harden(headers: &mut HeaderMap, policy: Option<&'static str>, hsts_seconds: Option<u32>) {
    const ALWAYS: [(&str, &str); 3] = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ];
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let policy = policy.unwrap_or("default-src 'none'; frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if let Some(seconds) = hsts_seconds {
        insert(headers, "strict-transport-security", &format!("max-age={seconds}; includeSubDomains"));
    }
}
