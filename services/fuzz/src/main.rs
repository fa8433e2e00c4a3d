//! Octets that nobody would send, given to every parser that stands before a decision: guided by what they reach.
//!
//! One program, started by `run.sh`: `FUZZ_PARSER` names the parser, `FUZZ_HOME` the folder with what it trusts and its first
//! samples; with `FUZZ_SEED` set it only makes that folder, where a value that is a folder adds published samples.

#![no_main]

mod ground;
mod parsers;
mod seeds;

use std::{env, path::PathBuf, process, sync::OnceLock};

use crate::{ground::Ground, parsers::Parser};

static UNDER_TEST: OnceLock<(Ground, Parser)> = OnceLock::new();

#[expect(clippy::expect_used, reason = "what cannot begin must not seem to have found nothing")]
fn begin() {
    let home = PathBuf::from(env::var_os("FUZZ_HOME").expect("FUZZ_HOME names a folder"));
    if let Some(samples) = env::var_os("FUZZ_SEED") {
        seeds::make(&home, &PathBuf::from(samples)).expect("the samples can be made");
        process::exit(0);
    }
    let name = env::var("FUZZ_PARSER").expect("FUZZ_PARSER names a parser");
    let parser = parsers::ALL.iter().find(|(known, _)| *known == name).expect("a parser of the table");
    let ground = Ground::open(&home).expect("the folder holds what FUZZ_SEED makes");
    assert!(UNDER_TEST.set((ground, parser.1)).is_ok(), "it begins once");
}

libfuzzer_sys::fuzz_target!(init: begin(), |octets: &[u8]| {
    if let Some((ground, parser)) = UNDER_TEST.get() {
        parser(ground, octets);
    }
});
