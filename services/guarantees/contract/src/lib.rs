//! customs-guarantees-contract.
