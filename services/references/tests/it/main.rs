//! References through its desk and its inbox, on SQLite and, where there is one, on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod hostile;
mod imports;
mod measures;
mod parties;
mod place;
mod proposals;
mod publications;
mod reading;
mod real;
