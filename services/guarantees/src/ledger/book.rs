//! The running balance of one guarantee and the postings that move it; nothing else does.

use chrono::{DateTime, Utc};
use customs_kernel::{Currency, Money};
use thiserror::Error;
use uuid::Uuid;

use super::{Account, Reason, Thresholds};

/// The running balance of one guarantee, in hundredths of its currency.
///
/// `available` is not kept: it is what limit leaves after held, called and paid, and never negative.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Book {
    currency: Currency,
    limit: i64,
    held: i64,
    called: i64,
    paid: i64,
}

/// One movement of an amount: it is debited to one account and credited to another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Entry {
    /// The debited account.
    pub(crate) debit: Account,
    /// The credited account.
    pub(crate) credit: Account,
    /// How many hundredths; more than none.
    pub(crate) minor: i64,
    /// Why.
    pub(crate) reason: Reason,
}

/// An entry as the ledger keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Posting {
    /// The decision it belongs to.
    pub(crate) decision: Uuid,
    /// The guarantee.
    pub(crate) guarantee: Uuid,
    /// What moved.
    pub(crate) entry: Entry,
    /// The movement, where one is the reason.
    pub(crate) mrn: Option<String>,
    /// When.
    pub(crate) at: DateTime<Utc>,
}

/// Why the ledger refuses an entry.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(crate) enum LedgerError {
    /// An account would fall below zero.
    #[error("not enough on the account")]
    NotEnough,
    /// A negative amount, or a sum that does not fit.
    #[error("amount out of range")]
    OutOfRange,
}

impl Book {
    /// An empty balance: nothing is covered yet.
    pub(crate) const fn new(currency: Currency) -> Self {
        Self::of(currency, [0; 4])
    }

    /// The balance of a row: limit, held, called and paid.
    pub(crate) const fn of(currency: Currency, [limit, held, called, paid]: [i64; 4]) -> Self {
        Self { currency, limit, held, called, paid }
    }

    /// Its currency.
    pub(crate) const fn currency(&self) -> Currency {
        self.currency
    }

    /// What stands on `account`, in hundredths.
    pub(crate) const fn minor(&self, account: Account) -> i64 {
        match account {
            Account::Limit => self.limit,
            Account::Available => {
                self.limit.saturating_sub(self.held).saturating_sub(self.called).saturating_sub(self.paid)
            }
            Account::Held => self.held,
            Account::Called => self.called,
            Account::Paid => self.paid,
        }
    }

    /// What stands on `account`.
    pub(crate) const fn amount(&self, account: Account) -> Money {
        Money::new(self.minor(account), self.currency)
    }

    /// The first limit, when the contract becomes active.
    pub(crate) fn open(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Open, Account::Available, Account::Limit, minor)
    }

    /// Another limit, because another amount is insured: up at once, down not below what is in use.
    pub(crate) fn amend(&mut self, limit: i64) -> Result<Option<Entry>, LedgerError> {
        self.limit_to(limit, Reason::Amend)
    }

    /// Another limit, because what is insured stands for another: up at once, down not below what is in use.
    pub(crate) fn relevel(&mut self, limit: i64) -> Result<Option<Entry>, LedgerError> {
        self.limit_to(limit, Reason::Level)
    }

    fn limit_to(&mut self, limit: i64, reason: Reason) -> Result<Option<Entry>, LedgerError> {
        if limit >= self.limit {
            let more = limit.checked_sub(self.limit).ok_or(LedgerError::OutOfRange)?;
            self.post(reason, Account::Available, Account::Limit, more)
        } else {
            let less = self.limit.checked_sub(limit).ok_or(LedgerError::OutOfRange)?;
            self.post(reason, Account::Limit, Account::Available, less)
        }
    }

    /// Holds `minor` for a movement.
    pub(crate) fn hold(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Hold, Account::Held, Account::Available, minor)
    }

    /// Holds `minor` more for a movement.
    pub(crate) fn raise(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Raise, Account::Held, Account::Available, minor)
    }

    /// Holds `minor` less for a movement.
    pub(crate) fn reduce(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Reduce, Account::Available, Account::Held, minor)
    }

    /// Frees the `minor` that a movement holds.
    pub(crate) fn free(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Free, Account::Available, Account::Held, minor)
    }

    /// Calls the guarantor for `minor` of what is held.
    pub(crate) fn call(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Call, Account::Called, Account::Held, minor)
    }

    /// The guarantor has paid `minor` of what it was called for.
    pub(crate) fn pay(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Pay, Account::Paid, Account::Called, minor)
    }

    /// The guarantor does not owe `minor` any more for which it was called.
    pub(crate) fn recall(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Recall, Account::Available, Account::Called, minor)
    }

    /// The guarantor gets `minor` back of what it has paid.
    pub(crate) fn refund(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        self.post(Reason::Refund, Account::Available, Account::Paid, minor)
    }

    /// How much of the limit is free, in whole per cent rounded down.
    pub(crate) fn headroom_percent(&self) -> i32 {
        if self.limit <= 0 {
            return 0;
        }
        let percent = i128::from(self.minor(Account::Available)) * 100 / i128::from(self.limit);
        i32::try_from(percent).unwrap_or_default()
    }

    /// The highest of `thresholds` that use of the limit reaches, in per cent.
    pub(crate) fn reached(&self, thresholds: &Thresholds) -> Option<i32> {
        let used = i128::from(self.limit) - i128::from(self.minor(Account::Available));
        thresholds.reached(used, self.limit)
    }

    fn post(
        &mut self,
        reason: Reason,
        debit: Account,
        credit: Account,
        minor: i64,
    ) -> Result<Option<Entry>, LedgerError> {
        if minor < 0 {
            return Err(LedgerError::OutOfRange);
        }
        if minor == 0 {
            return Ok(None);
        }
        let mut next = *self;
        next.shift(debit, minor)?;
        next.shift(credit, -minor)?;
        if Account::ALL.iter().any(|account| next.minor(*account) < 0) {
            return Err(LedgerError::NotEnough);
        }
        *self = next;
        Ok(Some(Entry { debit, credit, minor, reason }))
    }

    /// Adds a debit (or, negative, a credit) to `account`; the limit is the one that grows by credits.
    fn shift(&mut self, account: Account, debit: i64) -> Result<(), LedgerError> {
        let slot = match account {
            Account::Available => return Ok(()),
            Account::Limit => {
                self.limit = self.limit.checked_sub(debit).ok_or(LedgerError::OutOfRange)?;
                return Ok(());
            }
            Account::Held => &mut self.held,
            Account::Called => &mut self.called,
            Account::Paid => &mut self.paid,
        };
        *slot = slot.checked_add(debit).ok_or(LedgerError::OutOfRange)?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
