//! GraphQL over HTTP and over sockets: one schema, guarded by cost, with the same refusals as REST.

mod accept;
pub(crate) mod ask;
mod execute;
mod guard;
mod http;
pub(crate) mod page;
mod request;
mod schema;
mod socket;

pub(crate) use http::serve;
pub(crate) use schema::{Schema, build};
