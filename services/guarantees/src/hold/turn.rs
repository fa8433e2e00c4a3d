//! A turn: the orders of one batch, for which everything they need is locked at once, in one order, so that no
//! two turns wait for each other; they are decided one by one in memory and written at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use customs_guarantees_contract::bus::{GuaranteeChanged, UseChanged};
use customs_platform::{Failure, Work, writes::Writes};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{
    Hold,
    cover::Cover,
    orders::Order,
    request::reference,
    state::HoldState,
    store::{self, Slot},
};
use crate::{
    changes::Changes,
    guarantee::{self, Guarantee},
    ledger::{self, Posting},
};

/// Everything the orders of one batch need and change.
#[derive(Debug)]
pub(super) struct Turn {
    /// The instant of the turn.
    pub(super) at: DateTime<Utc>,
    /// The day at the offices.
    pub(super) today: NaiveDate,
    slots: BTreeMap<String, Slot>,
    guarantees: HashMap<String, Guarantee>,
    open: HashMap<String, Vec<Hold>>,
    called: HashMap<String, Vec<Hold>>,
    changed: BTreeSet<String>,
    placed: BTreeMap<Uuid, Hold>,
    moved: BTreeMap<Uuid, Hold>,
    postings: Vec<Posting>,
}

impl Turn {
    /// Waits for its turn with everything that `orders` are about: first the movements, then the guarantees, each
    /// in the order of their numbers.
    pub(super) async fn begin(work: &Work, today: NaiveDate, orders: &[Order<'_>]) -> Result<Self, Failure> {
        let (txn, at) = (work.txn(), work.now());
        let mut firsts: BTreeMap<&str, &Order<'_>> = BTreeMap::new();
        for order in orders {
            firsts.entry(order.mrn()).or_insert(order);
        }
        let slots = store::claim(txn, &firsts, at).await?;
        let known: Vec<&str> =
            slots.iter().filter(|(_, slot)| slot.known.is_some()).map(|(mrn, _)| mrn.as_str()).collect();
        let (mut open, mut called) =
            (HashMap::<String, Vec<Hold>>::new(), HashMap::<String, Vec<Hold>>::new());
        for hold in store::open_or_called(txn, &known).await? {
            let of = if hold.state == HoldState::Called { &mut called } else { &mut open };
            of.entry(hold.mrn.clone()).or_default().push(hold);
        }
        let asked = orders.iter().flat_map(Order::parts).filter_map(reference);
        let held = open.values().chain(called.values()).flatten().filter_map(Hold::grn);
        let grns: BTreeSet<&str> = asked.chain(held).collect();
        let grns: Vec<String> = grns.into_iter().map(ToOwned::to_owned).collect();
        let found = guarantee::store::lock_all(txn, &grns).await?;
        let guarantees = found.into_iter().filter_map(|each| Some((each.grn()?.to_string(), each))).collect();
        Ok(Self {
            at,
            today,
            slots,
            guarantees,
            open,
            called,
            changed: BTreeSet::new(),
            placed: BTreeMap::new(),
            moved: BTreeMap::new(),
            postings: Vec::new(),
        })
    }

    /// What was answered to movement `mrn` before, if anything.
    pub(super) fn known(&self, mrn: &str) -> Option<&Cover> {
        self.slots.get(mrn)?.known.as_ref()
    }

    /// From here on `cover` is what is known of movement `mrn`.
    pub(super) fn note(&mut self, mrn: &str, cover: Cover) {
        if let Some(slot) = self.slots.get_mut(mrn) {
            slot.known = Some(cover);
        }
    }

    /// What movement `mrn` holds, in the order of the numbers of the guarantees.
    pub(super) fn held(&self, mrn: &str) -> Vec<Hold> {
        let mut held = self.open.get(mrn).cloned().unwrap_or_default();
        held.sort_by(|one, other| one.grn().cmp(&other.grn()));
        held
    }

    /// The holds of movement `mrn` for which the guarantors are called.
    pub(super) fn called(&self, mrn: &str) -> Vec<Hold> {
        let before = self.called.get(mrn).into_iter().flatten();
        let before = before.filter(|hold| !self.moved.contains_key(&hold.id));
        let now = self.moved.values().chain(self.placed.values());
        let now = now.filter(|hold| hold.mrn == mrn && hold.state == HoldState::Called);
        before.chain(now).cloned().collect()
    }

    /// The guarantees of `grns` that exist, each once.
    pub(super) fn guarantees<'a>(&self, grns: impl Iterator<Item = &'a str>) -> Vec<Guarantee> {
        let grns: BTreeSet<&str> = grns.collect();
        grns.into_iter().filter_map(|grn| self.guarantees.get(grn)).cloned().collect()
    }

    /// Takes over what a decision about movement `mrn` changes; tells what is to be told of it.
    pub(super) fn take(&mut self, mrn: &str, changes: Changes) -> Told {
        let Changes { guarantees, postings, placed, moved, uses, .. } = changes;
        let mut news = Vec::new();
        for mut guarantee in guarantees {
            let Some(grn) = guarantee.grn().map(ToString::to_string) else { continue };
            news.extend(guarantee.tell(self.at));
            self.changed.insert(grn.clone());
            self.guarantees.insert(grn, guarantee);
        }
        let open = self.open.entry(mrn.to_owned()).or_default();
        for hold in placed {
            open.push(hold.clone());
            self.placed.insert(hold.id, hold);
        }
        for hold in moved {
            open.retain(|each| each.id != hold.id);
            if hold.ended_at.is_none() {
                open.push(hold.clone());
            }
            let of = if self.placed.contains_key(&hold.id) { &mut self.placed } else { &mut self.moved };
            of.insert(hold.id, hold);
        }
        self.postings.extend(postings);
        Told { uses, news }
    }

    /// Writes everything that has changed.
    pub(super) async fn write(self, work: &Work) -> Result<(), Failure> {
        let mut writes = Writes::new(work.txn().get_database_backend());
        let changed = self.changed.iter().filter_map(|grn| self.guarantees.get(grn));
        guarantee::store::write_balances(&mut writes, changed);
        store::write_covers(&mut writes, &self.slots);
        store::write_new(&mut writes, self.placed.values());
        store::write_changed(&mut writes, self.moved.values());
        ledger::store::write(&mut writes, &self.postings);
        writes.run(work.txn()).await?;
        Ok(())
    }
}

/// What guarantors and owners are told of one decision.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Of uses.
    pub(super) uses: Vec<UseChanged>,
    /// Of contracts.
    pub(super) news: Vec<GuaranteeChanged>,
}

impl Told {
    /// Tells of another decision too.
    pub(super) fn extend(&mut self, other: Self) {
        self.uses.extend(other.uses);
        self.news.extend(other.news);
    }
}
