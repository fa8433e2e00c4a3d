//! The door of references.

mod graphql;
mod rest;

pub(crate) use graphql::{ReferencesMutation, ReferencesQuery};
pub(crate) use rest::operations;
