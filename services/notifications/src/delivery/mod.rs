//! Deliveries: what goes to webhooks, in the order of each movement, tried again until it is taken.

mod schedule;
mod scrub;
mod send;
mod settle;
mod state;
mod store;
mod worker;

pub(crate) use send::Sender;
pub(crate) use store::{Parcel, forget, log, queue, queue_one};
pub use worker::{deliver_due, deliver_webhooks};
