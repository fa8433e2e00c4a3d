//! The door of administration: dead letters of every service, and the clock of a sandbox.

mod graphql;
mod letters;
mod rest;

pub(crate) use graphql::{AdministrationMutation, AdministrationQuery};
pub(crate) use rest::operations;
