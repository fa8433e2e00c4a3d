//! A refusal as an HTTP answer.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use customs_kernel::Problem;

use super::ProblemDocument;

/// Media type of problem documents.
const MEDIA_TYPE: &str = "application/problem+json";

/// How a system signs its requests instead (RFC 9421, 5.1).
const ACCEPTED_SIGNATURE: &str = "sig1=(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\");\
                                  created;expires;nonce;keyid;alg;tag=\"ecustoms\"";

/// The answer that tells `problem` to whoever sent the request `instance`.
pub(crate) fn respond(problem: &Problem, instance: &str, correlation_id: &str) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let document = ProblemDocument::new(problem, instance, correlation_id);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, MEDIA_TYPE));
    if let Some(seconds) = problem.retry_after_s {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"ecustoms\""));
        response.insert_header(("accept-signature", ACCEPTED_SIGNATURE));
    }
    response.body(serde_json::to_vec(&document).unwrap_or_default())
}

/// A refusal on its way out of a handler of actix.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Why.
    pub(crate) problem: Problem,
    /// What was asked for.
    pub(crate) instance: String,
    /// Links it to the logs.
    pub(crate) correlation_id: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        respond(&self.problem, &self.instance, &self.correlation_id)
    }
}
