//! One guarantee contract with its running balance: what may be held of it, by whom, and how it changes.

use chrono::{DateTime, NaiveDate, Utc};
use customs_guarantees_contract::{
    bus::GuaranteeChanged,
    problems::{FOUR_EYES, GUARANTEE_STATE},
};
use customs_kernel::{Actor, Eori, Grn, Money, Problem};
use uuid::Uuid;

use super::{
    level::Level,
    state::{GuaranteeEvent, GuaranteeState},
};
use crate::{
    access::SealedCode,
    kind::Kind,
    ledger::{Account, Book, Entry, LedgerError, Thresholds},
};

/// One guarantee contract.
#[derive(Clone, Debug)]
pub(crate) struct Guarantee {
    pub(super) id: Uuid,
    pub(super) grn: Option<Grn>,
    pub(super) kind: Kind,
    pub(super) guarantor: Eori,
    pub(super) owner: Eori,
    pub(super) state: GuaranteeState,
    pub(super) insured: Money,
    /// How much of the reference amount that is, and by which authorisation it is less than all.
    pub(super) level: Level,
    pub(super) authorisation: Option<String>,
    /// When guarantor and owner are warned.
    pub(super) thresholds: Thresholds,
    pub(super) book: Book,
    pub(super) open_uses: i32,
    pub(super) spent: bool,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_until: NaiveDate,
    pub(super) cancelled_on: Option<NaiveDate>,
    pub(super) not_valid_in: Vec<String>,
    pub(super) access: Option<SealedCode>,
    pub(super) version: i32,
    /// The state and the highest threshold that guarantor and owner know of.
    pub(super) told: (GuaranteeState, Option<i32>),
}

/// What a contract says in words, and who decided about it.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(super) guarantor_kind: Option<String>,
    pub(super) office_of_guarantee: String,
    pub(super) payment: String,
    pub(super) liabilities: String,
    pub(super) proposed_by: String,
    pub(super) proposed_at: DateTime<Utc>,
    pub(super) decided_by: Option<String>,
    pub(super) decided_at: Option<DateTime<Utc>>,
    pub(super) reason: Option<String>,
}

impl Terms {
    /// Notes who decided, when and why; the one who proposed may not.
    pub(super) fn decided(
        &mut self,
        actor: &Actor,
        at: DateTime<Utc>,
        reason: Option<String>,
    ) -> Result<(), Problem> {
        if actor.subject == self.proposed_by {
            return Err(FOUR_EYES.because("who proposed a guarantee cannot decide on it"));
        }
        self.decided_by = Some(actor.subject.clone());
        self.decided_at = Some(at);
        self.reason = reason;
        Ok(())
    }
}

impl Guarantee {
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    pub(crate) const fn grn(&self) -> Option<&Grn> {
        self.grn.as_ref()
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) const fn guarantor(&self) -> &Eori {
        &self.guarantor
    }

    pub(crate) const fn owner(&self) -> &Eori {
        &self.owner
    }

    pub(crate) const fn book(&self) -> &Book {
        &self.book
    }

    pub(crate) const fn insured(&self) -> Money {
        self.insured
    }

    pub(crate) const fn level(&self) -> Level {
        self.level
    }

    /// By which authorisation less than the whole reference amount is insured.
    pub(crate) fn authorisation(&self) -> Option<&str> {
        self.authorisation.as_deref()
    }

    /// The highest threshold that its use reaches, in per cent.
    pub(crate) fn warned_at(&self) -> Option<i32> {
        self.book.reached(&self.thresholds)
    }

    /// What the guarantor can still be called for: what is insured, less what it was called for and has paid.
    pub(crate) fn callable(&self) -> i64 {
        let called = self.minor(Account::Called).saturating_add(self.minor(Account::Paid));
        self.insured.minor.saturating_sub(called).max(0)
    }

    pub(crate) const fn open_uses(&self) -> i32 {
        self.open_uses
    }

    /// What stands on `account`, in hundredths.
    pub(crate) const fn minor(&self, account: Account) -> i64 {
        self.book.minor(account)
    }

    /// Whether `actor` may see it: officers and administrators all, others what they guarantee or own.
    pub(crate) fn is_visible_to(&self, actor: &Actor) -> bool {
        sees_all(actor) || actor.party.as_ref().is_some_and(|party| self.concerns(party))
    }

    fn concerns(&self, party: &Eori) -> bool {
        self.guarantor == *party || self.owner == *party
    }

    /// Whether `code` is its access code; a guarantee without one is opened by no code.
    pub(crate) fn opens_with(&self, code: &str) -> bool {
        self.access.as_ref().is_some_and(|access| access.opens_with(code))
    }

    /// Whether a new use may begin on `today`.
    pub(crate) fn is_valid_on(&self, today: NaiveDate) -> bool {
        use GuaranteeState::{Active, Cancelled, Exhausted};
        matches!(self.state, Active | Exhausted | Cancelled)
            && (self.valid_from..=self.valid_until).contains(&today)
            && self.cancelled_on.is_none_or(|end| today < end)
    }

    /// Whether it is valid in all of `countries`.
    pub(crate) fn covers(&self, countries: &[String]) -> bool {
        !countries.iter().any(|country| self.not_valid_in.contains(country))
    }

    /// Whether it is good for one movement only, and has one or had it.
    pub(crate) const fn is_used(&self) -> bool {
        self.kind.is_individual() && (self.spent || self.open_uses > 0)
    }

    /// Holds `minor` hundredths for a movement that holds nothing of it yet.
    pub(crate) fn hold(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        let entry = self.book.hold(minor)?;
        self.open_uses = self.open_uses.saturating_add(1);
        self.settle();
        Ok(entry)
    }

    /// Changes what a movement holds from `from` to `to` hundredths.
    pub(crate) fn change_hold(&mut self, from: i64, to: i64) -> Result<Option<Entry>, LedgerError> {
        let entry = if to >= from {
            self.book.raise(to.saturating_sub(from))?
        } else {
            self.book.reduce(from.saturating_sub(to))?
        };
        self.settle();
        Ok(entry)
    }

    /// Frees the `minor` hundredths of a movement; `used` where it has made use of the cover, so that an
    /// individual guarantee is good for no other.
    pub(crate) fn free(&mut self, minor: i64, used: bool) -> Result<Option<Entry>, LedgerError> {
        let entry = self.book.free(minor)?;
        self.end_use(used);
        Ok(entry)
    }

    /// Calls the guarantor for `debt` of the `minor` hundredths of a movement and frees the rest.
    pub(crate) fn call(&mut self, minor: i64, debt: i64) -> Result<[Option<Entry>; 2], LedgerError> {
        let rest = minor.checked_sub(debt).ok_or(LedgerError::OutOfRange)?;
        if debt > self.callable() {
            return Err(LedgerError::NotEnough);
        }
        let mut book = self.book;
        let entries = [book.call(debt)?, book.free(rest)?];
        self.book = book;
        self.end_use(true);
        Ok(entries)
    }

    /// The guarantor has paid `minor` hundredths of what it was called for.
    pub(crate) fn pay(&mut self, minor: i64) -> Result<Option<Entry>, LedgerError> {
        let entry = self.book.pay(minor)?;
        self.settle();
        Ok(entry)
    }

    /// Takes back the `minor` hundredths for which the guarantor was called; what it has `paid` of them is due to it.
    pub(crate) fn recall(&mut self, minor: i64, paid: i64) -> Result<[Option<Entry>; 2], LedgerError> {
        let unpaid = minor.checked_sub(paid).ok_or(LedgerError::OutOfRange)?;
        let mut book = self.book;
        let entries = [book.recall(unpaid)?, book.refund(paid)?];
        self.book = book;
        self.settle();
        Ok(entries)
    }

    /// Another insured amount.
    pub(crate) fn amend(&mut self, insured: Money) -> Result<Option<Entry>, LedgerError> {
        let called = self.minor(Account::Called).saturating_add(self.minor(Account::Paid));
        if insured.minor < called {
            return Err(LedgerError::NotEnough);
        }
        let limit = self.level.reference(insured.minor).ok_or(LedgerError::OutOfRange)?;
        let entry = self.book.amend(limit)?;
        self.insured = insured;
        self.settle();
        Ok(entry)
    }

    /// Another share of the reference amount is insured, by an authorisation: the reference amount is another.
    pub(crate) fn relevel(
        &mut self,
        level: Level,
        authorisation: &str,
    ) -> Result<Option<Entry>, LedgerError> {
        let limit = level.reference(self.insured.minor).ok_or(LedgerError::OutOfRange)?;
        let entry = self.book.relevel(limit)?;
        self.level = level;
        self.authorisation = (level != Level::Full).then(|| authorisation.to_owned());
        self.settle();
        Ok(entry)
    }

    fn end_use(&mut self, used: bool) {
        self.open_uses = self.open_uses.saturating_sub(1);
        self.spent |= used && self.kind.is_individual();
        self.settle();
    }

    /// It becomes usable under `grn`; the insured amount is there to be held.
    pub(super) fn approve(&mut self, grn: Grn) -> Result<Option<Entry>, Problem> {
        let next = self.after(GuaranteeEvent::Approve)?;
        let limit = self.level.reference(self.insured.minor).ok_or(LedgerError::OutOfRange);
        let fits = limit.and_then(|limit| self.book.open(limit));
        let entry = fits.map_err(|error| GUARANTEE_STATE.because(error.to_string()))?;
        self.grn = Some(grn);
        self.state = next;
        self.settle();
        Ok(entry)
    }

    /// What happens to it, by the table or not at all.
    pub(crate) fn happen(&mut self, event: GuaranteeEvent) -> Result<(), Problem> {
        self.state = self.after(event)?;
        self.settle();
        Ok(())
    }

    /// The state after `event`, if the table has one.
    pub(super) fn after(&self, event: GuaranteeEvent) -> Result<GuaranteeState, Problem> {
        self.state.on(event).ok_or_else(|| {
            GUARANTEE_STATE.because(format!(
                "{} is not possible while {}",
                event.as_str(),
                self.state.as_str()
            ))
        })
    }

    /// Follows what the balance and the uses entail until nothing more does.
    pub(crate) fn settle(&mut self) {
        while let Some(next) = self.entailed().and_then(|event| self.state.on(event)) {
            self.state = next;
        }
    }

    fn entailed(&self) -> Option<GuaranteeEvent> {
        use GuaranteeState::{
            Active, Cancelled, Closed, Exhausted, Proposed, Rejected, RunOff, Suspended, UnderApproval,
        };
        let nothing_left =
            if self.kind.is_individual() { self.is_used() } else { self.book.minor(Account::Available) == 0 };
        let over = self.spent && self.open_uses == 0;
        match self.state {
            Active | Exhausted | Suspended | Cancelled if over => Some(GuaranteeEvent::RunOut),
            Active if self.cancelled_on.is_some() => Some(GuaranteeEvent::Cancel),
            Active if nothing_left => Some(GuaranteeEvent::Exhaust),
            Exhausted if !nothing_left => Some(GuaranteeEvent::Replenish),
            RunOff if self.open_uses == 0 && self.book.minor(Account::Called) == 0 => {
                Some(GuaranteeEvent::Close)
            }
            Active | Exhausted | Suspended | Cancelled | RunOff | Proposed | UnderApproval | Rejected
            | Closed => None,
        }
    }

    /// What its guarantor and owner are told, where state or alert have changed since it was loaded.
    pub(crate) fn news(&self, at: DateTime<Utc>) -> Option<GuaranteeChanged> {
        let (state, alert) = self.told;
        let alerted = !self.kind.is_individual() && self.warned_at() > alert;
        (self.state != state || alerted).then(|| self.present(at))
    }

    /// What its guarantor and owner are told, after which they know.
    pub(crate) fn tell(&mut self, at: DateTime<Utc>) -> Option<GuaranteeChanged> {
        let news = self.news(at);
        self.told = (self.state, self.warned_at());
        news
    }

    /// What guarantor and owner are told of it at present.
    pub(crate) fn present(&self, at: DateTime<Utc>) -> GuaranteeChanged {
        GuaranteeChanged {
            grn: self.grn.as_ref().map(ToString::to_string),
            guarantor: self.guarantor.clone(),
            owner: self.owner.clone(),
            state: self.state.as_str().to_owned(),
            headroom_percent: self.book.headroom_percent(),
            headroom: self.grn.as_ref().map(|_| self.book.amount(Account::Available)),
            level_percent: Some(self.level.percent()),
            warned_at_percent: self.warned_at(),
            at,
        }
    }
}

/// Whether `actor` sees the guarantees of all.
pub(crate) fn sees_all(actor: &Actor) -> bool {
    actor.roles.iter().any(|role| role.is_officer() || *role == customs_kernel::Role::Administrator)
}

#[cfg(test)]
#[path = "aggregate_tests.rs"]
pub(crate) mod tests;
