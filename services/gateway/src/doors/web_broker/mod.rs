//! The door of web-broker.

mod graphql;
mod registration;
mod rest;

pub(crate) use graphql::{WebBrokerMutation, WebBrokerQuery};
pub(crate) use registration::RegistrationMutation;
pub(crate) use rest::operations;
