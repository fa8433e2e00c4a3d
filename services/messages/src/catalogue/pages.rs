//! The catalogue as pages of documentation.

use std::fmt::Write as _;

use super::{Field, fields, messages};
use crate::phase::Phase;
use crate::rules::{Package, RuleEntry, RuleKind, Rules};

/// The page of rules: every condition and rule with codes, source, words and the statements in the language of the tables.
pub fn rules_page() -> String {
    let mut page = String::from(
        "# Rules on the content of messages\n\nWritten from the tables by `UPDATE=1 cargo test -p customs-messages`. How they are read is in \
         [messages](messages.md). Code 13: missing; 14: against the rule; 15: not allowed.\n\n## Packages\n\n\
         | version | in force from | rules | what is new | SHA-256 |\n|---|---|---|---|---|\n",
    );
    for package in Package::all() {
        let head = package.head();
        let (version, from, rules, news) = (head.version, head.valid_from, head.rules, head.news);
        let _ = writeln!(page, "| {version} | {from} | {rules} | {news} | `{}` |", head.hash);
    }
    for (kind, title) in [
        (RuleKind::Condition, "Conditions: whether an element is required (R), free or not allowed (N)"),
        (RuleKind::Value, "Rules: which values are allowed"),
        (RuleKind::Order, "Order of validation: where the first decides, the second is silent"),
    ] {
        let _ = write!(page, "\n## {title}\n");
        for rule in Rules::catalogue().iter().filter(|rule| rule.kind == kind) {
            entry(rule, &mut page);
        }
    }
    page
}

fn entry(rule: &RuleEntry, page: &mut String) {
    let codes: Vec<&str> = rule.codes.iter().map(|code| code.number()).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" Codes {}.", codes.join(", ")) };
    let _ = write!(page, "\n### {}\n\n{}.{codes} *{}*\n\n", rule.id, rule.text.en, rule.source);
    let _ = write!(page, "ru: {}. kk: {}.\n\n", rule.text.ru, rule.text.kk);
    for statement in &rule.statements {
        for line in statement.lines() {
            let _ = writeln!(page, "    {line}");
        }
    }
}

/// The page of fields: every message with its elements, how often, in which format, from which list, under which rules.
pub fn fields_page() -> String {
    let mut page = String::from(
        "# Fields of the messages\n\nWritten from the tables by `UPDATE=1 cargo test -p customs-messages`. A group is in bold and what it holds \
         follows it, a step further in. Where a line is of one phase only, it says so.\n",
    );
    for kind in messages() {
        let _ = write!(
            page,
            "\n## {} {}: {}\n\nFrom {} to {}.\n\n| element | what it is | how often | format | list | rules |\n|---|---|---|---|---|---|\n",
            kind.number, kind.message_type, kind.label.en, kind.sender, kind.recipient
        );
        let of = |phase| fields(kind.message_type, phase).map_or(&[][..], |one| one.fields.as_slice());
        let (old, new) = (of(Phase::P5), of(Phase::P6));
        for field in new {
            let same = old.iter().find(|one| one.path == field.path);
            line(field, if old.is_empty() || same.is_some() { "" } else { " (phase 6)" }, &mut page);
        }
        for field in old.iter().filter(|field| !new.iter().any(|one| one.path == field.path)) {
            line(field, if new.is_empty() { "" } else { " (phase 5)" }, &mut page);
        }
    }
    page
}

fn line(field: &Field, phase: &str, page: &mut String) {
    let indent = "· ".repeat(usize::try_from(field.depth).unwrap_or(0));
    let name = if field.group { format!("**{}**", field.name) } else { field.name.to_owned() };
    let often = match (field.min, field.max) {
        (1, 1) => "1".to_owned(),
        (min, max) => format!("{min}..{max}"),
    };
    let format = field.format.as_ref().map_or("", |format| format.name);
    let list = field.list.as_ref().map_or("", |list| list.number);
    let (label, rules) = (&field.label.en, field.rules.join(" "));
    let _ = writeln!(page, "| {indent}{name} | {label}{phase} | {often} | {format} | {list} | {rules} |");
}
