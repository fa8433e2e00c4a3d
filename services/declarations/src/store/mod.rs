//! Rows of declarations and what is made of them.

mod arrivals;
mod movements;
mod offices;
mod reading;
mod rows;
mod versions;

pub(crate) use arrivals::{arrival_of, load_arrival, save_arrival};
pub(crate) use movements::{by_mrn, load, lrn_in_use, message_in_use, peek, save};
pub(crate) use offices::{add_stop, load_stops, open_stops, save_stop};
pub(crate) use reading::{
    arrivals_page, events_page, message, messages_page, movement_view, movements_page, queue_page, visible,
};
pub(crate) use versions::{add_version, current_declaration, remember_saga, unloading_permission};
