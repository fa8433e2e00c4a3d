//! customs-references.
