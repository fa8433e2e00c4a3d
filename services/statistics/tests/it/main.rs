//! Statistics as others meet it: facts in, counters out, on every store.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod counters;
mod stand;
