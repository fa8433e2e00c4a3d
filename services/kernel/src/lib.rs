//! customs-kernel.
