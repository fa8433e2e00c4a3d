//! Packages of rules: which rules are in force on which day, under which version, known by which hash.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::apply::{self, Asked, Found};
use super::attach::{Attached, attach};
use super::compile::{Plan, compile};
use super::consistency::{self, Contradiction};
use super::evaluate::Scope;
use super::lookups::Lookups;
use super::table::{self, Block, Table};
use super::{Context, values};
use crate::definition::{self, Definition, definitions};
use crate::document::Document;
use crate::finding::Finding;
use crate::outgoing::closure::{self, Gap};

const PACKAGES: &str = include_str!("packages.tbl");

static ALL: LazyLock<Vec<Package>> = LazyLock::new(|| {
    let ages: Vec<Age> = ages().collect();
    let until = |at: usize| ages.get(at + 1).and_then(|next| next.from.pred_opt());
    ages.iter().enumerate().map(|(at, age)| Package::of(*age, until(at), &table::TEXTS)).collect()
});

/// The rules in force from one day to another.
pub struct Package {
    age: Age,
    until: Option<NaiveDate>,
    table: Table,
    attached: Vec<Attached>,
    /// The rules as they are asked in each message, compiled when the first of its kind comes.
    plans: Vec<OnceLock<Plan>>,
    hash: String,
}

/// A line of the table of packages.
#[derive(Clone, Copy)]
struct Age {
    version: &'static str,
    from: NaiveDate,
    news: &'static str,
}

/// A package as it is told to people and programs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageHead {
    /// Its version.
    pub version: &'static str,
    /// The first legal date that it judges.
    pub valid_from: NaiveDate,
    /// The last one, where a later package is known.
    pub valid_until: Option<NaiveDate>,
    /// SHA-256 over its rules and the definitions they are asked of, in hexadecimal.
    pub hash: String,
    /// How many rules are in force.
    pub rules: usize,
    /// What it brings.
    pub news: &'static str,
}

/// What is wrong with a package as a whole.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Defects {
    /// Text of the tables that is no rule of the language.
    pub unreadable: Vec<String>,
    /// Pairs of rules that some message cannot both satisfy.
    pub contradictions: Vec<Contradiction>,
    /// Accepted messages from which a later message cannot be made.
    pub gaps: Vec<Gap>,
}

impl Defects {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.unreadable.is_empty() && self.contradictions.is_empty() && self.gaps.is_empty()
    }
}

impl Package {
    /// The package that judges on a legal date: the last that is in force then.
    pub fn at(on: Option<NaiveDate>) -> &'static Self {
        let in_force = |package: &&Self| on.is_none_or(|on| package.age.from <= on);
        ALL.iter().rev().find(in_force).unwrap_or(&ALL[0])
    }

    /// Every package, oldest first.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The package of a date with more tables beside the usual ones.
    pub fn with(on: NaiveDate, more: &[&'static str]) -> Self {
        let usual = Self::at(Some(on));
        let texts: Vec<&'static str> = table::TEXTS.into_iter().chain(more.iter().copied()).collect();
        let age = Age { from: on, ..usual.age };
        Self::of(age, usual.until, &texts)
    }

    fn of(age: Age, until: Option<NaiveDate>, texts: &[&'static str]) -> Self {
        let mut table = table::load(texts);
        table.blocks.retain(|block| block.in_force(age.from));
        let attached: Vec<Attached> = definitions().iter().map(|one| attach(&table.blocks, one)).collect();
        let plans = attached.iter().map(|_| OnceLock::new()).collect();
        let hash = hash(&age, &table);
        Self { age, until, table, attached, plans, hash }
    }

    /// What it is.
    pub fn head(&self) -> PackageHead {
        let mut ids: Vec<&str> = self.blocks().iter().map(|block| block.id).collect();
        ids.sort_unstable();
        ids.dedup();
        PackageHead {
            version: self.age.version,
            valid_from: self.age.from,
            valid_until: self.until,
            hash: self.hash.clone(),
            rules: ids.len(),
            news: self.age.news,
        }
    }

    /// Its hash, by which a decision is pinned to it.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What is wrong with it as a whole.
    pub fn defects(&self) -> Defects {
        Defects {
            unreadable: self.table.unreadable.iter().map(|text| (*text).to_owned()).collect(),
            contradictions: consistency::contradictions(&self.table.blocks, &self.attached),
            gaps: closure::gaps(),
        }
    }

    /// Every rule that a message breaks: first the code lists (12), then the conditions (13, 15), then the rules (14).
    ///
    /// What cannot be told, because a list or the message before is not known, is not an error.
    pub fn check(&self, document: &Document, lookups: &dyn Lookups, context: &Context<'_>) -> Vec<Finding> {
        let mut found = values::check(document, lookups);
        let mut conditions = Vec::new();
        let mut rules = Vec::new();
        self.each(document, lookups, context, &mut |asked, scope| {
            let into = if asked.block.is_condition() { &mut conditions } else { &mut rules };
            apply::ask(asked, scope, into);
        });
        conditions.sort_by_key(|found: &Found| found.at);
        rules.sort_by_key(|found: &Found| found.at);
        found.extend(conditions.into_iter().chain(rules).map(|found| found.finding));
        found
    }

    /// The rules that had something to say of a message, broken or kept: what a decision rests on.
    pub fn applied(
        &self,
        document: &Document,
        lookups: &dyn Lookups,
        context: &Context<'_>,
    ) -> BTreeSet<&'static str> {
        let mut applied = BTreeSet::new();
        self.each(document, lookups, context, &mut |asked, scope| {
            if apply::decides(asked, scope) {
                applied.insert(asked.block.id);
            }
        });
        applied
    }

    fn each<'s>(
        &'s self,
        document: &'s Document,
        lookups: &'s dyn Lookups,
        context: &'s Context<'s>,
        visit: &mut dyn FnMut(Asked<'s>, &Scope<'s>),
    ) {
        let Some(plan) = self.plan(document.definition()) else { return };
        let once = vec![Cell::new(None); plan.once];
        let blocks = self.table.blocks.as_slice();
        let scope = Scope { document, lookups, context, once };
        for group in document.nodes() {
            let tasks = plan.groups.get(group.element().slot()).map_or(&[][..], Vec::as_slice);
            for task in tasks {
                visit(Asked { task, block: &blocks[task.block], group, tasks }, &scope);
            }
        }
    }

    /// The rules as they are asked in the messages of a definition.
    pub(super) fn plan(&self, definition: &'static Definition) -> Option<&Plan> {
        let at = definition.place();
        let (attached, plan) = (self.attached.get(at)?, self.plans.get(at)?);
        Some(plan.get_or_init(|| compile(self.blocks(), attached, definition)))
    }

    pub(super) fn blocks(&self) -> &[Block] {
        &self.table.blocks
    }

    /// The rules of a definition by the number of the group in which they are asked.
    pub(super) fn attached(&self, definition: &Definition) -> Option<&Attached> {
        self.attached.get(definition.place())
    }
}

fn ages() -> impl Iterator<Item = Age> {
    let lines = PACKAGES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut parts = line.split(" | ");
        Some(Age { version: parts.next()?, from: parts.next()?.parse().ok()?, news: parts.next()? })
    })
}

fn hash(age: &Age, table: &Table) -> String {
    let mut hash = Sha256::new();
    let words = |text: &str, hash: &mut Sha256| {
        hash.update(text);
        hash.update([0]);
    };
    words(age.version, &mut hash);
    for block in &table.blocks {
        words(block.statement, &mut hash);
        block.words.iter().for_each(|text| words(text, &mut hash));
    }
    definition::tables().for_each(|text| words(text, &mut hash));
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_day_has_the_package_that_is_in_force_then() {
        assert_eq!(Package::at(Some(day("2026-12-31"))).head().version, "2026.1");
        assert_eq!(Package::at(Some(day("2027-01-01"))).head().version, "2027.1");
        assert_eq!(Package::at(Some(day("2026-12-31"))).head().valid_until, Some(day("2026-12-31")));
        assert_eq!(Package::at(None).head().valid_until, None);
        let hashes: Vec<&str> = Package::all().iter().map(Package::hash).collect();
        assert_ne!(hashes[0], hashes[1]);
        assert!(hashes.iter().all(|hash| hash.len() == 64));
    }

    #[test]
    fn every_day_on_which_a_rule_begins_or_ends_begins_a_package() {
        let begins: Vec<NaiveDate> = ages().map(|age| age.from).collect();
        for block in table::load(&table::TEXTS).blocks {
            assert!(block.from.is_none_or(|from| begins.contains(&from)), "{}", block.id);
            let after = block.until.and_then(|until| until.succ_opt());
            assert!(after.is_none_or(|after| begins.contains(&after)), "{}", block.id);
        }
        assert!(begins.is_sorted());
    }

    #[test]
    fn no_package_has_a_defect() {
        for package in Package::all() {
            let defects = package.defects();
            assert!(defects.is_empty(), "{}: {defects:#?}", package.age.version);
        }
    }

    #[test]
    fn rules_that_contradict_each_other_are_found_when_the_package_is_built() {
        let day = day("2026-06-01");
        let wrong = "N9001 at TransitOperation\n  of CC015C\n  if declarationType = 'T1' then R limitDate\n  en a\n  ru b\n  kk c\n\n\
                     N9002 at TransitOperation\n  of CC015C\n  if security = '0' then N limitDate\n  en a\n  ru b\n  kk c\n";
        let found = Package::with(day, &[wrong]).defects().contradictions;
        assert!(found.iter().any(|one| (one.one, one.other) == ("N9001", "N9002")), "{found:?}");
        let apart = wrong.replace("security = '0'", "declarationType = 'T2'");
        let found = Package::with(day, &[&*apart.leak()]).defects().contradictions;
        assert!(!found.iter().any(|one| (one.one, one.other) == ("N9001", "N9002")), "{found:?}");
    }

    #[test]
    fn what_is_no_rule_is_told() {
        let wrong = "N9001 at TransitOperation\n  perhaps declarationType\n";
        assert_eq!(Package::with(day("2026-06-01"), &[wrong]).defects().unreadable, [wrong.trim_end()]);
    }
}
