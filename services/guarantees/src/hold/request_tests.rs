//! Tests of the decision about an order to hold: every reason, alone and together.

use std::collections::BTreeSet;

use customs_kernel::{Currency, id::uuid_at};

use super::*;
use crate::{guarantee::tests::active, hold::state::HoldState};

const CODE: &str = "7XK2";

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).unwrap()
}

/// A guarantee that the access code opens, number `number`.
fn guarantee(kind: Kind, limit: i64, number: u32) -> Guarantee {
    active(kind, limit).numbered(number).opened_by(CODE)
}

fn part(guarantee: &Guarantee, euro_cents: Option<i64>) -> HoldPart {
    let coded = guarantee.kind().needs_access_code();
    HoldPart {
        guarantee_type: guarantee.kind().code().to_owned(),
        grn: guarantee.grn().map(ToString::to_string),
        access_code: coded.then(|| CODE.to_owned()),
        other_reference: None,
        amount: euro_cents.map(|minor| Money::new(minor, Currency::EUR)),
    }
}

fn plain(code: &str) -> HoldPart {
    HoldPart {
        guarantee_type: code.to_owned(),
        grn: None,
        access_code: None,
        other_reference: None,
        amount: None,
    }
}

fn order(guarantees: Vec<HoldPart>) -> bus::Hold {
    bus::Hold {
        movement: uuid_at(at()),
        mrn: "26KZ000000000001J5".to_owned(),
        holder: "KZ200".parse().unwrap(),
        countries: vec!["KG".to_owned()],
        attempt: 1,
        guarantees,
    }
}

fn decide(ask: &bus::Hold, found: Vec<Guarantee>, own: Vec<Hold>) -> Result<Changes, Vec<(u32, String)>> {
    let decision = Request { ask, today: today(), at: at() }.decide(found, own);
    decision.map_err(|reasons| reasons.into_iter().map(|reason| (reason.position, reason.code)).collect())
}

fn codes(ask: &bus::Hold, found: Vec<Guarantee>) -> Vec<String> {
    decide(ask, found, Vec::new()).unwrap_err().into_iter().map(|(_, code)| code).collect()
}

#[test]
fn a_sufficient_guarantee_is_held() {
    let comprehensive = guarantee(Kind::Comprehensive, 1_000, 1);
    let changes = decide(&order(vec![part(&comprehensive, Some(600))]), vec![comprehensive], vec![]).unwrap();
    assert_eq!(changes.placed[0].minor(), 600);
    assert_eq!(changes.balances(), [(400, 600)]);
}

#[test]
fn each_reason_has_its_code() {
    let good = || guarantee(Kind::Comprehensive, 1_000, 1);
    let with = |change: fn(&mut bus::Hold)| {
        let mut ask = order(vec![part(&good(), Some(600))]);
        change(&mut ask);
        ask
    };
    let cases: [(&str, bus::Hold, Guarantee); 10] = [
        ("G01", with(|ask| ask.guarantees[0].grn = Some("26KZ000000000099X".to_owned())), good()),
        ("G01", with(|ask| ask.guarantees[0].grn = None), good()),
        ("G02", with(|_| ()), good().over()),
        ("G03", with(|ask| ask.guarantees[0].access_code = Some("0000".to_owned())), good()),
        ("G03", with(|ask| ask.guarantees[0].access_code = None), good()),
        ("G04", with(|ask| ask.holder = "KZ999".parse().unwrap()), good()),
        ("G08", with(|ask| ask.countries.push("UZ".to_owned())), good()),
        ("G09", with(|ask| ask.guarantees[0].amount = Some(Money::new(1_001, Currency::EUR))), good()),
        ("G09", with(|ask| ask.guarantees[0].amount = Some(Money::new(1, Currency::KZT))), good()),
        ("G13", with(|ask| ask.guarantees[0].guarantee_type = "0".to_owned()), good()),
    ];
    for (want, ask, guarantee) in cases {
        assert_eq!(codes(&ask, vec![guarantee]), [want], "{ask:?}");
    }
    assert_eq!(codes(&with(|ask| ask.guarantees[0].amount = None), vec![good()]), ["G09"]);
    assert_eq!(codes(&with(|ask| ask.guarantees[0].guarantee_type = "7".to_owned()), vec![good()]), ["G13"]);
    assert_eq!(codes(&with(|ask| ask.guarantees[0].guarantee_type = "A".to_owned()), vec![good()]), ["G13"]);
}

#[test]
fn a_used_voucher_and_a_used_individual_guarantee_have_reasons_of_their_own() {
    for (kind, want) in [(Kind::Voucher, "G05"), (Kind::Undertaking, "G10"), (Kind::CashDeposit, "G10")] {
        let mut used = guarantee(kind, 1_000, 1);
        used.hold(1_000).unwrap();
        assert_eq!(codes(&order(vec![part(&used, Some(500))]), vec![used]), [want]);
        let mut spent = guarantee(kind, 1_000, 1);
        spent.hold(1_000).unwrap();
        spent.free(1_000, true).unwrap();
        assert_eq!(codes(&order(vec![part(&spent, Some(500))]), vec![spent]), [want]);
    }
}

#[test]
fn all_reasons_of_all_parts_are_told_at_once_and_nothing_is_held() {
    let small = guarantee(Kind::Comprehensive, 100, 1);
    let mut ask = order(vec![part(&small, Some(600)), plain("1"), plain("8")]);
    ask.guarantees.push(HoldPart { access_code: None, ..part(&small, Some(1)) });
    ask.countries.push("UZ".to_owned());
    let reasons = decide(&ask, vec![small], vec![]).unwrap_err();
    let want = [(0, "G08"), (0, "G09"), (1, "G01"), (3, "G03")].map(|(at, code)| (at, code.to_owned()));
    assert_eq!(reasons, want);
}

#[test]
fn who_does_not_prove_to_be_the_owner_learns_nothing_about_the_amount() {
    let empty = guarantee(Kind::Comprehensive, 100, 1);
    let mut ask = order(vec![part(&empty, Some(600))]);
    ask.holder = "KZ999".parse().unwrap();
    ask.guarantees[0].access_code = Some("XXXX".to_owned());
    ask.guarantees[0].guarantee_type = "9".to_owned();
    assert_eq!(codes(&ask, vec![empty]), ["G03", "G04", "G13"]);
}

#[test]
fn the_same_guarantee_named_twice_must_cover_both() {
    let once = guarantee(Kind::Comprehensive, 1_000, 1);
    let ask = order(vec![part(&once, Some(600)), part(&once, Some(400))]);
    let changes = decide(&ask, vec![once.clone()], vec![]).unwrap();
    assert_eq!((changes.placed.len(), changes.placed[0].minor()), (1, 1_000));
    let ask = order(vec![part(&once, Some(600)), part(&once, Some(401))]);
    assert_eq!(decide(&ask, vec![once], vec![]).unwrap_err(), [(1, "G09".to_owned())]);
}

#[test]
fn types_without_a_contract_hold_nothing_and_are_noted() {
    let ask = order(["3", "5", "8", "A", "B", "J", "R"].map(plain).to_vec());
    let changes = decide(&ask, vec![], vec![]).unwrap();
    assert_eq!(changes.placed.len(), 7);
    assert!(changes.placed.iter().all(|hold| hold.guarantee.is_none() && hold.minor() == 0));
    assert!(changes.balances().is_empty());
}

#[test]
fn a_registered_cash_deposit_is_held_by_its_other_reference() {
    let deposit = guarantee(Kind::CashDeposit, 1_000, 1);
    let mut ask = order(vec![plain("3")]);
    ask.guarantees[0].other_reference = deposit.grn().map(ToString::to_string);
    let changes = decide(&ask, vec![deposit], vec![]).unwrap();
    assert_eq!(changes.balances(), [(0, 1_000)]);
    assert_eq!(codes(&ask, vec![]), ["G01"]);
}

/// What an earlier attempt over `minor` left: the guarantee and the hold.
fn earlier(mut guarantee: Guarantee, minor: i64) -> (Guarantee, Hold) {
    let ask = order(vec![part(&guarantee, Some(minor))]);
    let mut changes = decide(&ask, vec![guarantee.clone()], vec![]).unwrap();
    guarantee.hold(minor).unwrap();
    (guarantee, changes.placed.remove(0))
}

#[test]
fn another_guarantee_replaces_the_first_and_frees_it() {
    let (old, hold) = earlier(guarantee(Kind::Comprehensive, 1_000, 1), 600);
    let new = guarantee(Kind::Comprehensive, 1_000, 2);
    let ask = order(vec![part(&new, Some(700))]);
    let changes = decide(&ask, vec![old, new], vec![hold]).unwrap();
    assert_eq!(changes.balances(), [(300, 700), (1_000, 0)]);
    assert_eq!(changes.moved[0].state, HoldState::Freed);
}

#[test]
fn a_further_attempt_may_raise_or_reduce_what_is_held() {
    for (minor, state, balance) in
        [(900, HoldState::Placed, (100, 900)), (200, HoldState::Reduced, (800, 200))]
    {
        let (old, hold) = earlier(guarantee(Kind::Comprehensive, 1_000, 1), 600);
        let ask = order(vec![part(&old, Some(minor))]);
        let changes = decide(&ask, vec![old], vec![hold]).unwrap();
        assert_eq!((changes.moved[0].state, changes.moved[0].minor()), (state, minor));
        assert_eq!(changes.balances(), [balance]);
    }
    let (old, hold) = earlier(guarantee(Kind::Comprehensive, 1_000, 1), 600);
    let ask = order(vec![part(&old, Some(1_001))]);
    assert_eq!(decide(&ask, vec![old], vec![hold]).unwrap_err(), [(0, "G09".to_owned())]);
}

#[test]
fn a_voucher_held_by_the_movement_itself_counts_as_its_own() {
    let (voucher, hold) = earlier(guarantee(Kind::Voucher, 1_000, 1), 1_000);
    let ask = order(vec![part(&voucher, None), plain("8")]);
    let changes = decide(&ask, vec![voucher], vec![hold]).unwrap();
    assert!(changes.balances().is_empty());
    assert_eq!(changes.placed.len(), 1);
}

#[test]
fn nine_by_ninety_nine_references_are_decided_together() {
    let all: Vec<Guarantee> = (1..=891).map(|number| guarantee(Kind::Comprehensive, 1_000, number)).collect();
    let ask = order(all.iter().map(|each| part(each, Some(5))).collect());
    let changes = decide(&ask, all, vec![]).unwrap();
    assert_eq!(changes.placed.len(), 891);
    let distinct: BTreeSet<_> = changes.placed.iter().map(Hold::grn).collect();
    assert_eq!(distinct.len(), 891);
}
