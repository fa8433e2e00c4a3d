//! Organisations: the register of participants, with the period in which each may act.

mod aggregate;
mod close;
mod list;
mod mine;
mod register;
pub(crate) mod store;

pub(crate) use aggregate::Organisation;
pub(crate) use mine::{own, visible};
pub(crate) use register::register;
