//! Holds: what a movement keeps of its guarantees, from its declaration to its end.

mod aggregate;
mod call;
mod claim;
mod cover;
mod free;
mod incident;
mod orders;
mod pay;
mod place;
mod reduce;
mod request;
pub(crate) mod state;
pub(crate) mod store;
mod turn;
mod uses;

pub(crate) use aggregate::Hold;
