//! customs-notifications.
