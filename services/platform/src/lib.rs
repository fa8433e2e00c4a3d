//! customs-platform.
