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

use std::{fs, path::Path};

use anyhow::Context;
use serde_json::Value;

pub use client::Client;
pub use conformance::{Conformance, conformance};
pub use demo::demo_token;
pub use message::{Message, message};
pub use operate::{
    Selection, dead_letters_list, dead_letters_read, dead_letters_replay, dead_letters_select,
};
pub use operator::{Operator, operator};
pub use probe::{probe, watch};
pub use reference::{Reference, reference};
pub use rules::{RulesCommand, rules};
pub use run::{migrate, serve, tell_again, up};
pub use sandbox::{SandboxCommand, sandbox};
pub use schema::{schema_asyncapi, schema_crds, schema_graphql, schema_openapi, schema_states};
pub use sign::{Sign, sign};
pub use verify::{Verdict, Verify, verify};

/// Writes what was done, as JSON, into a file that may be there already and may not be replaced, as the kubelet makes it.
fn report(file: &Path, what: &Value) -> anyhow::Result<()> {
    use std::io::Write;
    let mut open = fs::OpenOptions::new();
    let opened = open.write(true).create(true).truncate(true).open(file);
    let written = opened.and_then(|mut file| file.write_all(what.to_string().as_bytes()));
    written.with_context(|| format!("cannot write {}", file.display()))
}

/// Prints a line for the person or program that called the command; a reader that has gone is no failure.
pub(crate) fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
