//! customs-statistics-contract.
