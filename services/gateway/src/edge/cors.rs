//! Pages of other origins: only those that the operator has named may call from a browser.

use actix_web::{
    HttpResponse,
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
const ASKED_HEADERS: HeaderValue = HeaderValue::from_static(
    "accept, authorization, content-type, ecustoms-signature, idempotency-key, if-match, if-none-match, \
     last-event-id, traceparent, x-correlation-id",
);
const TOLD_HEADERS: HeaderValue = HeaderValue::from_static(
    "etag, link, location, ratelimit, ratelimit-policy, retry-after, x-correlation-id",
);

/// The origin of the request, if it is one of `origins`.
pub(super) fn origin(headers: &HeaderMap, origins: &[String]) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    origins.iter().any(|known| known.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// The answer to a browser that asks before it calls, if this is such a question.
pub(super) fn preflight(method: &Method, headers: &HeaderMap) -> Option<HttpResponse> {
    if method != Method::OPTIONS || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = HttpResponse::NoContent().finish();
    let told = response.headers_mut();
    told.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    told.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ASKED_HEADERS);
    told.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    Some(response)
}

/// Tells the browser that pages of `origin` may read the answer.
pub(super) fn allow(told: &mut HeaderMap, origin: HeaderValue) {
    told.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    told.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, TOLD_HEADERS);
    told.append(header::VARY, HeaderValue::from_static("Origin"));
}
