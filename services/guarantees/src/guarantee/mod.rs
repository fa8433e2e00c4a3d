//! Guarantee contracts: proposed by a guarantor, approved by customs, used by their owner, run off at the end.

mod aggregate;
mod amend;
mod approve;
mod balance;
mod cancel;
pub(crate) mod deadline;
mod detail;
mod grant_level;
pub(crate) mod level;
mod list;
mod propose;
mod reject;
mod replace_access_code;
mod review;
pub(crate) mod state;
pub(crate) mod store;
mod suspend;
mod view;

pub(crate) use aggregate::{Guarantee, Terms, sees_all};
pub(crate) use suspend::suspend_broken;
pub(crate) use view::contract;

#[cfg(test)]
pub(crate) use aggregate::tests;
