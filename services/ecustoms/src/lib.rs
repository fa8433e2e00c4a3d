//! The suite as one program: which services run, on which servers, with which nation.

pub(crate) mod archive;
pub mod commands;
pub mod condition;
pub mod config;
pub mod demo;
pub mod fetch;
pub(crate) mod files;
pub(crate) mod gateway;
pub mod http;
pub mod policy;
pub mod provider;
pub mod sandbox;
pub mod scenarios;
pub(crate) mod seals;
pub mod startup;
pub mod suite;
pub mod trust;
