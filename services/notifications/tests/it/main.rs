//! Notifications as others meet it: facts in; boxes, whispers and webhooks out, on every store.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod boxes;
mod delivery;
mod preferences;
mod receiver;
mod stand;
mod webhooks;
