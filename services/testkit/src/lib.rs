//! Real servers and real processes for tests: private, on free ports, gone when the test is gone.
//!
//! [`Servers`] is PostgreSQL, RabbitMQ and Redis; [`Space`] is an empty corner of them for one test;
//! [`Program`] is a process that a test may kill. All calls block: inside an async test they belong before
//! the first await or in `spawn_blocking`.

mod poll;
mod program;
mod script;
mod servers;
mod space;

pub use poll::{free_port, until};
pub use program::Program;
pub use servers::{OverTls, Server, Servers};
pub use space::Space;
