//! Arrivals at an office of destination.

mod destination;
mod model;
mod notify;
mod state;
mod unload;

pub(crate) use model::Arrival;
pub use state::{ArrivalEvent, ArrivalState};
