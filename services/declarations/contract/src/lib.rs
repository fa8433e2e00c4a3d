//! customs-declarations-contract.
