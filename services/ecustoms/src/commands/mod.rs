//! The sub-commands.

mod client;
mod conformance;
mod demo;
mod evidence;
mod message;
mod operate;
mod operator;
mod probe;
mod reference;
mod rules;
mod run;
mod sandbox;
mod schema;
mod sign;
mod verify;

pub use client::Client;
pub use conformance::{Conformance, conformance};
pub use demo::demo_token;
pub use message::{Message, message};
pub use operate::{dead_letters_list, dead_letters_read, dead_letters_replay};
pub use operator::{Operator, operator};
pub use probe::{probe, watch};
pub use reference::{Reference, reference};
pub use rules::{RulesCommand, rules};
pub use run::{migrate, serve, up};
pub use sandbox::{SandboxCommand, sandbox};
pub use schema::{schema_asyncapi, schema_crds, schema_graphql, schema_openapi, schema_states};
pub use sign::{Sign, sign};
pub use verify::{Verdict, Verify, verify};

/// Prints a line for the person or program that called the command; a reader that has gone is no failure.
pub(crate) fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
