//! `message check`: messages of the transit system judged on the command line, without a server.

use std::{fmt, fs, path::Path, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use customs_messages::{
    Context, Document, Finding, Phase, ReadOptions, Rejection, Rules, StandingLists, parse_json_with,
    parse_xml_with,
};
use serde_json::{Value, json};

use super::say;

/// What to do with messages.
#[derive(Subcommand)]
pub enum Message {
    /// Judge messages in XML or in the JSON form: one line of JSON a file; exit status 1 where one is not valid.
    Check(Check),
}

/// Which messages, and how they are judged.
#[derive(Args)]
pub struct Check {
    /// Ask for the structure only: elements, order, number, format; not for code lists, conditions and rules.
    #[arg(long)]
    structure_only: bool,
    /// The phase to judge them in, whatever they say of themselves.
    #[arg(long)]
    phase: Option<PhaseName>,
    /// The legal date, which decides on the package of rules.
    #[arg(long)]
    date: Option<NaiveDate>,
    /// The message before: the declaration for IE013 and IE170, the unloading permission for IE044.
    #[arg(long)]
    prior: Option<PathBuf>,
    /// Language of the texts: en, ru or kk.
    #[arg(long, default_value = "en")]
    language: String,
    /// The messages.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// A phase on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum PhaseName {
    /// Phase 5.
    #[value(name = "P5", alias = "p5")]
    P5,
    /// Phase 6.
    #[value(name = "P6", alias = "p6")]
    P6,
}

/// Some of the messages are not valid; the lines have told which.
#[derive(Debug)]
pub(crate) struct NotValid {
    invalid: usize,
    all: usize,
}

impl fmt::Display for NotValid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} of {} messages are not valid", self.invalid, self.all)
    }
}

impl std::error::Error for NotValid {}

/// Carries the command out.
///
/// # Errors
/// A message that is not valid, or one that cannot be read from the disk.
pub fn message(what: &Message) -> anyhow::Result<()> {
    let Message::Check(check) = what;
    let options = check.options();
    let prior = check.prior.as_deref().map(|path| prior(path, &options)).transpose()?;
    let mut invalid = 0;
    for file in &check.files {
        let (line, valid) = check.judge(file, prior.as_ref(), &options);
        say(line);
        invalid += usize::from(!valid);
    }
    if invalid == 0 { Ok(()) } else { Err(NotValid { invalid, all: check.files.len() }.into()) }
}

fn prior(path: &Path, options: &ReadOptions) -> anyhow::Result<Document> {
    let octets = fs::read(path)?;
    read(&octets, options).map_err(|rejection| {
        anyhow::anyhow!("{} is not valid: {} errors", path.display(), rejection.findings.len())
    })
}

/// A message in either form, told apart by its first character.
fn read(octets: &[u8], options: &ReadOptions) -> Result<Document, Rejection> {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let first = text.iter().find(|octet| !octet.is_ascii_whitespace());
    match first {
        // The schemas of the JSON form were published for phase 6 alone.
        Some(b'{' | b'[') => {
            parse_json_with(octets, &ReadOptions { phase: options.phase.or(Some(Phase::P6)), ..*options })
        }
        _ => parse_xml_with(octets, options),
    }
}

impl Check {
    fn options(&self) -> ReadOptions {
        let phase = self.phase.map(|phase| match phase {
            PhaseName::P5 => Phase::P5,
            PhaseName::P6 => Phase::P6,
        });
        ReadOptions { phase, ..ReadOptions::default() }
    }

    fn judge(&self, file: &Path, prior: Option<&Document>, options: &ReadOptions) -> (Value, bool) {
        let octets = match fs::read(file) {
            Ok(octets) => octets,
            Err(error) => return (unreadable(file, &error), false),
        };
        let (message_type, phase, findings) = match read(&octets, options) {
            Ok(document) => {
                let findings = if self.structure_only { Vec::new() } else { self.rules(&document, prior) };
                (Some(document.message_type()), document.phase(), findings)
            }
            Err(rejection) => (rejection.message_type, rejection.phase, rejection.findings),
        };
        let errors: Vec<Value> = findings.iter().map(|finding| error(finding, &self.language)).collect();
        let line = json!({
            "file": file.display().to_string(),
            "type": message_type,
            "phase": phase,
            "valid": errors.is_empty(),
            "errors": errors,
        });
        (line, errors.is_empty())
    }

    fn rules(&self, document: &Document, prior: Option<&Document>) -> Vec<Finding> {
        let transitional = document.phase() == Phase::P5;
        let accepted = Some(document.text("TransitOperation/MRN").is_some());
        let context = Context { prior, accepted, transitional, on: self.date, ..Context::default() };
        Rules::check(document, &StandingLists, &context)
    }
}

fn error(finding: &Finding, language: &str) -> Value {
    json!({
        "code": finding.code.number(),
        "pointer": finding.pointer,
        "rule": finding.rule,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message.in_language(language),
    })
}

fn unreadable(file: &Path, error: &std::io::Error) -> Value {
    json!({
        "file": file.display().to_string(),
        "type": null,
        "phase": null,
        "valid": false,
        "errors": [{
            "code": "52", "pointer": "/", "rule": null, "line": null, "column": null,
            "message": format!("the file cannot be read: {error}"),
        }],
    })
}
