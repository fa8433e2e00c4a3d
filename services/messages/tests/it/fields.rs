//! Valid messages with one field broken at a time: each is refused or taken as the table of its field says.

use std::collections::{BTreeMap, BTreeSet};

use customs_messages::{
    Context, Document, Draft, Element, FormatFacts, NodeRef, Phase, Rules, StandingLists, parse_xml_with,
    write_xml,
};

use crate::corpus::{in_phase, valid_messages};

/// What is done to a field.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Damage {
    Removed,
    Emptied,
    TooLong,
    OffList,
    NotANumber,
    TooGreat,
    NoSuchDay,
    Twice,
    Stranger,
}

const DAMAGES: [Damage; 9] = [
    Damage::Removed,
    Damage::Emptied,
    Damage::TooLong,
    Damage::OffList,
    Damage::NotANumber,
    Damage::TooGreat,
    Damage::NoSuchDay,
    Damage::Twice,
    Damage::Stranger,
];

impl Damage {
    /// The text that takes the place of a field's line; none where the damage does not apply to the field.
    fn line(self, field: &NodeRef<'_>, facts: &FormatFacts, line: &str) -> Option<String> {
        let name = field.name();
        let value = |text: &str| Some(format!("<{name}>{text}</{name}>"));
        match self {
            Self::Removed => Some(String::new()),
            Self::Emptied => value(""),
            Self::TooLong => {
                let longest = usize::try_from(facts.max_length?).unwrap();
                value(&"9".repeat(longest + 1))
            }
            Self::OffList if !facts.values.is_empty() => value("no-such-code"),
            Self::NotANumber if ["integer", "decimal"].contains(&facts.kind) => value("many"),
            Self::TooGreat => value(&(facts.maximum? + 1).to_string()),
            Self::NoSuchDay if facts.kind == "date" => value("2026-02-30"),
            Self::NoSuchDay if facts.kind == "dateTime" => value("2026-02-30T10:00:00"),
            Self::Twice => Some(format!("{line}{line}")),
            Self::Stranger => Some(format!("{line}<Stranger>1</Stranger>")),
            Self::OffList | Self::NotANumber | Self::NoSuchDay => None,
        }
    }

    /// The code under which the table of the field lets it be refused; none where it is taken.
    fn code(self, element: &Element, facts: &FormatFacts) -> Option<&'static str> {
        match self {
            Self::Removed if element.min() > 0 => Some("13"),
            Self::Removed => None,
            Self::Emptied
                if facts.min_length.is_none() && facts.kind == "text" && facts.values.is_empty() =>
            {
                // A text that may be empty is held to its patterns alone.
                (!facts.patterns.is_empty()).then_some("51")
            }
            Self::Emptied => Some("40 50 51 12"),
            Self::TooLong => Some("39"),
            Self::OffList => Some("12"),
            Self::NotANumber | Self::NoSuchDay => Some("50"),
            Self::TooGreat => Some("55"),
            Self::Twice => Some("35"),
            Self::Stranger => Some("15"),
        }
    }
}

/// The document with one field damaged, as XML of one element a line.
fn damaged(lines: &[&str], at: usize, with: &str) -> String {
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        text.push_str(if place == at { with } else { line });
        text.push('\n');
    }
    text
}

/// The lines of the fields in document order: what is written has one element a line.
fn lines_of_fields(lines: &[&str]) -> Vec<usize> {
    let is_field = |line: &str| {
        let line = line.trim_start();
        line.contains("</") && !line.starts_with("</")
    };
    (0..lines.len()).filter(|at| is_field(lines[*at])).collect()
}

#[test]
fn every_field_is_refused_or_taken_as_its_table_says() {
    let (mut counts, mut wrong) = (BTreeMap::<(Damage, bool), usize>::new(), Vec::new());
    for (file, document) in valid_messages() {
        let text = write_xml(&document);
        let lines: Vec<&str> = text.lines().collect();
        let fields: Vec<NodeRef<'_>> = document.nodes().filter(|node| node.text().is_some()).collect();
        let places = lines_of_fields(&lines);
        assert_eq!(fields.len(), places.len(), "{file}");
        // The same field of many items is broken in the first two only.
        let chosen =
            fields.iter().zip(places).filter(|(field, _)| field.ancestors().all(|one| one.ordinal() < 3));
        for (number, (field, at)) in chosen.enumerate() {
            let facts = field.element().format().unwrap().facts();
            // Every other field in turn, so that the run stays short; together they break every kind of field.
            for (_, damage) in
                DAMAGES.iter().enumerate().filter(|(turn, _)| (number + turn).is_multiple_of(2))
            {
                let Some(with) = damage.line(field, &facts, lines[at]) else { continue };
                let outcome =
                    parse_xml_with(damaged(&lines, at, &with).as_bytes(), &in_phase(document.phase()));
                let expected = damage.code(field.element(), &facts);
                let (fine, refused) = judged(&outcome, expected, field, *damage);
                *counts.entry((*damage, refused)).or_default() += 1;
                if !fine {
                    wrong.push(format!("{file} {} {damage:?} {expected:?} {outcome:?}", field.xpath()));
                }
                if let Ok(mutant) = &outcome {
                    Rules::check(mutant, &StandingLists, &Context::default());
                }
            }
        }
    }
    let all: usize = counts.values().sum();
    println!("{all} mutants: {counts:?}");
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// Whether the outcome is the expected one, at the field; and whether it is a refusal.
fn judged(
    outcome: &Result<Document, customs_messages::Rejection>,
    expected: Option<&str>,
    field: &NodeRef<'_>,
    damage: Damage,
) -> (bool, bool) {
    match (outcome, expected) {
        (Ok(_), None) => (true, false),
        (Ok(_), Some(_)) => (false, false),
        (Err(_), None) => (false, true),
        (Err(rejection), Some(codes)) => {
            let at_field = |pointer: &str| match damage {
                Damage::Stranger => pointer.ends_with("/Stranger"),
                _ => pointer.starts_with(&field.xpath()),
            };
            let told = rejection
                .findings
                .iter()
                .any(|one| codes.split(' ').any(|code| code == one.code.number()) && at_field(&one.pointer));
            (told, true)
        }
    }
}

/// Values that break a rule wherever they are set: the end of the path, what is set, and the rule that tells it.
const BREAKS: &[(&str, &str, &str)] = &[
    ("HouseConsignment/sequenceNumber", "77", "R0987"),
    ("Packaging/sequenceNumber", "77", "R0987"),
    ("Guarantee/sequenceNumber", "77", "R0987"),
    ("ConsignmentItem/declarationGoodsItemNumber", "77", "R0007"),
    ("ConsignmentItem/goodsItemNumber", "77", "R0988"),
    ("TransportEquipment/numberOfSeals", "77", "R0106"),
    ("TransitOperation/declarationType", "T9", "CL231"),
    ("TransitOperation/additionalDeclarationType", "Z", "CL042"),
    ("Guarantee/guaranteeType", "Z", "CL251"),
    ("LocationOfGoods/qualifierOfIdentification", "Q", "CL326"),
    ("LocationOfGoods/typeOfLocation", "E", "CL347"),
    ("TransitOperation/security", "9", "CL217"),
    ("Consignment/inlandModeOfTransport", "6", "CL218"),
    ("messageType", "CC906C", "N0060"),
];

#[test]
fn a_value_that_breaks_a_rule_is_told_by_that_rule_and_only_by_rules_that_speak_of_it() {
    let mut told = BTreeMap::<&str, usize>::new();
    let catalogue = Rules::catalogue();
    let speaks = |rule: &str, name: &str| {
        let named = |text: &&'static str| text.contains(name);
        rule.starts_with("CL")
            || catalogue.iter().any(|one| one.id == rule && one.statements.iter().any(named))
    };
    let (mut mutants, mut wrong) = (0, Vec::new());
    for (file, document) in valid_messages() {
        let context = Context { transitional: document.phase() == Phase::P5, ..Context::default() };
        let rules = |document: &Document| -> BTreeSet<(&'static str, String)> {
            let found = Rules::check(document, &StandingLists, &context).into_iter();
            found.map(|one| (one.rule.unwrap(), one.pointer)).collect()
        };
        let before = rules(&document);
        let asked = Rules::of(document.definition());
        for (end, value, rule) in BREAKS {
            for field in document.nodes().filter(|node| node.text().is_some()) {
                let path = field.xpath();
                let plain: String =
                    path.split('/').map(|step| step.split('[').next().unwrap()).collect::<Vec<_>>().join("/");
                let applies =
                    plain.ends_with(&format!("/{end}")) && (rule.starts_with("CL") || asked.contains(rule));
                if !applies || field.ancestors().any(|one| one.ordinal() > 2) || in_part(&document, rule) {
                    continue;
                }
                if before.iter().any(|(one, pointer)| one == rule && *pointer == path) {
                    continue; // broken as it came
                }
                mutants += 1;
                let mut draft = Draft::from_document(&document);
                draft
                    .set(path.split_once('/').and_then(|(_, rest)| rest.split_once('/')).unwrap().1, value)
                    .unwrap();
                let after = rules(&draft.finish_loose());
                let new: Vec<_> = after.difference(&before).collect();
                *told.entry(rule).or_default() += 1;
                if !new.iter().any(|(one, _)| one == rule) {
                    wrong.push(format!("{file} {path}={value}: {rule} is not among {new:?}"));
                }
                let name = field.name();
                for (one, pointer) in
                    new.iter().filter(|(one, pointer)| !speaks(one, name) && !pointer.ends_with(name))
                {
                    wrong.push(format!("{file} {path}={value}: {one} at {pointer} does not speak of {name}"));
                }
            }
        }
    }
    println!("{mutants} mutants: {told:?}");
    assert!(wrong.is_empty(), "{} of {mutants}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// Unloading remarks and results of a control repeat single groups under their old numbers.
fn in_part(document: &Document, rule: &str) -> bool {
    ["R0987", "R0988", "R0007"].contains(&rule)
        && ["CC044C", "CC025C", "CC043C"].contains(&document.message_type())
}
