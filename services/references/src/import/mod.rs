//! Imports: a file announced, sent in chunks, and made a version whole or not at all.

mod begin;
mod chunk;
mod finish;
mod source;
mod store;

pub(crate) use finish::{Whole, take_in};
pub(crate) use store::{Import, forget, unknown};

/// Name of the deadline after which an import that nobody finishes is forgotten.
pub(crate) const ABANDONED: &str = "import-abandoned";
/// How long chunks are kept for an import that is not finished, in minutes.
const KEPT_MIN: i64 = 60;
