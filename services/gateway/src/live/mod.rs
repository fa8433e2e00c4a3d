//! Live streams: a message box and a movement's timeline, followed from any place on.
//!
//! A stream is a reader with a cursor: whispers of the cache only wake it. So each entry comes once and in order,
//! however whispers are lost, doubled or late.

mod boxes;
mod events;
mod streams;
mod timeline;
mod waker;

pub(crate) use boxes::{BoxStart, notifications};
pub(crate) use events::{Event, events};
pub(crate) use streams::{Held, Streams};
pub(crate) use timeline::timeline;
