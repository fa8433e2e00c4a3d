//! Tests of the running balance: by example and at random.

use proptest::prelude::*;

use super::*;

fn book(limit: i64) -> Book {
    let mut book = Book::new(Currency::EUR);
    book.open(limit).unwrap();
    book
}

#[test]
fn what_is_not_there_cannot_be_held() {
    let mut book = book(1_000);
    assert!(book.hold(1_000).is_ok());
    assert_eq!(book.hold(1), Err(LedgerError::NotEnough));
    assert_eq!(book.minor(Account::Available), 0);
}

#[test]
fn the_limit_goes_up_at_once_and_down_to_what_is_in_use() {
    let mut book = book(1_000);
    book.hold(600).unwrap();
    assert_eq!(book.amend(599), Err(LedgerError::NotEnough));
    assert!(book.amend(600).is_ok());
    assert!(book.amend(5_000).is_ok());
    assert_eq!(book.minor(Account::Available), 4_400);
}

#[test]
fn a_called_part_is_neither_held_nor_available_and_only_it_is_paid() {
    let mut book = book(1_000);
    book.hold(600).unwrap();
    book.call(400).unwrap();
    assert_eq!(book.pay(401), Err(LedgerError::NotEnough));
    book.pay(400).unwrap();
    assert_eq!(
        [200, 400, 400],
        [book.minor(Account::Held), book.minor(Account::Paid), book.minor(Account::Available)]
    );
}

#[test]
fn use_is_told_at_80_and_at_95_per_cent() {
    for (used, want, headroom) in [
        (0, None, 100),
        (799, None, 20),
        (800, Some(80), 20),
        (949, Some(80), 5),
        (950, Some(95), 5),
        (1_000, Some(95), 0),
    ] {
        let mut book = book(1_000);
        book.hold(used).unwrap();
        assert_eq!(
            (book.reached(&Thresholds::default()), book.headroom_percent()),
            (want, headroom),
            "{used}"
        );
    }
}

#[test]
fn amounts_that_do_not_fit_are_refused() {
    let mut book = book(i64::MAX);
    assert_eq!(book.hold(-1), Err(LedgerError::OutOfRange));
    assert_eq!(book.hold(0), Ok(None));
    assert!(book.hold(i64::MAX).is_ok());
    assert_eq!(book.amend(i64::MIN), Err(LedgerError::OutOfRange));
}

#[derive(Clone, Debug)]
enum Step {
    Hold(i64),
    Raise(i64),
    Reduce(i64),
    Free(i64),
    Call(i64),
    Pay(i64),
    Amend(i64),
    Level(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let amount = -5_i64..500;
    prop_oneof![
        amount.clone().prop_map(Step::Hold),
        amount.clone().prop_map(Step::Raise),
        amount.clone().prop_map(Step::Reduce),
        amount.clone().prop_map(Step::Free),
        amount.clone().prop_map(Step::Call),
        amount.prop_map(Step::Pay),
        (-5_i64..3_000).prop_map(Step::Amend),
        (-5_i64..3_000).prop_map(Step::Level),
    ]
}

proptest! {
    #[test]
    fn postings_always_add_up_to_the_balance_and_no_account_is_negative(
        steps in proptest::collection::vec(step(), 0..200)
    ) {
        let mut book = book(1_000);
        let opened = Entry { debit: Account::Available, credit: Account::Limit, minor: 1_000, reason: Reason::Open };
        let mut entries = vec![opened];
        for step in steps {
            let before = book;
            let result = match step {
                Step::Hold(minor) => book.hold(minor),
                Step::Raise(minor) => book.raise(minor),
                Step::Reduce(minor) => book.reduce(minor),
                Step::Free(minor) => book.free(minor),
                Step::Call(minor) => book.call(minor),
                Step::Pay(minor) => book.pay(minor),
                Step::Amend(limit) => book.amend(limit),
                Step::Level(limit) => book.relevel(limit),
            };
            if let Ok(entry) = result {
                entries.extend(entry);
            } else {
                prop_assert_eq!(book, before);
            }
            let mut debits = 0;
            for account in Account::ALL {
                let sum = |side: fn(&Entry) -> Account| -> i64 {
                    entries.iter().filter(|entry| side(entry) == account).map(|entry| entry.minor).sum()
                };
                let balance = sum(|entry| entry.debit) - sum(|entry| entry.credit);
                let want = if account == Account::Limit { -balance } else { balance };
                prop_assert_eq!(book.minor(account), want);
                prop_assert!(book.minor(account) >= 0);
                debits += balance;
            }
            prop_assert_eq!(debits, 0);
        }
    }
}
