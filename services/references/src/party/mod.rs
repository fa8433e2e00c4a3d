//! The register of economic operators: entered, suspended, reinstated, each change with its history.

mod aggregate;
mod find;
mod register;
mod state;
mod store;
mod suspend;

pub(crate) use register::begin;
pub(crate) use store::{authorised, suspended};
