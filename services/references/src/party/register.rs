//! Use case: enter an economic operator into the register, or change its entry.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_references_contract::{
    RegisterParty, RegisteredParty,
    bus::{PARTY_REGISTERED, PartyChanged},
};

use super::{aggregate::Party, state::PartyEvent};
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
        let (mut party, event) = match Party::find(work.txn(), &ask.eori).await? {
            None => {
                tally.added = 1;
                (Party::enter(ask, work.now().date_naive())?, None)
            }
            Some(mut party) => {
                tally.changed = 1;
                party.change(ask)?;
                (party, Some(PartyEvent::Change))
            }
        };
        party.number = sequence.next();
        party.save(work, caller, event).await?;
        let what = format!("register {}", party.eori);
        let source = Source::administrator(PARTIES, caller, &what);
        let number = source.record(work, sequence, &tally, Activated::Quietly).await?;
        let fact = PartyChanged { eori: party.eori.to_string(), number, since: work.now() };
        work.tell(PARTY_REGISTERED, party.eori.as_str(), &fact)?;
        Ok(party.told(work.now()))
    }
}
