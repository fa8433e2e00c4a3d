//! The plumbing every service stands on: store, bus, outbox, inbox, sagas, timers, cache, telemetry.
//!
//! A service sees [`Work`] (one transaction and what it tells others), [`Desk`] (other services) and the
//! traits [`Answers`], [`Acts`], [`Receives`] and [`Rings`]. Which store, bus and cache stand behind is
//! decided where the process starts.

pub mod bus;
pub mod cache;
pub mod clock;
pub mod dead_letter;
pub mod desk;
pub mod exemplar;
pub mod failpoint;
pub mod failure;
pub mod housekeeping;
pub mod inbox;
pub mod internal;
pub mod message;
pub mod metrics;
mod once;
pub mod outbox;
pub mod page;
pub mod saga;
pub mod service;
pub mod sql;
pub mod store;
pub mod telemetry;
pub mod timer;
pub mod work;
pub mod writes;

pub use bus::Bus;
pub use cache::Cache;
pub use clock::{SandboxClock, SystemClock};
pub use desk::{Acts, Answers, Desk, Plans, UseCases};
pub use failure::Failure;
pub use inbox::Receives;
pub use message::{Kind, Message};
pub use saga::{Conductor, Orchestrates, Reminds};
pub use service::{Ports, Service};
pub use store::Store;
pub use timer::{Rings, Timer};
pub use work::Work;
pub use writes::{Known, Sheet};
