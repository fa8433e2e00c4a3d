//! customs-declarations.
