//! Message boxes: what is told to whom, numbered without gaps, pulled and acknowledged.

mod acknowledge;
mod facts;
mod owner;
mod preferences;
mod pull;
mod record;
mod store;

pub(crate) use facts::{
    Told, guarantee_changed, incident_reported, incident_told, message_issued, movement_arrived,
    movement_changed, movement_discharged, movement_released, note_written, use_changed,
};
pub(crate) use owner::own_party;
