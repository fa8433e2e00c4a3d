//! The conditions as the catalogue tells them: the cases by which programs that evaluate them are held to the rules.

use std::collections::BTreeSet;
use std::path::Path;

use customs_messages::{
    Context, Draft, ErrorCode, Phase, Rules,
    catalogue::{Field, MessageFields, fields},
    definition, write_json,
};
use serde_json::{Value, json};

use crate::good::message;
use crate::lists::{Lists, small};
use crate::rules::{change, vectors};

/// The messages of traders that are filled in by hand.
const KINDS: [&str; 7] = ["CC007C", "CC013C", "CC014C", "CC015C", "CC044C", "CC141C", "CC170C"];
const FILE: &str = "../web-broker/ui/test/conditions.json";

fn told(kind: &str, phase: Phase) -> &'static MessageFields {
    fields(kind, phase).unwrap()
}

/// What a page needs of a field to walk a message.
fn field(one: &Field) -> Value {
    json!({ "path": one.path, "name": one.name, "depth": one.depth, "group": one.group, "min": one.min, "max": one.max })
}

fn messages() -> Vec<Value> {
    let mut all = Vec::new();
    for phase in Phase::ALL {
        for kind in KINDS.into_iter().filter(|kind| definition(kind, phase).is_some()) {
            let told = told(kind, phase);
            all.push(json!({
                "messageType": kind,
                "phase": format!("{phase:?}"),
                "fields": told.fields.iter().map(field).collect::<Vec<_>>(),
                "conditions": told.conditions,
                "checkedOnly": told.checked_only,
                "base": write_json(&message(kind, phase).finish_loose()),
            }));
        }
    }
    all
}

fn lists() -> Lists {
    small()
}

/// Every message that a vector of the rules makes of a good one, and which conditions the suite says it breaks.
fn cases() -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for vector in vectors() {
        let changes: Vec<&str> =
            vector.changes.split(" ; ").map(str::trim).filter(|one| !["", "~", "!"].contains(one)).collect();
        let elsewhere = changes.iter().any(|one| one.starts_with(['^', '*']));
        if elsewhere || !KINDS.contains(&vector.kind) {
            continue;
        }
        let key = (vector.kind, format!("{:?}", vector.phase), changes.join(" ; "));
        if !seen.insert(key) {
            continue;
        }
        let mut draft: Draft = message(vector.kind, vector.phase);
        for one in &changes {
            change(&mut draft, one);
        }
        let document = draft.finish_loose();
        let context = Context { transitional: vector.phase == Phase::P5, ..Context::default() };
        let conditions: BTreeSet<&str> =
            told(vector.kind, vector.phase).conditions.iter().map(|one| one.rule).collect();
        let found = Rules::check(&document, &lists(), &context);
        let broken: Vec<Value> = found
            .iter()
            .filter(|one| matches!(one.code, ErrorCode::Missing | ErrorCode::NotAllowed))
            .filter_map(|one| {
                let rule = one.rule.filter(|rule| conditions.contains(rule))?;
                Some(json!([rule, one.code.number(), one.pointer]))
            })
            .collect();
        all.push(json!({
            "messageType": vector.kind,
            "phase": format!("{:?}", vector.phase),
            "changes": changes,
            "broken": broken,
        }));
    }
    all
}

fn written() -> String {
    let lines =
        |values: &[Value]| values.iter().map(|one| format!("  {one}")).collect::<Vec<_>>().join(",\n");
    let lists = lists();
    let mut codes: Vec<(&String, Vec<&String>)> =
        lists.codes.iter().map(|(name, codes)| (name, codes.iter().collect())).collect();
    codes.sort();
    for (_, codes) in &mut codes {
        codes.sort();
    }
    let codes: serde_json::Map<String, Value> =
        codes.into_iter().map(|(name, codes)| (name.clone(), json!(codes))).collect();
    format!(
        "{{\"lists\": {},\n\"messages\": [\n{}\n],\n\"cases\": [\n{}\n]}}\n",
        Value::Object(codes),
        lines(&messages()),
        lines(&cases())
    )
}

#[test]
fn the_cases_that_pages_are_held_to_are_what_the_rules_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let said = written();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &said).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(known == said, "{FILE} is not what the rules say; UPDATE=1 rewrites it");
    let cases = cases();
    assert!(cases.len() > 100, "{}", cases.len());
    let broken = cases.iter().filter(|one| one["broken"] != json!([])).count();
    assert!(broken > 40, "{broken}");
}

#[test]
fn conditions_are_told_with_what_only_customs_can_tell_marked() {
    let message = told("CC015C", Phase::P6);
    let seals = message.conditions.iter().find(|one| one.rule == "C0569").unwrap();
    assert_eq!(seals.at, "Consignment/TransportEquipment");
    assert_eq!(
        (seals.cases[0].required.as_slice(), seals.cases[1].forbidden.as_slice()),
        (&["Seal".to_owned()][..], &["Seal".to_owned()][..])
    );
    // Who is in the register of parties, only customs knows.
    assert!(message.checked_only.contains(&"C0250") && !message.checked_only.contains(&"C0569"));
    let mass = message.fields.iter().find(|one| one.path == "Consignment/grossMass").unwrap();
    assert_eq!(mass.unit.and_then(|unit| unit.code), Some("KGM"));
}
