//! A fact about a movement is put into the journal and counted.

use customs_declarations_contract::bus::MovementFact;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{
    aggregate::{Facts, Stage},
    store::{self, Entry},
};

/// Puts the fact of the message `told` into the journal and counts it, in one transaction.
pub(crate) async fn record(
    work: &Work,
    told: Uuid,
    stage: Stage,
    fact: &MovementFact,
) -> Result<(), Failure> {
    let facts = facts(stage, fact);
    let month = fact.day.format("%Y-%m").to_string();
    let number = store::next_number(work.txn()).await?;
    let entry = Entry { number, told, month: &month, recorded_at: work.now(), fact, facts: &facts };
    store::append(work.txn(), &entry).await?;
    store::count(work.txn(), &month, number, &facts).await
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
