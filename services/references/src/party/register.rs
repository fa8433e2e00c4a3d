//! Use case: enter an economic operator into the register, or change its entry.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_references_contract::{
    RegisterParty, RegisteredParty,
    bus::{PARTY_REGISTERED, PartyChanged},
};

use super::{aggregate::Party, state::PartyEvent, store};
use crate::{
    App,
    dataset::PARTIES,
    entry::Tally,
    version::{Activated, Sequence, Source},
};

impl Acts<RegisterParty> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RegisterParty,
    ) -> Result<RegisteredParty, Failure> {
        let sequence = Sequence::take(work).await?;
        let mut tally = Tally { last_seq: sequence.seq, ..Tally::default() };
        let mut looked_up = false;
        let (mut party, event) = match Party::find(work.txn(), &ask.eori).await? {
            None => {
                tally.added = 1;
                (Party::enter(ask, work.now().date_naive())?, None)
            }
            Some(mut party) => {
                tally.changed = 1;
                looked_up = party.is_looked_up();
                party.change(ask)?;
                (party, Some(PartyEvent::Change))
            }
        };
        party.number = sequence.next();
        party.save(work, caller, event).await?;
        let what = format!("register {}", party.eori);
        let source = Source::administrator(PARTIES, caller, &what);
        looked_up |= party.is_looked_up();
        let activated = if looked_up { Activated::Everywhere } else { Activated::Quietly };
        let number = source.record(work, sequence, &tally, activated).await?;
        let fact = PartyChanged { eori: party.eori.to_string(), number, since: work.now() };
        work.tell(PARTY_REGISTERED, party.eori.as_str(), &fact)?;
        if looked_up {
            self.hot().doubt();
        }
        Ok(party.told(work.now()))
    }
}

/// Enters the first operators into an empty register; where there are any, nothing is done.
pub(crate) async fn begin(
    work: &mut Work,
    caller: &Caller,
    operators: Vec<RegisterParty>,
) -> Result<(), Failure> {
    let sequence = Sequence::take(work).await?;
    if store::any(work.txn()).await? {
        return Ok(());
    }
    let today = work.now().date_naive();
    let mut tally = Tally { last_seq: sequence.seq, ..Tally::default() };
    for ask in operators {
        let mut party = Party::enter(ask, today)?;
        party.number = sequence.next();
        party.save(work, caller, None).await?;
        tally.added += 1;
    }
    let source = Source::administrator(PARTIES, caller, "first operators");
    source.record(work, sequence, &tally, Activated::Everywhere).await.map(|_| ())
}
