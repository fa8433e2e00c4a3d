//! customs-notifications-contract.
