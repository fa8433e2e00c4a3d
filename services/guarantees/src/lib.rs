//! customs-guarantees.
