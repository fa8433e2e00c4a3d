//! The door of log-in.

mod graphql;
mod provider;
mod rest;

pub(crate) use graphql::{SessionMutation, SessionQuery};
pub(crate) use provider::routes;
pub(crate) use rest::operations;
