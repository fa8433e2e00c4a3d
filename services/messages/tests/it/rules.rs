//! Rules: a passing and a failing vector each, and all of them over real messages.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use customs_kernel::Correction;
use customs_messages::{
    Context, Document, Draft, Finding, NoLookups, Package, Phase, RuleKind, Rules, definitions, parse_json,
    write_json,
};

use crate::corpus::valid_messages;
use crate::good::{message, prelodged};
use crate::lists::{Lists, published, small};

const VECTORS: &str = include_str!("vectors.tbl");
const KINDS: [&str; 15] = [
    "CC015C", "CC013C", "CC170C", "CC007C", "CC044C", "CC014C", "CC141C", "CC028C", "CC029C", "CC043C",
    "CC025C", "CC045C", "CC056C", "CC057C", "CC060C",
];

/// Scenarios whose refusal comes from the state of the movement and not from the message: arrival of a cancelled movement,
/// invalidation after release, the first of two unloading remarks.
const STATE: [&str; 5] = ["AXI1", "DNGB5", "DNXI5", "DSGB5", "ASGB2"];

fn lists() -> Lists {
    let known = [
        "KZ960241002789",
        "KZ111111111111",
        "KZ100000000001",
        "KZ100000000002",
        "KZ100000000009",
        "UZ200000000001",
        "UZ200000000002",
        "UZ200000000009",
    ];
    Lists { parties: Some(known.into_iter().map(str::to_owned).collect()), ..small() }
}

pub(crate) fn change(draft: &mut Draft, change: &str) {
    if let Some(path) = change.strip_prefix('-') {
        assert!(draft.remove(path) > 0, "{path} was not there");
    } else if let Some(path) = change.strip_prefix('*') {
        draft.ensure(path).unwrap();
    } else {
        let (path, value) = change.split_once('=').unwrap();
        draft.set(path, value).unwrap_or_else(|error| panic!("{change}: {error}"));
    }
}

/// A good message with changes, and what is asked of it; a change marked `^` is made to the message before.
fn changed<T>(kind: &str, phase: Phase, changes: &str, ask: impl Fn(&Document, &Context<'_>) -> T) -> T {
    let mut draft = message(kind, phase);
    let early = changes.contains('~');
    let mut prior = if early { Draft::from(&prelodged(phase)) } else { message("CC015C", phase) };
    for one in changes.split(" ; ").map(str::trim).filter(|one| !["", "~", "!"].contains(one)) {
        match one.strip_prefix('^') {
            Some(one) => change(&mut prior, one),
            None => change(&mut draft, one),
        }
    }
    let prior = prior.finish().unwrap_or_else(|rejection| panic!("{changes}: {:?}", rejection.findings));
    let document = draft.finish_loose();
    let transitional = changes.starts_with('!');
    let accepted = Some(!["CC013C", "CC014C"].contains(&kind));
    let context = Context { prior: Some(&prior), accepted, transitional, ..Context::default() };
    ask(&document, &context)
}

fn findings(kind: &str, phase: Phase, changes: &str) -> Vec<Finding> {
    changed(kind, phase, changes, |document, context| Rules::check(document, &lists(), context))
}

pub(crate) struct Vector {
    rule: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) phase: Phase,
    pub(crate) changes: &'static str,
    passes: bool,
}

impl Vector {
    /// The later of the conditions that an order of validation names.
    fn later(&self) -> Option<&'static str> {
        let rule =
            Rules::catalogue().into_iter().find(|one| one.id == self.rule && one.kind == RuleKind::Order)?;
        rule.statements.first()?.split(' ').next_back()
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let lines = VECTORS.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&'static str> = line.split(" | ").collect();
            let (kind, phase) = parts[1].split_once('/').unwrap();
            let phase = if phase == "5" { Phase::P5 } else { Phase::P6 };
            Vector { rule: parts[0], kind, phase, changes: parts[2], passes: parts.get(3) == Some(&"ok") }
        })
        .collect()
}

#[test]
fn good_messages_break_no_rule() {
    for phase in Phase::ALL {
        for kind in KINDS {
            let findings = findings(kind, phase, "");
            assert!(findings.is_empty(), "{kind} {phase:?}: {findings:#?}");
        }
    }
}

#[test]
fn every_vector_breaks_its_rule_or_keeps_it() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        let findings = findings(vector.kind, vector.phase, vector.changes);
        let told = |id: &str| findings.iter().any(|one| one.rule == Some(id));
        // An order of validation is kept where the later condition is silent because the earlier one decides.
        let kept = match vector.later() {
            Some(later) => told(later) == vector.passes,
            None => told(vector.rule) != vector.passes,
        };
        if !kept {
            let rules: Vec<_> = findings.iter().map(|one| (one.rule.unwrap(), &one.pointer)).collect();
            wrong.push(format!("{} {} {}: {rules:?}", vector.rule, vector.kind, vector.changes));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_failing_vector() {
    let covered: HashSet<&str> = vectors().iter().filter(|one| !one.passes).map(|one| one.rule).collect();
    let bare: BTreeSet<&str> =
        Rules::catalogue().iter().map(|one| one.id).filter(|id| !covered.contains(id)).collect();
    assert!(bare.is_empty(), "{bare:?}");
}

/// A rule passes where it has something to say and nothing to find.
#[test]
fn every_rule_has_a_passing_vector() {
    let mut passed: BTreeSet<&str> = BTreeSet::new();
    let vectors = vectors();
    for vector in vectors.iter().filter(|one| one.passes) {
        let (applied, broken) = changed(vector.kind, vector.phase, vector.changes, |document, context| {
            let broken = Rules::check(document, &lists(), context);
            let applied = Package::at(None).applied(document, &lists(), context);
            (applied, broken.into_iter().filter_map(|one| one.rule).collect::<BTreeSet<_>>())
        });
        let ordered = vector.later().is_some();
        if ordered || (applied.contains(vector.rule) && !broken.contains(vector.rule)) {
            passed.insert(vector.rule);
        }
    }
    let bare: Vec<&str> =
        Rules::catalogue().iter().map(|one| one.id).filter(|id| !passed.contains(id)).collect();
    if std::env::var_os("SHOW").is_some() {
        suggest(&bare, &vectors);
    }
    assert!(bare.is_empty(), "{} of {}: {bare:?}", bare.len(), Rules::catalogue().len());
}

/// Which vectors of other rules would do for a rule that has no passing one.
fn suggest(bare: &[&str], vectors: &[Vector]) {
    let good = KINDS.iter().flat_map(|kind| Phase::ALL.map(|phase| (*kind, phase, "")));
    let others = vectors.iter().map(|one| (one.kind, one.phase, one.changes));
    let mut left: BTreeSet<&str> = bare.iter().copied().collect();
    for (kind, phase, changes) in good.chain(others) {
        let (applied, broken) = changed(kind, phase, changes, |document, context| {
            let broken = Rules::check(document, &lists(), context);
            let applied = Package::at(None).applied(document, &lists(), context);
            (applied, broken.into_iter().filter_map(|one| one.rule).collect::<BTreeSet<_>>())
        });
        for id in applied.iter().filter(|id| !broken.contains(*id)) {
            if left.remove(id) {
                let phase = if phase == Phase::P5 { "5" } else { "6" };
                println!("SUGGEST {id} | {kind}/{phase} | {changes} | ok");
            }
        }
    }
    println!("LEFT {left:?}");
}

#[test]
fn codes_tell_missing_from_not_allowed_and_broken() {
    let one = |kind, changes| {
        let found = findings(kind, Phase::P6, changes);
        let first = found.first().unwrap().clone();
        (first.rule.unwrap(), first.code.number(), first.pointer, first.value)
    };
    assert_eq!(
        one("CC015C", "-Consignment/LocationOfGoods"),
        ("C0710", "13", "/CC015C/Consignment/LocationOfGoods".to_owned(), None)
    );
    assert_eq!(
        one("CC015C", "TransitOperation/limitDate=2026-05-09"),
        ("C0839", "15", "/CC015C/TransitOperation/limitDate".to_owned(), Some("2026-05-09".to_owned()))
    );
    assert_eq!(
        one("CC015C", "Consignment/TransportEquipment/numberOfSeals=3"),
        (
            "R0106",
            "14",
            "/CC015C/Consignment/TransportEquipment[1]/numberOfSeals".to_owned(),
            Some("3".to_owned())
        )
    );
    assert_eq!(
        one("CC015C", "Consignment/HouseConsignment[2]/ConsignmentItem[1]/Packaging/typeOfPackages=QQ"),
        (
            "CL017",
            "12",
            "/CC015C/Consignment/HouseConsignment[2]/ConsignmentItem[1]/Packaging[1]/typeOfPackages"
                .to_owned(),
            Some("QQ".to_owned())
        )
    );
}

#[test]
fn a_wrong_number_is_told_with_the_right_one() {
    let found = findings("CC015C", Phase::P6, "Consignment/HouseConsignment[2]/sequenceNumber=7");
    let fix = found.first().and_then(|one| one.fix.clone()).unwrap();
    assert_eq!((found[0].rule, fix.en.as_ref(), fix.kk.as_ref()), (Some("R0987"), "use 2", "2 көрсетіңіз"));
    assert_eq!(found[0].correction, Some(Correction::Replace("2".to_owned())));
}

#[test]
fn what_would_mend_an_error_is_told_for_a_program_where_it_is_known() {
    let told = |changes: &str| {
        findings("CC015C", Phase::P6, changes)
            .into_iter()
            .map(|one| (one.rule.unwrap_or_default(), one.pointer, one.correction))
            .collect::<Vec<_>>()
    };
    let replace = |value: &str| Some(Correction::Replace(value.to_owned()));
    let office = told("CustomsOfficeOfDeparture/referenceNumber=kzala001");
    assert!(office.iter().all(|one| one.2 == replace("KZALA001")), "{office:?}");
    let list = told("Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging/typeOfPackages=bx");
    assert!(list.iter().any(|one| one.0 == "CL017" && one.2 == replace("BX")), "{list:?}");
}

#[test]
fn every_rule_is_asked_in_some_message() {
    let asked: HashSet<&str> = definitions().iter().flat_map(Rules::of).collect();
    let idle: Vec<&str> =
        Rules::catalogue().iter().map(|one| one.id).filter(|id| !asked.contains(id)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn what_cannot_be_told_is_no_error() {
    for phase in Phase::ALL {
        for kind in KINDS {
            let document = message(kind, phase).finish().unwrap();
            let findings = Rules::check(&document, &NoLookups, &Context::default());
            assert!(findings.is_empty(), "{kind} {phase:?}: {findings:#?}");
        }
    }
}

#[test]
fn amendments_are_held_to_the_state_of_the_movement() {
    let amendment = message("CC013C", Phase::P6).finish().unwrap();
    let declaration = message("CC015C", Phase::P6).finish().unwrap();
    let context = Context {
        prior: Some(&declaration),
        accepted: Some(false),
        guarantee_under_amendment: Some(true),
        ..Context::default()
    };
    let found = Rules::check(&amendment, &lists(), &context);
    let told: Vec<_> = found.iter().map(|one| (one.rule.unwrap(), one.pointer.as_str())).collect();
    assert_eq!(told, [("R0520", "/CC013C/TransitOperation/amendmentTypeFlag")]);
}

#[test]
fn the_json_form_is_held_to_the_formats_by_the_rules() {
    let document = message("CC015C", Phase::P6).finish().unwrap();
    let json = write_json(&document).replace("2026-05-03T12:00:00", "2026-14-03T12:00:00");
    let document = parse_json(json.as_bytes()).unwrap();
    let found = Rules::check(&document, &lists(), &Context::default());
    let told: Vec<_> = found.iter().map(|one| (one.rule.unwrap(), one.code.number())).collect();
    assert_eq!(told, [("FORMAT", "14")]);
}

#[test]
fn offices_need_to_exist_and_to_have_the_role() {
    let Some(lists) = published() else { return };
    let check = |departure: &str| {
        let mut draft = message("CC015C", Phase::P6);
        draft.set("CustomsOfficeOfDeparture/referenceNumber", departure).unwrap();
        let document = draft.finish().unwrap();
        let found = Rules::check(&document, &lists, &Context::default());
        found.into_iter().find(|one| one.rule == Some("CL171")).map(|one| one.message.en.into_owned())
    };
    assert_eq!(check("AD000001"), None);
    assert!(check("AD999999").unwrap().contains("no customs office"));
}

#[test]
fn real_messages_are_checked_without_harm() {
    let Some(lists) = published() else { return };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (file, document) in valid_messages() {
        for finding in Rules::check(&document, &lists, &Context::default()) {
            assert!(!finding.pointer.is_empty() && !finding.message.ru.is_empty(), "{file}");
            *counts.entry(format!("{} {}", finding.rule.unwrap(), finding.code.number())).or_default() += 1;
            if std::env::var_os("SHOW").is_some() {
                println!("{} {file} {} {:?}", finding.rule.unwrap(), finding.pointer, finding.value);
            }
        }
    }
    println!("{counts:?}");
}

/// What the published scenarios expect of the first message of a kind: taken, or refused for its content.
#[test]
fn the_messages_of_the_published_scenarios_are_judged_as_expected() {
    let (Some(lists), Some(folder)) = (published(), crate::corpus::folder("ncts-messages")) else { return };
    let messages: std::collections::HashMap<String, Document> = valid_messages().into_iter().collect();
    let entries = crate::corpus::index(&folder);
    let mut wrong = Vec::new();
    let mut judged = 0;
    for entry in &entries {
        let (Some(scenario), Some(document)) =
            (entry["scenario"].as_str(), messages.get(entry["file"].as_str().unwrap()))
        else {
            continue;
        };
        let number = document.definition().number();
        let flow = entry["expected_flow"].as_str().unwrap();
        let Some(step) = flow.split(" ; ").find(|step| step.contains(&format!("trader {number} ->"))) else {
            continue;
        };
        let prior = entries.iter().find(|one| one["scenario"] == scenario && one["type"] == "CC015C");
        let prior = prior.and_then(|one| messages.get(one["file"].as_str().unwrap()));
        let context = Context {
            prior: prior.filter(|_| number != "IE015"),
            accepted: document.text("TransitOperation/MRN").map(|_| true),
            transitional: document.phase() == Phase::P5,
            ..Context::default()
        };
        let findings = Rules::check(document, &lists, &context);
        let refused = step.contains("IE056") || step.contains("IE057");
        judged += 1;
        if refused == findings.is_empty() && !STATE.contains(&scenario) {
            let told: Vec<_> =
                findings.iter().map(|one| (one.rule.unwrap(), &one.pointer, &one.value)).collect();
            wrong.push(format!("{scenario} {} {step}: {told:?}", entry["file"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {judged}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 70, "{judged}");
}

#[test]
fn a_large_declaration_is_checked_in_time_linear_in_its_items() {
    let document = large(1_999);
    assert_eq!(Rules::check(&document, &lists(), &Context::default()), []);
}

/// A declaration with many items, a house consignment for each.
fn large(items: u32) -> Document {
    let mut draft = message("CC015C", Phase::P6);
    draft.remove("Consignment/HouseConsignment");
    draft.set("Consignment/grossMass", &(items * 1_000).to_string()).unwrap();
    for number in 1..=items {
        let house = format!("Consignment/HouseConsignment[{number}]");
        let item = format!("{house}/ConsignmentItem[1]");
        for (path, value) in [
            ("goodsItemNumber", "1"),
            ("declarationGoodsItemNumber", number.to_string().as_str()),
            ("Commodity/descriptionOfGoods", "Goods"),
            ("Commodity/CommodityCode/harmonizedSystemSubHeadingCode", "392690"),
            ("Commodity/GoodsMeasure/grossMass", "1000"),
            ("Packaging/sequenceNumber", "1"),
            ("Packaging/typeOfPackages", "BX"),
            ("Packaging/numberOfPackages", "1"),
            ("Packaging/shippingMarks", "M"),
        ] {
            draft.set(&format!("{item}/{path}"), value).unwrap();
        }
        draft.set(&format!("{house}/sequenceNumber"), &number.to_string()).unwrap();
        draft.set(&format!("{house}/grossMass"), "1000").unwrap();
    }
    draft.finish().unwrap()
}
