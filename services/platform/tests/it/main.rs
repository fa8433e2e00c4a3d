//! The plumbing on both stores: what is told once takes effect once.

#[cfg(test)]
mod bus_between_processes;
#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod once;
#[cfg(test)]
mod outbox_and_inbox;
#[cfg(test)]
mod sagas;
#[cfg(test)]
mod shared_memory;
#[cfg(test)]
mod timers;
#[cfg(test)]
mod world;
#[cfg(test)]
mod writes;
