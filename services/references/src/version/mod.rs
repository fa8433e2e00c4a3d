//! Versions: one number for every change of the reference data, chained by hash.

mod changes;
mod list;
mod store;

pub(crate) use store::{Activated, Sequence, Source, newest, newest_loud};
