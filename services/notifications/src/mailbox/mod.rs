//! Message boxes: what is told to whom, numbered without gaps, pulled and acknowledged.

mod acknowledge;
mod announce;
mod facts;
mod owner;
mod pull;
mod record;
mod store;

pub(crate) use announce::Announcer;
pub(crate) use facts::{
    Told, guarantee_changed, message_issued, movement_arrived, movement_changed, movement_discharged,
    movement_released, use_changed,
};
pub(crate) use owner::own_party;
