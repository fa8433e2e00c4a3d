//! Drafts: declarations before they are sent.

mod aggregate;
mod check;
mod confirm;
mod content;
mod copy;
mod delete;
pub(crate) mod expire;
mod hand_over;
mod list;
mod lock;
mod open;
mod receipt;
mod save;
mod store;

pub(crate) use aggregate::Draft;
pub(crate) use content::check as check_content;
pub(crate) use receipt::Receipt;

/// Deadline: a draft that nobody saved is thrown away.
pub(crate) const EXPIRE: &str = "draft.expire";
/// Deadline: a receipt of a check is good no more.
pub(crate) const FORGET: &str = "pre-check.forget";
