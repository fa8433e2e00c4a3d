//! Tests of a guarantee contract: its balance, its uses and its end.

use customs_kernel::{Currency, Role};

use super::*;

/// An active guarantee of type `kind` over `limit` hundredths of a euro.
pub(crate) fn active(kind: Kind, limit: i64) -> Guarantee {
    let insured = Money::new(limit, Currency::EUR);
    let mut book = Book::new(Currency::EUR);
    book.open(limit).unwrap();
    Guarantee {
        id: customs_kernel::id::uuid_at(DateTime::from_timestamp(1_800_000_000, 0).unwrap()),
        grn: Some(Grn::compose(2026, "KZ", "000000000001").unwrap()),
        kind,
        guarantor: "KZ100".parse().unwrap(),
        owner: "KZ200".parse().unwrap(),
        state: GuaranteeState::Active,
        insured,
        level: if kind == Kind::Waiver { Level::Waived } else { Level::Full },
        authorisation: None,
        thresholds: Thresholds::default(),
        book,
        open_uses: 0,
        spent: false,
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_until: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
        cancelled_on: None,
        not_valid_in: vec!["UZ".to_owned()],
        access: None,
        version: 1,
        told: (GuaranteeState::Active, None),
    }
}

impl Guarantee {
    /// The same, with another GRN.
    pub(crate) fn numbered(mut self, number: u32) -> Self {
        self.id = Uuid::from_u128(u128::from(number));
        self.grn = Some(Grn::compose(2026, "KZ", &format!("{number:012}")).unwrap());
        self
    }

    /// The same, with an access code.
    pub(crate) fn opened_by(mut self, code: &str) -> Self {
        self.access = Some(SealedCode::seal("5a17".to_owned(), code));
        self
    }

    /// The same, with its policy period in the past.
    pub(crate) fn over(mut self) -> Self {
        self.valid_until = self.valid_from;
        self
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

#[test]
fn the_last_cent_exhausts_and_the_first_freed_one_replenishes() {
    let mut guarantee = active(Kind::Comprehensive, 1_000);
    guarantee.hold(400).unwrap();
    assert_eq!(guarantee.news(now()), None);
    guarantee.hold(600).unwrap();
    assert_eq!(guarantee.state, GuaranteeState::Exhausted);
    assert_eq!(guarantee.news(now()).unwrap().state, "exhausted");
    guarantee.free(400, true).unwrap();
    assert_eq!(guarantee.state, GuaranteeState::Active);
}

#[test]
fn a_voucher_of_a_cancelled_movement_is_good_again_but_not_that_of_a_discharged_one() {
    let mut voucher = active(Kind::Voucher, 1_000_000);
    voucher.hold(1_000_000).unwrap();
    assert!(voucher.is_used());
    voucher.free(1_000_000, false).unwrap();
    assert_eq!((voucher.is_used(), voucher.state), (false, GuaranteeState::Active));
    voucher.hold(500_000).unwrap();
    voucher.free(500_000, true).unwrap();
    assert_eq!((voucher.is_used(), voucher.state), (true, GuaranteeState::Closed));
}

#[test]
fn a_guarantee_in_run_off_closes_with_its_last_use_and_its_last_debt() {
    let mut guarantee = active(Kind::Comprehensive, 1_000);
    guarantee.hold(400).unwrap();
    guarantee.happen(GuaranteeEvent::RunOut).unwrap();
    guarantee.call(400, 300).unwrap();
    assert_eq!(guarantee.state, GuaranteeState::RunOff);
    guarantee.pay(300).unwrap();
    assert_eq!(guarantee.state, GuaranteeState::Closed);
    assert!(guarantee.happen(GuaranteeEvent::Resume).is_err());
}

#[test]
fn use_above_80_per_cent_is_told_once() {
    let mut guarantee = active(Kind::Comprehensive, 1_000);
    guarantee.hold(800).unwrap();
    assert_eq!(guarantee.news(now()).unwrap().headroom_percent, 20);
    guarantee.told = (guarantee.state, guarantee.warned_at());
    guarantee.hold(10).unwrap();
    assert_eq!(guarantee.news(now()), None);
}

#[test]
fn the_first_day_of_a_cancellation_is_the_first_without_new_uses() {
    let mut guarantee = active(Kind::Comprehensive, 1_000);
    let day = |day| NaiveDate::from_ymd_opt(2026, 6, day).unwrap();
    guarantee.cancelled_on = Some(day(10));
    guarantee.happen(GuaranteeEvent::Cancel).unwrap();
    assert!(guarantee.is_valid_on(day(9)));
    assert!(!guarantee.is_valid_on(day(10)));
}

#[test]
fn only_those_concerned_and_officers_see_a_guarantee() {
    let guarantee = active(Kind::Comprehensive, 1_000);
    let actor = |party: Option<&str>, role| Actor {
        subject: "p".to_owned(),
        party: party.map(|party| party.parse().unwrap()),
        roles: vec![role],
        offices: Vec::new(),
    };
    assert!(guarantee.is_visible_to(&actor(Some("KZ100"), Role::Guarantor)));
    assert!(guarantee.is_visible_to(&actor(Some("KZ200"), Role::Declarant)));
    assert!(guarantee.is_visible_to(&actor(None, Role::OfficerOfTransit)));
    assert!(!guarantee.is_visible_to(&actor(Some("KZ300"), Role::Guarantor)));
    assert!(!guarantee.is_visible_to(&actor(None, Role::Declarant)));
}

#[test]
fn a_level_sets_the_reference_amount_and_the_guarantor_owes_no_more_than_it_insures() {
    let mut guarantee = active(Kind::Comprehensive, 1_000);
    let entry = guarantee.relevel(Level::Half, "KZCGU1").unwrap().unwrap();
    assert_eq!(
        (entry.minor, entry.credit, guarantee.minor(Account::Available)),
        (1_000, Account::Limit, 2_000)
    );
    assert_eq!(guarantee.authorisation(), Some("KZCGU1"));
    guarantee.hold(1_800).unwrap();
    assert_eq!(guarantee.warned_at(), Some(80));
    assert_eq!(guarantee.relevel(Level::Full, "KZCGU2"), Err(LedgerError::NotEnough), "more is in use");
    assert_eq!(guarantee.level(), Level::Half);
    assert_eq!(guarantee.callable(), 1_000);
    assert_eq!(guarantee.call(1_800, 1_001), Err(LedgerError::NotEnough), "more than it insures");
    guarantee.call(1_800, 900).unwrap();
    assert_eq!(guarantee.callable(), 100);
    assert_eq!(guarantee.amend(Money::new(899, Currency::EUR)), Err(LedgerError::NotEnough));
    guarantee.relevel(Level::Full, "KZCGU3").unwrap();
    assert_eq!((guarantee.minor(Account::Limit), guarantee.authorisation()), (1_000, None));
}
