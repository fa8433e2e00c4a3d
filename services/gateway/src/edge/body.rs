//! Bodies and headers of requests, read within bounds.

use std::time::Duration;

use actix_web::{HttpMessage as _, HttpRequest, http::header::CONTENT_ENCODING, web};
use bytes::{Bytes, BytesMut};
use customs_gateway_contract::problems;
use customs_kernel::{Problem, problem};
use futures_util::StreamExt as _;
use tokio::time::timeout;

/// The header `name` as text, if it is there and is text.
pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Whether the request wants to become a socket.
pub(crate) fn wants_socket(request: &HttpRequest) -> bool {
    header(request, "upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Refuses a body that is not JSON in UTF-8.
pub(crate) fn require_json(request: &HttpRequest) -> Result<(), Problem> {
    let charset = charset(request);
    let is_json = request.content_type().eq_ignore_ascii_case("application/json")
        && charset.is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
    if is_json { Ok(()) } else { Err(problem::MEDIA_TYPE.because("send application/json in UTF-8")) }
}

/// The character set that the request names.
fn charset(request: &HttpRequest) -> Option<&str> {
    let parameters = header(request, "content-type")?.split(';').skip(1);
    let mut pairs = parameters.filter_map(|parameter| parameter.trim().split_once('='));
    let (_, charset) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches('"'))
}

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// The whole body, or the problem that it is larger than `octets_max`, packed, incomplete or too slow.
pub(crate) async fn body(
    request: &HttpRequest,
    payload: web::Payload,
    octets_max: usize,
) -> Result<Bytes, Problem> {
    let slow = |_| problems::REQUEST_SLOW.because("the body did not arrive in time");
    timeout(PATIENCE, collect(request, payload, octets_max)).await.map_err(slow)?
}

async fn collect(
    request: &HttpRequest,
    mut payload: web::Payload,
    octets_max: usize,
) -> Result<Bytes, Problem> {
    let too_large = || problem::TOO_LARGE.because(format!("the body is larger than {octets_max} octets"));
    if request.headers().get(CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return Err(problem::MEDIA_TYPE.because("send the body unpacked, without Content-Encoding"));
    }
    let told = header(request, "content-length").and_then(|length| length.parse::<usize>().ok());
    if told.is_some_and(|length| length > octets_max) {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(told.unwrap_or(0));
    while let Some(part) = payload.next().await {
        let part = part.map_err(|error| {
            problem::INPUT_INVALID.because(format!("the body did not arrive completely: {error}"))
        })?;
        if body.len() + part.len() > octets_max {
            return Err(too_large());
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}
