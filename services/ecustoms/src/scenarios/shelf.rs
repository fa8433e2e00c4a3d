//! The published messages at hand: which of them a step of a scenario sends.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use customs_messages::{Document, Draft, Phase, definition, parse_xml};

/// The published messages of a folder.
pub(super) struct Shelf(Vec<Published>);

/// One published message.
pub(super) struct Published {
    /// The file it stands in.
    pub(super) name: String,
    /// The scenario it was published for, in capitals; empty where it was for none.
    scenario: String,
    /// What its name says beyond that: `invalid`, `valid`.
    variant: String,
    /// The message, as much of it as can be read.
    pub(super) document: Document,
    whole: bool,
}

/// What a step asks of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Type, such as `CC015C`.
    pub(super) kind: &'a str,
    /// Phase.
    pub(super) phase: Phase,
    /// Id of the scenario.
    pub(super) scenario: &'a str,
    /// Whether it is to be wrong.
    pub(super) invalid: bool,
    /// Values that it should have: path and value, the weightiest first.
    pub(super) having: &'a [(&'a str, Option<&'a str>)],
}

impl Shelf {
    /// Every message in `folder` and below.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        collect(folder, &mut files).with_context(|| format!("cannot read {}", folder.display()))?;
        files.sort();
        let mut messages = Vec::new();
        for file in files {
            messages.extend(publish(&file)?);
        }
        anyhow::ensure!(!messages.is_empty(), "there are no messages in {}", folder.display());
        Ok(Self(messages))
    }

    /// The message that fits best: that of the scenario itself, or one with the same features.
    pub(super) fn find(&self, wanted: &Wanted<'_>) -> Option<&Published> {
        let kind = self.0.iter().filter(|one| one.document.message_type() == wanted.kind);
        kind.max_by_key(|one| (one.fits(wanted), std::cmp::Reverse(one.name.as_str())))
    }
}

impl Published {
    fn fits(&self, wanted: &Wanted<'_>) -> i32 {
        let own = self.scenario == wanted.scenario.to_uppercase();
        let mut score = if own { 10_000 } else { 0 };
        if self.document.phase() == wanted.phase {
            score += 1_000;
        }
        if self.variant.contains("invalid") == wanted.invalid {
            score += 2_000;
        }
        if !self.scenario.is_empty() {
            score += 500;
        }
        // What was published to break a rule is no example for others.
        if !own && is_of_the_transition(&self.scenario) {
            score -= 800;
        }
        if self.whole {
            score += 5;
        }
        let mut weight = 320;
        for (path, value) in wanted.having {
            if self.document.text(path) == *value {
                score += weight;
            }
            weight /= 2;
        }
        score
    }

    /// The message in the format of `phase`.
    pub(super) fn in_phase(&self, phase: Phase) -> anyhow::Result<Draft> {
        if self.document.phase() == phase {
            return Ok(Draft::from_document(&self.document));
        }
        let kind = self.document.message_type();
        let other = definition(kind, phase).with_context(|| format!("there is no {kind} in {phase:?}"))?;
        let mut draft = Draft::new(other);
        for node in self.document.root().children() {
            if other.root().child(node.name()).is_some() {
                draft.copy("", node)?;
            }
        }
        Ok(draft)
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "xml") {
            files.push(path);
        }
    }
    Ok(())
}

/// The message in `file`; nothing where it is none of the system.
fn publish(file: &Path) -> anyhow::Result<Option<Published>> {
    let octets = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (document, whole) = match parse_xml(&octets) {
        Ok(document) => (document, true),
        Err(rejection) => match rejection.partial {
            Some(partial) => (*partial, false),
            None => return Ok(None),
        },
    };
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let (scenario, variant) = named(&stem);
    Ok(Some(Published { name: stem, scenario, variant, document, whole }))
}

/// Scenario and variant in a name such as `pack__asgb2_ie044_invalid`.
fn named(stem: &str) -> (String, String) {
    let last = stem.rsplit("__").next().unwrap_or(stem).to_lowercase();
    match last.split_once("_ie") {
        Some((scenario, rest)) => {
            let variant = rest.trim_start_matches(|one: char| one.is_ascii_digit());
            (scenario.to_uppercase(), variant.trim_start_matches('_').to_owned())
        }
        None => (String::new(), last),
    }
}

/// Whether an id such as `DSGBT1` is of a scenario of the transitional period.
fn is_of_the_transition(scenario: &str) -> bool {
    scenario.trim_end_matches(|one: char| one.is_ascii_digit()).ends_with("BT")
        || scenario.trim_end_matches(|one: char| one.is_ascii_digit()).ends_with("IT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_the_scenario_and_the_variant() {
        assert_eq!(named("pack-v7__asgb2_ie044_invalid"), ("ASGB2".to_owned(), "invalid".to_owned()));
        assert_eq!(named("x__P6-ASGB-01_ie007"), ("P6-ASGB-01".to_owned(), String::new()));
        assert_eq!(named("validator__cc044c-invalid").0, "");
    }

    #[test]
    fn scenarios_of_the_transition_are_known_by_their_letter() {
        assert!(is_of_the_transition("DSGBT1") && is_of_the_transition("DNXIT12"));
        assert!(!is_of_the_transition("DSGB10") && !is_of_the_transition("P6-DSGB-01"));
    }
}
