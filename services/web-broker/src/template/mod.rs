//! Templates: whole declarations, parties and goods that an organisation fills in again and again.

mod delete;
mod list;
mod open;
mod save;
mod store;
