//! The demo nation: the lists, offices and measures with which transit through the corridor can be tried.

mod publications;
mod tables;

use customs_kernel::{Actor, Caller};
use customs_platform::{Failure, Store, Work};
use sha2::{Digest, Sha256};

use crate::{
    dataset::NATIONAL,
    entry::Intake,
    measure, party, publication,
    version::{Activated, Sequence, Source},
};

/// Fills the references of `store` with the demo nation; doing it again changes nothing.
///
/// Whatever was imported stays: the demo nation is a dataset of its own beside it.
pub async fn seed(store: &Store) -> Result<(), Failure> {
    let caller = Caller::new(Actor::service("demo"), "demo");
    let mut work = store.begin("references.seed", &caller.correlation_id).await?;
    take_lists(&mut work, &caller).await?;
    measure::begin(&mut work, &caller, &tables::route_countries(), tables::RESTRICTIONS).await?;
    let operators = tables::operators().map_err(|error| anyhow::anyhow!(error))?;
    party::begin(&mut work, &caller, operators).await?;
    let rates = (publications::BASE, publications::RATES);
    publication::begin(&work, &caller, publications::TOLD, rates).await?;
    work.commit().await
}

async fn take_lists(work: &mut Work, caller: &Caller) -> Result<(), Failure> {
    let sequence = Sequence::take(work).await?;
    let today = work.now().date_naive();
    let mut intake = Intake::new(work.txn(), NATIONAL, sequence.next(), sequence.seq, today);
    for (name, drafts) in tables::lists().map_err(|error| anyhow::anyhow!(error))? {
        intake.list(&name, true).await?;
        intake.take(drafts).await?;
    }
    let tally = intake.finish().await?;
    if tally.is_empty() {
        return Ok(());
    }
    let source = Source {
        dataset: NATIONAL,
        name: "demo nation".to_owned(),
        sha256: hex::encode(Sha256::digest(tables::ALL.concat())),
        by: caller.actor.subject.clone(),
    };
    source.record(work, sequence, &tally, Activated::Everywhere).await.map(|_| ())
}
