//! Arrivals at an office of destination.

mod destination;
mod goods;
mod incident;
mod model;
mod notify;
mod record;
mod state;
mod unload;

pub(crate) use destination::conclude;
pub(crate) use goods::Goods;
pub(crate) use model::Arrival;
pub use state::{ArrivalEvent, ArrivalState};
