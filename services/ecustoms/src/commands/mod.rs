//! The sub-commands.

mod client;
mod demo;
mod operate;
mod run;
mod schema;

pub use client::Client;
pub use demo::demo_token;
pub use operate::{dead_letters_list, dead_letters_read, dead_letters_replay, reference_import};
pub use run::{migrate, serve, up};
pub use schema::{schema_asyncapi, schema_graphql, schema_openapi};

/// Prints a line for the person or program that called the command.
#[expect(clippy::print_stdout, reason = "printing is what a command is for")]
pub(crate) fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
