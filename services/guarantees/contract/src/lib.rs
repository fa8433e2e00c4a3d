//! What crosses the border of guarantees: use cases, commands, events and problems.

pub mod asks;
pub mod bus;
pub mod outputs;
pub mod problems;

pub use asks::*;
pub use outputs::*;
