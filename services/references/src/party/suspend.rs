//! Use cases: suspend an economic operator, reinstate it.

use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};
use customs_references_contract::{
    RegisteredParty, ReinstateParty, SuspendParty,
    bus::{PARTY_REINSTATED, PARTY_SUSPENDED, PartyChanged},
};

use super::{aggregate::Party, state::PartyEvent};
use crate::{
    App,
    dataset::SUSPENSIONS,
    entry::Tally,
    version::{Activated, Sequence, Source},
};

impl Acts<SuspendParty> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: SuspendParty,
    ) -> Result<RegisteredParty, Failure> {
        let sequence = Sequence::take(work).await?;
        let mut party = load(work, &ask.eori).await?;
        party.suspend(&ask.reason, work.now())?;
        self.settle(work, caller, sequence, (party, PartyEvent::Suspend, PARTY_SUSPENDED)).await
    }
}

impl Acts<ReinstateParty> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: ReinstateParty,
    ) -> Result<RegisteredParty, Failure> {
        let sequence = Sequence::take(work).await?;
        let mut party = load(work, &ask.eori).await?;
        party.reinstate()?;
        self.settle(work, caller, sequence, (party, PartyEvent::Reinstate, PARTY_REINSTATED)).await
    }
}

async fn load(work: &Work, eori: &str) -> Result<Party, Failure> {
    let missing = || problem::NOT_FOUND.because(format!("{eori:?} is not in the register")).at("/eori");
    Party::find(work.txn(), eori).await?.ok_or_else(|| missing().into())
}

impl App {
    /// Keeps what became of a party, and tells of it.
    async fn settle(
        &self,
        work: &mut Work,
        caller: &Caller,
        sequence: Sequence,
        (mut party, event, fact_name): (Party, PartyEvent, &str),
    ) -> Result<RegisteredParty, Failure> {
        party.number = sequence.next();
        party.save(work, caller, Some(event)).await?;
        let tally = Tally { changed: 1, last_seq: sequence.seq, ..Tally::default() };
        let what = format!("{} {}", event.as_str(), party.eori);
        let source = Source::administrator(SUSPENSIONS, caller, &what);
        let number = source.record(work, sequence, &tally, Activated::Everywhere).await?;
        let fact = PartyChanged { eori: party.eori.to_string(), number, since: work.now() };
        work.tell(fact_name, party.eori.as_str(), &fact)?;
        self.hot().doubt();
        Ok(party.told(work.now()))
    }
}
