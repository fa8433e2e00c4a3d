//! The suite as one program: which services run, on which servers, with which nation.

pub mod commands;
pub mod condition;
pub mod config;
pub mod demo;
pub(crate) mod gateway;
pub mod http;
pub mod sandbox;
pub mod startup;
pub mod suite;
