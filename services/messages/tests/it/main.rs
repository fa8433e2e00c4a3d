//! Tests of the crate as others use it.

mod corpus;
mod hostile;
mod json;
mod structure;
