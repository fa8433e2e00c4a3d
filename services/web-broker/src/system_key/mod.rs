//! System keys: with which keys the systems of an organisation sign their requests, as whom, and how long.

mod admit;
mod aggregate;
mod find;
mod list;
mod register;
mod revoke;
mod store;

use aggregate::SystemKey;
