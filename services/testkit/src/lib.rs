//! customs-testkit.
