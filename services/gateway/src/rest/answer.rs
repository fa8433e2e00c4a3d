//! The one way in which operations of the table are answered.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use customs_gateway_contract::problems;
use customs_kernel::{Problem, UseCase as _};
use customs_references_contract::{ActivateImport, FinishImport, ProposeImport, imports::FINISH_PATIENCE_MS};
use serde_json::Value;

use super::{Call, Verb, links, once, version};
use crate::edge;

/// Our own media type, which means the same as `application/json`.
const MEDIA_TYPE: &str = "application/vnd.ecustoms.1.0+json";

/// Asks the service for what the call wants, and writes the answer.
pub(crate) async fn answer(mut call: Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    negotiate(&call.request)?;
    let input = call.input().await?;
    let mut caller = call.visit.caller();
    caller.patience_ms = patience_ms(call.operation().use_case, caller.patience_ms);
    caller.once = once(&call, &serde_json::to_vec(&input).unwrap_or_default())?;
    let output = call.gateway.desk().call(&caller, call.operation().use_case, input).await?;
    Ok(json(&call, &output))
}

/// How long the use case `name` may take: the `usual` time unless its contract says more.
pub(crate) fn patience_ms(name: &str, usual: u64) -> u64 {
    let whole_files = [FinishImport::NAME, ProposeImport::NAME, ActivateImport::NAME];
    if whole_files.contains(&name) { FINISH_PATIENCE_MS } else { usual }
}

/// Refuses a client that accepts no JSON.
pub(crate) fn negotiate(request: &HttpRequest) -> Result<(), Problem> {
    let Some(accept) = edge::header(request, "accept").filter(|accept| !accept.trim().is_empty()) else {
        return Ok(());
    };
    let fits = |range: &str| {
        let media = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // Clients of the CTC Traders API name their version; the shape is the same.
        matches!(media.as_str(), "*/*" | "application/*" | "application/json" | MEDIA_TYPE)
            || (media.starts_with("application/vnd.hmrc.") && media.ends_with("+json"))
    };
    if accept.split(',').any(fits) {
        return Ok(());
    }
    Err(problems::NOT_ACCEPTABLE.because(format!("accept application/json or {MEDIA_TYPE}")))
}

/// The answer with `output`: status, entity tag, location and the link to the next page.
pub(crate) fn json(call: &Call, output: &Value) -> HttpResponse {
    let operation = call.operation();
    let body = serde_json::to_vec(output).unwrap_or_default();
    let tag = version::tag(output, &body);
    let reads = operation.verb == Verb::Get;
    if reads && version::seen(call.header("if-none-match"), &tag) {
        return HttpResponse::NotModified()
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .finish();
    }
    let mut response = HttpResponse::build(StatusCode::from_u16(operation.status).unwrap_or(StatusCode::OK));
    response.insert_header((header::CONTENT_TYPE, "application/json"));
    if reads || output.get("version").is_some() {
        response.insert_header((header::ETAG, tag));
    }
    if reads {
        response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    }
    if let Some(location) = operation.location.and_then(|template| links::location(template, output)) {
        response.insert_header((header::LOCATION, location));
    }
    if let Some(next) = output.get("next").and_then(Value::as_str) {
        let link = links::next_page(call.request.path(), call.request.query_string(), next);
        response.insert_header((header::LINK, link));
    }
    response.body(body)
}
