//! Problems: the one list of ways a request can be refused (RFC 9457).

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::Finding;

/// One entry of a service's problem catalogue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ProblemKind {
    /// Stable slug: the last segment of the problem type, and the GraphQL `extensions.code`.
    pub code: &'static str,
    /// HTTP status of the REST mirror.
    pub status: u16,
    /// One line, the same for every occurrence.
    pub title: &'static str,
    /// Whether the same request may succeed later.
    pub again: bool,
}

/// One refused request.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Stable slug of the catalogue.
    pub code: Cow<'static, str>,
    /// HTTP status of the REST mirror.
    pub status: u16,
    /// One line, the same for every occurrence.
    pub title: Cow<'static, str>,
    /// Whether the same request may succeed later.
    pub again: bool,
    /// What went wrong this time, for the person who sent the request.
    pub detail: String,
    /// Every single thing that is wrong, where there are several or where a field can be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Finding>,
    /// After how many seconds to try again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}

impl ProblemKind {
    /// This problem, with what went wrong this time.
    pub fn because(self, detail: impl Into<String>) -> Problem {
        Problem {
            code: Cow::Borrowed(self.code),
            status: self.status,
            title: Cow::Borrowed(self.title),
            again: self.again,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_s: self.again.then_some(1),
        }
    }
}

impl Problem {
    /// The same problem, naming everything that is wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<Finding>) -> Self {
        self.errors = errors;
        self
    }

    /// The same problem at one field.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Self {
        let finding = Finding::new(self.code.as_ref(), pointer, self.detail.as_str());
        self.with_errors(vec![finding])
    }

    /// The same problem, to be tried again after `seconds`.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Whether this is the given entry of a catalogue.
    #[must_use]
    pub fn is(&self, kind: ProblemKind) -> bool {
        self.code == kind.code
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

/// Declares a catalogue of problems: one line a problem, in one place.
#[macro_export]
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:literal $status:literal $again:ident $title:literal;)*) => {
        $($(#[$doc])*
        pub const $name: $crate::ProblemKind = $crate::ProblemKind {
            code: $code, status: $status, title: $title, again: $crate::problems!(@ $again),
        };)*
        /// Every problem of this catalogue, in its order.
        pub const ALL: &[$crate::ProblemKind] = &[$($name),*];
    };
    (@ final) => { false };
    (@ again) => { true };
}

problems! {
    /// The input cannot be read or breaks a constraint of its form.
    INPUT_INVALID = "input-invalid" 400 final "The input is not valid";
    /// Nobody is logged in, or the token is not valid any more.
    UNAUTHENTICATED = "unauthenticated" 401 final "Log in first";
    /// The caller lacks the permission.
    FORBIDDEN = "forbidden" 403 final "Not allowed";
    /// There is no such thing, or it is not the caller's to see.
    NOT_FOUND = "not-found" 404 final "Not found";
    /// Someone else changed the thing in the meantime.
    VERSION_STALE = "version-stale" 412 final "The version is stale";
    /// The version that is to be changed was not named.
    VERSION_REQUIRED = "version-required" 428 final "Name the version you change";
    /// The idempotency key is missing.
    KEY_REQUIRED = "idempotency-key-required" 400 final "Send an Idempotency-Key";
    /// The idempotency key was used for another input.
    KEY_REUSED = "idempotency-key-reused" 422 final "The Idempotency-Key belongs to another request";
    /// A request with the same idempotency key is still being worked on.
    KEY_IN_FLIGHT = "idempotency-key-in-flight" 409 again "The same request is in flight";
    /// The body is larger than allowed.
    TOO_LARGE = "too-large" 413 final "The request is too large";
    /// The body is of a media type that is not read here.
    MEDIA_TYPE = "media-type-unsupported" 415 final "The media type is not supported";
    /// Too many requests in too short a time.
    TOO_MANY_REQUESTS = "too-many-requests" 429 again "Too many requests";
    /// Something that is needed is down; nothing was done.
    UNAVAILABLE = "unavailable" 503 again "Not available at the moment";
    /// The deadline passed before there was an answer.
    DEADLINE = "deadline-exceeded" 504 again "No answer in time";
    /// A defect of the suite; it is logged under the correlation id.
    INTERNAL = "internal" 500 again "Internal error";
}
