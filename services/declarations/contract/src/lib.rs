//! What crosses the border of declarations: use cases, events and problems.

pub mod bus;
