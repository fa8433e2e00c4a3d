//! Web-broker from outside: through its desk and its deadlines, on every store at hand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops here")]

mod application;
mod authorisation;
mod check;
mod draft;
mod mandate;
mod register;
mod seed;
mod system_key;
mod template;
mod world;
