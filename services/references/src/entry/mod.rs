//! Dated entries: the codes of every list and the customs offices, one row for each time they stood alike.

mod current;
mod draft;
mod intake;
pub(crate) mod read;
pub(crate) mod row;

pub(crate) use current::{Head, Verdict, judge};
pub(crate) use draft::{Draft, OfficeProperties, digest};
pub(crate) use intake::{FIRST_CHANGES, Intake, Tally};
pub(crate) use read::{Choice, codes_of, of_code, of_codes};
pub(crate) use row::EntryRow;
