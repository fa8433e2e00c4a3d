//! customs-gateway-contract.
