//! customs-signatures.
