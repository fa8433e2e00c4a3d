//! Everything that one decision changes, written in few statements and told afterwards.

use chrono::{DateTime, Utc};
use customs_guarantees_contract::bus::{GUARANTEE_CHANGED, USE_CHANGED, UseChanged};
use customs_kernel::id::uuid_at;
use customs_platform::{Failure, Work, writes::Writes};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    guarantee::{self, Guarantee},
    hold::{self, Hold},
    ledger::{self, Entry, Posting},
};

/// Everything that one decision changes.
#[derive(Clone, Debug)]
pub(crate) struct Changes {
    decision: Uuid,
    at: DateTime<Utc>,
    /// Guarantees with their new balance.
    pub(crate) guarantees: Vec<Guarantee>,
    /// What moved in the ledger.
    pub(crate) postings: Vec<Posting>,
    /// New holds.
    pub(crate) placed: Vec<Hold>,
    /// Holds that cover another amount or have ended.
    pub(crate) moved: Vec<Hold>,
    /// What guarantors and owners are told of uses.
    pub(crate) uses: Vec<UseChanged>,
}

impl Changes {
    /// Nothing changed yet, at the instant `at`.
    pub(crate) fn at(at: DateTime<Utc>) -> Self {
        Self {
            decision: uuid_at(at),
            at,
            guarantees: Vec::new(),
            postings: Vec::new(),
            placed: Vec::new(),
            moved: Vec::new(),
            uses: Vec::new(),
        }
    }

    /// Posts `entry` to the ledger of `guarantee`.
    pub(crate) fn post(&mut self, guarantee: &Guarantee, mrn: Option<&str>, entry: Option<Entry>) {
        self.postings.extend(entry.map(|entry| Posting {
            decision: self.decision,
            guarantee: guarantee.id(),
            entry,
            mrn: mrn.map(ToOwned::to_owned),
            at: self.at,
        }));
    }

    /// A new hold on `guarantee`, which has its new balance.
    pub(crate) fn placed(&mut self, guarantee: Guarantee, hold: Hold) {
        self.uses.extend(hold.news(&guarantee, self.at));
        self.guarantees.push(guarantee);
        self.placed.push(hold);
    }

    /// A hold on `guarantee` that has changed or ended; the guarantee has its new balance.
    pub(crate) fn moved(&mut self, guarantee: Guarantee, hold: Hold) {
        self.uses.extend(hold.news(&guarantee, self.at));
        self.guarantees.push(guarantee);
        self.moved.push(hold);
    }

    /// A called hold on `guarantee` for which the guarantor has paid: its use is what it was.
    pub(crate) fn paid(&mut self, guarantee: Guarantee, hold: Hold) {
        self.guarantees.push(guarantee);
        self.moved.push(hold);
    }

    /// Only what moved in the ledger, for a decision that keeps the contract itself.
    pub(crate) fn into_postings(self) -> Vec<Posting> {
        self.postings
    }

    /// Writes everything within `work`: balances first, because that keeps the order of what is told.
    pub(crate) async fn carry(self, work: &mut Work) -> Result<(), Failure> {
        let mut writes = Writes::new(work.txn().get_database_backend());
        guarantee::store::write_balances(&mut writes, &self.guarantees);
        hold::store::write_new(&mut writes, &self.placed);
        hold::store::write_changed(&mut writes, &self.moved);
        ledger::store::write(&mut writes, &self.postings);
        writes.run(work.txn()).await?;
        for changed in &self.uses {
            work.tell(USE_CHANGED, &changed.grn, changed)?;
        }
        for guarantee in &self.guarantees {
            tell_news(work, guarantee)?;
        }
        Ok(())
    }
}

/// Tells guarantor and owner that `guarantee` is proposed.
pub(crate) fn tell_proposed(work: &mut Work, guarantee: &Guarantee) -> Result<(), Failure> {
    work.tell(GUARANTEE_CHANGED, &guarantee.id().to_string(), &guarantee.present(work.now()))?;
    Ok(())
}

/// Tells guarantor and owner where state or alert of `guarantee` have changed.
pub(crate) fn tell_news(work: &mut Work, guarantee: &Guarantee) -> Result<(), Failure> {
    if let Some(news) = guarantee.news(work.now()) {
        let aggregate = news.grn.clone().unwrap_or_else(|| guarantee.id().to_string());
        work.tell(GUARANTEE_CHANGED, &aggregate, &news)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Account;

    impl Changes {
        /// What is available and what is held of every guarantee that changed.
        pub(crate) fn balances(&self) -> Vec<(i64, i64)> {
            let balance = |each: &Guarantee| (each.minor(Account::Available), each.minor(Account::Held));
            self.guarantees.iter().map(balance).collect()
        }
    }
}
