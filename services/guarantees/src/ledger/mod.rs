//! The ledger: what every guarantee covers, holds and pays, by double entry.

mod account;
mod book;
mod exposure;
pub(crate) mod history;
pub(crate) mod reconcile;
pub(crate) mod store;

pub(crate) use account::{Account, Reason};
pub(crate) use book::{Alert, Book, Entry, LedgerError, Posting};
