//! `rules check`: the package of rules of a date, and whether it is sound.

use std::{fmt, fs, path::PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use customs_kernel::Clock as _;
use customs_messages::Package;
use customs_platform::SystemClock;
use serde_json::json;

use super::say;

/// What to do with rules.
#[derive(Subcommand)]
pub enum RulesCommand {
    /// Tell which package of rules is in force on a date, and whether anything in it contradicts itself or leads nowhere.
    Check(RulesCheck),
}

/// Which package.
#[derive(Args)]
pub struct RulesCheck {
    /// The legal date; today unless named. It may lie ahead.
    #[arg(long)]
    date: Option<NaiveDate>,
    /// A table of more rules, judged together with those in force; may be repeated.
    #[arg(long = "table")]
    tables: Vec<PathBuf>,
}

/// The package has defects; the line has told which.
#[derive(Debug)]
pub(crate) struct Unsound(usize);

impl fmt::Display for Unsound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the package of rules has {} defects", self.0)
    }
}

impl std::error::Error for Unsound {}

/// Carries the command out.
///
/// # Errors
/// A package with defects, or a table that cannot be read from the disk.
pub fn rules(what: &RulesCommand) -> anyhow::Result<()> {
    let RulesCommand::Check(check) = what;
    let on = check.date.unwrap_or_else(|| SystemClock.now().date_naive());
    let mut tables: Vec<&'static str> = Vec::new();
    for path in &check.tables {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        // The rules borrow from their table; this process ends with them.
        tables.push(text.leak());
    }
    let built = (!tables.is_empty()).then(|| Package::with(on, &tables));
    let package = built.as_ref().unwrap_or_else(|| Package::at(Some(on)));
    let head = package.head();
    let defects = package.defects();
    let later: Vec<_> =
        Package::all().iter().map(Package::head).filter(|other| other.valid_from > on).collect();
    say(
        json!({ "date": on, "package": head, "sound": defects.is_empty(), "defects": defects, "later": later }),
    );
    let count = defects.unreadable.len() + defects.contradictions.len() + defects.gaps.len();
    if count == 0 { Ok(()) } else { Err(Unsound(count).into()) }
}
