//! Valid messages with one line broken at a time: never a panic, and the verdict of the published schemas.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use customs_messages::{Context, NoLookups, Phase, Rules, parse_xml_with, write_xml};

use crate::corpus::{in_phase, valid_messages};
use crate::schema::schema;

/// One mutant: the kind of damage and the text.
struct Mutant {
    message_type: &'static str,
    phase: Phase,
    text: String,
}

const VALUES: [&str; 14] = [
    "",
    "x",
    "0",
    "01",
    "1.5",
    "-1",
    " lead",
    "2026-02-30",
    "2026-02-30T10:00:00",
    "2026-02-28T10:00:00Z",
    "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
    "99999999999999999999",
    "қазақ",
    "A&amp;B",
];

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(limit).unwrap()).unwrap()
    }
}

fn is_leaf(line: &str) -> bool {
    line.contains("</") && line.trim_start().starts_with('<') && !line.trim_start().starts_with("</")
}

/// One line of the message broken in one of seven ways.
fn broken(text: &str, numbers: &mut Numbers) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let leaves: Vec<usize> = (0..lines.len()).filter(|at| is_leaf(&lines[*at])).collect();
    let at = leaves[numbers.below(leaves.len())];
    match numbers.below(7) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, lines[at].clone()),
        2 if is_leaf(&lines[at + 1]) => lines.swap(at, at + 1),
        3 => lines[at] = "<Unknown>1</Unknown>".to_owned(),
        4 => lines[at] = format!("stray {}", lines[at]),
        _ => {
            let (head, tail) = lines[at].split_once('>').unwrap();
            let end = tail.find("</").unwrap();
            lines[at] = format!("{head}>{}{}", VALUES[numbers.below(VALUES.len())], &tail[end..]);
        }
    }
    lines.join("\n")
}

fn mutants(each: usize) -> Vec<Mutant> {
    let mut numbers = Numbers(20_260_501);
    let mut mutants = Vec::new();
    for (_, document) in valid_messages() {
        let text = write_xml(&document);
        for _ in 0..each {
            mutants.push(Mutant {
                message_type: document.message_type(),
                phase: document.phase(),
                text: broken(&text, &mut numbers),
            });
        }
    }
    mutants
}

#[test]
fn five_thousand_broken_messages_are_judged_without_harm() {
    let (mut taken, mut refused) = (0, 0);
    for mutant in mutants(40) {
        match parse_xml_with(mutant.text.as_bytes(), &in_phase(mutant.phase)) {
            Ok(document) => {
                taken += 1;
                Rules::check(&document, &NoLookups, &Context::default());
            }
            Err(rejection) => {
                refused += 1;
                assert!(rejection.findings.iter().all(|one| one.line.is_some()), "{:?}", rejection.findings);
                crate::outgoing::refused_by_ie917(&rejection);
            }
        }
    }
    println!("{taken} taken, {refused} refused");
}

#[test]
fn broken_messages_get_the_verdict_of_the_published_schemas() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is not here");
        return;
    }
    let each = std::env::var("MUTANTS").ok().and_then(|number| number.parse().ok()).unwrap_or(5);
    let mutants = mutants(each);
    let place = tempfile::tempdir().unwrap();
    let mut files: BTreeMap<PathBuf, Vec<(usize, PathBuf)>> = BTreeMap::new();
    for (number, mutant) in mutants.iter().enumerate() {
        let Some(schema) = schema(mutant.message_type, mutant.phase) else { continue };
        let file = place.path().join(format!("{number}.xml"));
        std::fs::write(&file, &mutant.text).unwrap();
        files.entry(schema).or_default().push((number, file));
    }
    let mut wrong = Vec::new();
    for (schema, files) in files {
        let paths = files.iter().map(|(_, path)| path);
        let outcome =
            Command::new("xmllint").arg("--noout").arg("--schema").arg(&schema).args(paths).output().unwrap();
        let told = String::from_utf8_lossy(&outcome.stderr).into_owned();
        for (number, path) in files {
            let mutant = &mutants[number];
            let valid = told.contains(&format!("{} validates", path.display()));
            let outcome = parse_xml_with(mutant.text.as_bytes(), &in_phase(mutant.phase));
            if outcome.is_ok() != valid {
                let findings = outcome.err().map(|one| one.findings);
                let reason = told.lines().find(|line| line.starts_with(&format!("{}:", path.display())));
                wrong.push(format!("{} {valid}: {findings:?} {reason:?}", mutant.message_type));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
