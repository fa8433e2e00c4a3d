//! The door of administration: dead letters of every service, what is trusted, and the clock of a sandbox.

mod graphql;
mod letters;
mod rest;
mod trust;

pub(crate) use graphql::{AdministrationMutation, AdministrationQuery};
pub(crate) use rest::operations;
