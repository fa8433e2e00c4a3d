//! The REST mirror: a table of operations, each a use case with its path, and one way to answer them all.

mod answer;
mod call;
mod dispatch;
mod links;
mod once;
mod openapi;
mod operation;
mod row;
mod version;

pub(crate) use answer::{answer, json, negotiate, patience_ms};
pub(crate) use call::{Call, read};
pub(crate) use dispatch::{nowhere, routes, visit};
pub(crate) use once::once;
pub(crate) use openapi::document;
pub(crate) use operation::{Face, Handler, Operation, Output, Verb};
pub(crate) use row::Table;
