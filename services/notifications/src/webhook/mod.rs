//! Webhooks: whose, where to, for what, under which secret.

mod address;
mod change;
mod delete;
mod list;
mod log;
mod register;
mod rotate;
mod secret;
mod store;
mod test;

pub(crate) use address::AddressPolicy;
pub(crate) use register::named;
pub(crate) use secret::Secret;
pub(crate) use store::{failed, gone, recovered, targets};
