//! Delegations: what a representative may do for a principal, and when.

mod aggregate;
mod confirm;
mod grant;
mod list;
mod revoke;
pub(crate) mod store;

pub(crate) use aggregate::Delegation;
pub(crate) use grant::grant;
