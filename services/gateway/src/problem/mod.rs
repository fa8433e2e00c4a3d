//! Refusals as clients see them: problem documents for REST, error extensions for GraphQL.

mod document;
mod graphql;
mod response;

pub(crate) use document::ProblemDocument;
pub(crate) use graphql::{coded, error};
pub(crate) use response::{Refused, respond};
