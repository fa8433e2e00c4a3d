//! Facts about movements are put into the journal and counted.

use std::collections::BTreeMap;

use customs_declarations_contract::bus::MovementFact;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{
    aggregate::{Facts, Stage},
    store::{self, Entry, Month},
};

/// Puts the facts `told`, each with its message, into the journal in their order and counts them, in one
/// transaction.
pub(crate) async fn record(work: &Work, told: &[(Uuid, Stage, MovementFact)]) -> Result<(), Failure> {
    if told.is_empty() {
        return Ok(());
    }
    let mut number = store::next_numbers(work.txn(), told.len()).await?;
    let mut entries = Vec::with_capacity(told.len());
    let mut months: BTreeMap<String, Month> = BTreeMap::new();
    for (message, stage, fact) in told {
        let facts = facts(*stage, fact);
        let month = fact.day.format("%Y-%m").to_string();
        let counted = months.entry(month.clone()).or_default();
        counted.facts += 1;
        counted.watermark = number;
        counted.counters.add(&facts);
        entries.push(Entry { number, told: *message, month, recorded_at: work.now(), fact, facts });
        number += 1;
    }
    store::append(work.txn(), &entries).await?;
    store::count(work.txn(), &months).await
}

fn facts(stage: Stage, fact: &MovementFact) -> Facts {
    Facts {
        stage,
        country: fact.departure_office.country().to_owned(),
        declaration_type: fact.declaration_type.clone(),
        partner: fact.destination_office.country().to_owned(),
        transit_countries: fact
            .transit_countries
            .iter()
            .filter(|country| !country.is_empty())
            .cloned()
            .collect(),
        count: 1,
        items: i64::from(fact.items),
        gross_mass_micro: i128::from(fact.gross_mass_micro.max(0)),
    }
}
