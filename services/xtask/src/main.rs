//! Chores of the workspace: `cargo xtask tidy` and `cargo xtask generate`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

mod generate;
mod tidy;

const USAGE: &str = "usage: cargo xtask tidy | generate [--check] [--binary PATH]";

fn main() -> ExitCode {
    match run(env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Vec<String>) -> anyhow::Result<ExitCode> {
    let root = workspace_root()?;
    let mut arguments = arguments.into_iter();
    match arguments.next().as_deref() {
        Some("tidy") => tidy::run(&root),
        Some("generate") => generate::run(&root, &generate::Options::parse(arguments)?),
        _ => bail!(USAGE),
    }
}

fn workspace_root() -> anyhow::Result<PathBuf> {
    let here = env::var("CARGO_MANIFEST_DIR").context("run it as `cargo xtask`")?;
    Path::new(&here).join("../..").canonicalize().context("the workspace root does not exist")
}
