//! The ledger: what every guarantee covers, holds and pays, by double entry.

mod account;
mod book;
mod exposure;
pub(crate) mod history;
pub(crate) mod reconcile;
pub(crate) mod store;
mod thresholds;

pub(crate) use account::{Account, Reason};
pub(crate) use book::{Book, Entry, LedgerError, Posting};
pub(crate) use thresholds::Thresholds;
