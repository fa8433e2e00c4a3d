//! People: who they are and for whom they act.

mod activate;
mod aggregate;
mod challenge;
mod identify;
mod list;
mod register;
pub(crate) mod store;

pub(crate) use aggregate::Person;
pub(crate) use challenge::spend;
pub(crate) use register::register;
