//! The counters: how facts become rows, the same one by one and all at once.

use std::collections::{BTreeMap, BTreeSet};

use customs_statistics_contract::TransitCounter;
use sha2::{Digest, Sha256};

/// Millionths of a kilogram in a kilogram.
const MICRO: i128 = 1_000_000;

/// What happened to a movement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stage {
    /// It was released for transit.
    Released,
    /// It arrived at its destination.
    Arrived,
    /// It is discharged.
    Discharged,
}

impl Stage {
    /// Every stage.
    pub(crate) const ALL: [Self; 3] = [Self::Released, Self::Arrived, Self::Discharged];

    /// The stage as text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::Arrived => "arrived",
            Self::Discharged => "discharged",
        }
    }

    /// The stage of that text, if there is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

/// Facts of one month that are alike: one fact, or many added up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Facts {
    /// What happened.
    pub(crate) stage: Stage,
    /// Country of departure.
    pub(crate) country: String,
    /// Declaration type.
    pub(crate) declaration_type: String,
    /// Country of destination.
    pub(crate) partner: String,
    /// Countries of transit, each once.
    pub(crate) transit_countries: BTreeSet<String>,
    /// How many facts.
    pub(crate) count: i64,
    /// Their goods items.
    pub(crate) items: i64,
    /// Their gross mass in millionths of a kilogram.
    pub(crate) gross_mass_micro: i128,
}

/// What one row counts.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Key {
    /// Country of departure.
    pub(crate) country: String,
    /// Declaration type.
    pub(crate) declaration_type: String,
    /// Country of destination.
    pub(crate) partner: String,
    /// Country of transit; empty in the row that counts each movement once.
    pub(crate) transit_country: String,
}

/// The figures of one row.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    /// Movements released.
    pub(crate) released: i64,
    /// Movements arrived.
    pub(crate) arrived: i64,
    /// Movements discharged.
    pub(crate) discharged: i64,
    /// Goods items of the released movements.
    pub(crate) items: i64,
    /// Gross mass of the released movements in millionths of a kilogram.
    pub(crate) gross_mass_micro: i128,
}

/// The rows of one month.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counters(BTreeMap<Key, Tally>);

impl Facts {
    /// The rows in which these facts count.
    pub(crate) fn keys(&self) -> Vec<Key> {
        let key = |transit_country: &str| Key {
            country: self.country.clone(),
            declaration_type: self.declaration_type.clone(),
            partner: self.partner.clone(),
            transit_country: transit_country.to_owned(),
        };
        std::iter::once("").chain(self.transit_countries.iter().map(String::as_str)).map(key).collect()
    }

    /// What these facts add to each of their rows.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        match self.stage {
            Stage::Released => {
                tally.released = self.count;
                tally.items = self.items;
                tally.gross_mass_micro = self.gross_mass_micro;
            }
            Stage::Arrived => tally.arrived = self.count,
            Stage::Discharged => tally.discharged = self.count,
        }
        tally
    }
}

impl Tally {
    /// Gross mass in whole kilograms and the rest in millionths.
    pub(crate) fn gross_mass(&self) -> (i64, i64) {
        let whole = i64::try_from(self.gross_mass_micro.div_euclid(MICRO)).unwrap_or(i64::MAX);
        let rest = i64::try_from(self.gross_mass_micro.rem_euclid(MICRO)).unwrap_or_default();
        (whole, rest)
    }

    fn add(&mut self, other: &Self) {
        self.released = self.released.saturating_add(other.released);
        self.arrived = self.arrived.saturating_add(other.arrived);
        self.discharged = self.discharged.saturating_add(other.discharged);
        self.items = self.items.saturating_add(other.items);
        self.gross_mass_micro = self.gross_mass_micro.saturating_add(other.gross_mass_micro);
    }
}

/// Millionths of a kilogram from whole kilograms and the rest.
pub(crate) fn micro(whole: i64, rest: i64) -> i128 {
    i128::from(whole) * MICRO + i128::from(rest)
}

impl Counters {
    /// Counts `facts`.
    pub(crate) fn add(&mut self, facts: &Facts) {
        let tally = facts.tally();
        for key in facts.keys() {
            self.put(key, &tally);
        }
    }

    /// The rows in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Tally)> {
        self.0.iter()
    }

    /// Adds `tally` to the row of `key`.
    pub(crate) fn put(&mut self, key: Key, tally: &Tally) {
        self.0.entry(key).or_default().add(tally);
    }

    /// The rows of `month` that fit, in order.
    pub(crate) fn rows(&self, month: &str, fits: impl Fn(&Key) -> bool) -> Vec<TransitCounter> {
        self.0.iter().filter(|(key, _)| fits(key)).map(|(key, tally)| row(month, key, tally)).collect()
    }
}

fn row(month: &str, key: &Key, tally: &Tally) -> TransitCounter {
    let (whole, rest) = tally.gross_mass();
    TransitCounter {
        month: month.to_owned(),
        country: key.country.clone(),
        declaration_type: key.declaration_type.clone(),
        partner: key.partner.clone(),
        transit_country: (!key.transit_country.is_empty()).then(|| key.transit_country.clone()),
        released: tally.released,
        arrived: tally.arrived,
        discharged: tally.discharged,
        items: tally.items,
        gross_mass: format!("{whole}.{rest:06}"),
    }
}

/// SHA-256 of `rows` as lines of compact JSON.
pub(crate) fn sha256(rows: &[TransitCounter]) -> Result<String, serde_json::Error> {
    let mut hash = Sha256::new();
    for row in rows {
        hash.update(serde_json::to_vec(row)?);
        hash.update(b"\n");
    }
    Ok(hex::encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};

    use super::*;

    fn facts(stage: Stage, transit: &[&str], mass: i128) -> Facts {
        Facts {
            stage,
            country: "KZ".to_owned(),
            declaration_type: "T1".to_owned(),
            partner: "UZ".to_owned(),
            transit_countries: transit.iter().map(ToString::to_string).collect(),
            count: 1,
            items: 2,
            gross_mass_micro: mass,
        }
    }

    #[test]
    fn a_movement_through_two_countries_counts_once_as_a_whole_and_once_in_each() {
        let mut counters = Counters::default();
        counters.add(&facts(Stage::Released, &["KG", "TJ"], 1_500_000));
        let rows = counters.rows("2026-11", |_| true);
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.transit_country.as_deref(), row.released, row.gross_mass.as_str()))
            .collect();
        assert_eq!(shown, [(None, 1, "1.500000"), (Some("KG"), 1, "1.500000"), (Some("TJ"), 1, "1.500000")]);
    }

    #[test]
    fn items_and_mass_are_those_of_released_movements_only() {
        let mut counters = Counters::default();
        counters.add(&facts(Stage::Arrived, &[], 7));
        let row = counters.rows("2026-11", |_| true).remove(0);
        assert_eq!((row.released, row.arrived, row.items, row.gross_mass.as_str()), (0, 1, 0, "0.000000"));
    }

    #[test]
    fn the_hash_of_no_rows_is_that_of_no_bytes() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(&[]).unwrap(), empty);
    }

    proptest! {
        #[test]
        fn counting_one_by_one_equals_counting_all_at_once(masses in collection::vec(0_i64..i64::MAX, 1..40)) {
            let mut single = Counters::default();
            for mass in &masses {
                single.add(&facts(Stage::Released, &["KG"], i128::from(*mass)));
            }
            let mut whole = facts(Stage::Released, &["KG"], masses.iter().map(|mass| i128::from(*mass)).sum());
            whole.count = i64::try_from(masses.len()).unwrap();
            whole.items = whole.count * 2;
            let mut at_once = Counters::default();
            at_once.add(&whole);
            prop_assert_eq!(single, at_once);
        }

        #[test]
        fn mass_is_split_and_joined_without_loss(mass in 0_i128..i128::from(i64::MAX)) {
            let tally = Tally { gross_mass_micro: mass, ..Tally::default() };
            let (whole, rest) = tally.gross_mass();
            prop_assert_eq!(micro(whole, rest), mass);
        }
    }
}
