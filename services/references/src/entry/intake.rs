//! Taking a dataset in: each entry compared with what stands, the difference written in batches.

use std::collections::HashMap;

use chrono::NaiveDate;
use customs_platform::Failure;
use customs_references_contract::{ChangeKind, ImportedList, ReferenceChange};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{
    Draft, Head, Verdict, digest, judge,
    read::{heads, standing},
    row::{self, EndedRow, Into, NewRow},
};
use crate::label;

/// How many rows one statement writes.
const BATCH: usize = 1_000;
/// How many changes a report shows.
pub(crate) const FIRST_CHANGES: usize = 50;
/// First day of what a dataset without dates has from its beginning.
const EVER: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day of the calendar");

/// What taking in has changed so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) added: i64,
    pub(crate) changed: i64,
    pub(crate) removed: i64,
    pub(crate) unchanged: i64,
    pub(crate) lists: Vec<ImportedList>,
    pub(crate) first_changes: Vec<ReferenceChange>,
    /// Number of the last row written.
    pub(crate) last_seq: i64,
}

impl Tally {
    /// Whether anything reads differently now.
    pub(crate) const fn is_empty(&self) -> bool {
        self.added == 0 && self.changed == 0 && self.removed == 0
    }
}

struct Open {
    name: String,
    whole: bool,
    undated: NaiveDate,
    heads: HashMap<Box<str>, (Head, bool)>,
    entries: i64,
}

/// Takes one dataset in, list by list, within a transaction.
pub(crate) struct Intake<'a> {
    txn: &'a DatabaseTransaction,
    dataset: &'a str,
    number: i64,
    today: NaiveDate,
    /// The day on which what is not named any more ends.
    day: NaiveDate,
    open: Option<Open>,
    new: Vec<NewRow>,
    ended: Vec<EndedRow>,
    replaced: Vec<i64>,
    /// How many changes are shown.
    shown: usize,
    tally: Tally,
}

impl<'a> Intake<'a> {
    /// Takes `dataset` in as version `number`, on `today`, after the row `last_seq`.
    pub(crate) fn new(
        txn: &'a DatabaseTransaction,
        dataset: &'a str,
        number: i64,
        last_seq: i64,
        today: NaiveDate,
    ) -> Self {
        Self {
            txn,
            dataset,
            number,
            today,
            day: today,
            open: None,
            new: Vec::new(),
            ended: Vec::new(),
            replaced: Vec::new(),
            shown: FIRST_CHANGES,
            tally: Tally { last_seq, ..Tally::default() },
        }
    }

    /// Shows as many as `shown` changes.
    pub(crate) const fn showing(mut self, shown: usize) -> Self {
        self.shown = shown;
        self
    }

    /// The day of which the file speaks, unless it lies ahead.
    pub(crate) fn as_of(&mut self, day: NaiveDate) {
        self.day = day.min(self.today);
    }

    /// Goes on with the list `name`; a `whole` list ends every code that it does not name.
    pub(crate) async fn list(&mut self, name: &str, whole: bool) -> Result<(), Failure> {
        self.close().await?;
        let heads = heads(self.txn, name, self.dataset).await?;
        let undated = if heads.is_empty() { EVER } else { self.today };
        self.open = Some(Open { name: name.to_owned(), whole, undated, heads, entries: 0 });
        Ok(())
    }

    /// Takes entries of the present list in.
    pub(crate) async fn take(&mut self, drafts: Vec<Draft>) -> Result<(), Failure> {
        for draft in drafts {
            self.take_one(draft).await?;
        }
        if self.new.len() + self.ended.len() >= BATCH {
            self.flush().await?;
        }
        Ok(())
    }

    async fn take_one(&mut self, draft: Draft) -> Result<(), Failure> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.entries += 1;
        let known = open.heads.get_mut(draft.code.as_str()).map(|(head, seen)| {
            *seen = true;
            *head
        });
        let list = open.name.clone();
        match judge(known.as_ref(), &draft, open.undated) {
            Verdict::Same => self.tally.unchanged += 1,
            Verdict::Added(from) => {
                self.tally.added += 1;
                self.write(&list, draft, from, ChangeKind::Added);
            }
            Verdict::Replaces(from) => {
                self.tally.changed += 1;
                self.make_room(&list, &draft.code, from, known).await?;
                self.write(&list, draft, from, ChangeKind::Changed);
            }
            Verdict::Follows(from) => {
                self.tally.changed += 1;
                if let Some(head) = known.filter(|head| head.valid_to.is_none_or(|to| to > from)) {
                    self.end(head.seq, from, ChangeKind::Changed);
                }
                self.write(&list, draft, from, ChangeKind::Changed);
            }
        }
        Ok(())
    }

    /// Lets everything of `code` that begins on `from` or later give way, and ends what lasts beyond it.
    async fn make_room(
        &mut self,
        list: &str,
        code: &str,
        from: NaiveDate,
        head: Option<Head>,
    ) -> Result<(), Failure> {
        if let Some(head) = head.filter(|head| head.valid_from == from) {
            self.replaced.push(head.seq);
            return Ok(());
        }
        for row in standing(self.txn, list, self.dataset, code).await? {
            if row.valid_from >= from {
                self.replaced.push(row.seq);
            } else if row.valid_to.is_none_or(|to| to > from) {
                self.end(row.seq, from, ChangeKind::Changed);
            }
        }
        Ok(())
    }

    const fn next_seq(&mut self) -> i64 {
        self.tally.last_seq += 1;
        self.tally.last_seq
    }

    fn end(&mut self, old: i64, to: NaiveDate, kind: ChangeKind) {
        let n = self.next_seq();
        self.ended.push(EndedRow { n, o: old, t: to, k: label::change(kind) });
    }

    fn write(&mut self, list: &str, draft: Draft, from: NaiveDate, kind: ChangeKind) {
        self.show(list, &draft, from, kind);
        let n = self.next_seq();
        let d = digest(&draft);
        self.new.push(NewRow {
            n,
            c: draft.code,
            f: from,
            t: draft.valid_to.map(|to| to.max(from)),
            s: if draft.invalid { "invalid" } else { "valid" },
            g: draft.tags,
            l: draft.labels,
            p: draft.properties,
            q: draft.search,
            d,
            k: label::change(kind),
        });
    }

    fn show(&mut self, list: &str, draft: &Draft, from: NaiveDate, kind: ChangeKind) {
        if self.tally.first_changes.len() < self.shown {
            self.tally.first_changes.push(ReferenceChange {
                number: self.number,
                kind,
                list: list.to_owned(),
                code: draft.code.clone(),
                labels: label::read(&draft.labels),
                valid_from: from,
                valid_to: draft.valid_to,
            });
        }
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        let Some(open) = &self.open else { return Ok(()) };
        let into = Into { list: &open.name, dataset: self.dataset, number: self.number };
        row::replace(self.txn, &std::mem::take(&mut self.replaced), self.number).await?;
        row::end(self.txn, &std::mem::take(&mut self.ended), self.number).await?;
        row::insert(self.txn, &std::mem::take(&mut self.new), into).await?;
        Ok(())
    }

    /// Ends what the present list does not name any more, and writes what is left.
    async fn close(&mut self) -> Result<(), Failure> {
        self.flush().await?;
        let Some(open) = self.open.take() else { return Ok(()) };
        let mut gone: Vec<(&str, Head)> = open
            .heads
            .iter()
            .filter(|(_, (head, seen))| {
                open.whole && !seen && !head.removed && head.valid_to.is_none_or(|to| to > self.day)
            })
            .map(|(code, (head, _))| (code.as_ref(), *head))
            .collect();
        gone.sort_unstable_by_key(|(code, _)| *code);
        for (code, head) in gone {
            self.tally.removed += 1;
            let to = self.day.max(head.valid_from);
            let draft = Draft { code: code.to_owned(), valid_to: Some(to), ..Draft::default() };
            self.show(&open.name, &draft, head.valid_from, ChangeKind::Removed);
            self.end(head.seq, to, ChangeKind::Removed);
            if self.ended.len() >= BATCH {
                row::end(self.txn, &std::mem::take(&mut self.ended), self.number).await?;
            }
        }
        row::end(self.txn, &std::mem::take(&mut self.ended), self.number).await?;
        self.tally.lists.push(ImportedList { name: open.name, entries: open.entries });
        Ok(())
    }

    /// Writes what is left and tells what has changed.
    pub(crate) async fn finish(mut self) -> Result<Tally, Failure> {
        self.close().await?;
        if self.tally.added > 10_000 && !crate::sql::is_sqlite(self.txn) {
            // The planner must not take a full table for an empty one.
            self.txn.execute_unprepared("ANALYZE entries").await?;
        }
        Ok(self.tally)
    }
}
