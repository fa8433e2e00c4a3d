//! customs-gateway.
