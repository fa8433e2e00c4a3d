//! The door of web-broker.

mod graphql;
mod rest;

pub(crate) use graphql::{WebBrokerMutation, WebBrokerQuery};
pub(crate) use rest::operations;
