//! The door of log-in.

mod graphql;
mod rest;

pub(crate) use graphql::{SessionMutation, SessionQuery};
pub(crate) use rest::operations;
