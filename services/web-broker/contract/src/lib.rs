//! customs-web-broker-contract.
