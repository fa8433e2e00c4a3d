//! customs-statistics.
