//! The door of guarantees.

mod graphql;
mod rest;

pub(crate) use graphql::{GuaranteesMutation, GuaranteesQuery};
pub(crate) use rest::operations;
