//! customs-web-broker.
