//! What crosses the border of guarantees: use cases, commands, events and problems.

pub mod bus;
