//! customs-messages.
