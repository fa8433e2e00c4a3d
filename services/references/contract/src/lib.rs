//! customs-references-contract.
