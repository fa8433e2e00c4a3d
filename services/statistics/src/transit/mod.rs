//! Monthly counters of transit: a journal of facts, and what is counted from it.

mod aggregate;
mod counters;
mod months;
mod record;
mod store;

pub(crate) use aggregate::Stage;
pub(crate) use record::record;
