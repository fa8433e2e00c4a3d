//! What clients send: JSON read strictly and checked against the same schemas that the documents show.

pub(crate) mod json;
mod schema;
mod shape;
mod texts;

pub(crate) use schema::{Schemas, Shapes};
pub(crate) use shape::Shape;
