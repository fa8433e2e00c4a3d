//! Obeys an order to hold: everything or nothing, once an attempt, answered alike however often it arrives.

use customs_guarantees_contract::bus::{self, HELD, HOLD_REFUSED, Held, HoldRefused, InvalidGuarantee};
use customs_platform::{Failure, Message, Work};

use super::{
    Hold,
    cover::{Cover, Standing, Word},
    request::{FREED_MEANWHILE, Request, reference},
    store,
};
use crate::{App, guarantee};

impl App {
    /// Holds what `message` asks for, or tells every reason why not.
    pub(crate) async fn place(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        let ask: bus::Hold = message.read()?;
        let Some(known) = store::claim(work.txn(), &ask, work.now()).await? else {
            return self.decide(work, message, &ask, Vec::new(), true).await;
        };
        match known.standing(i64::from(ask.attempt), message.occurred_at) {
            Standing::Next => {
                let own = store::open(work.txn(), &ask.mrn).await?;
                self.decide(work, message, &ask, own, false).await
            }
            Standing::Repeated => answer_again(work, message, &ask, &known),
            Standing::Late => {
                let (code, text) = FREED_MEANWHILE;
                let reason = InvalidGuarantee {
                    grn: ask.guarantees.first().and_then(|part| part.grn.clone()),
                    position: 0,
                    code: code.to_owned(),
                    text: text.to_owned(),
                };
                refuse(work, message, &ask, vec![reason])
            }
            Standing::Superseded => {
                tracing::info!(mrn = ask.mrn, attempt = ask.attempt, "a later attempt was decided already");
                Ok(())
            }
        }
    }

    async fn decide(
        &self,
        work: &mut Work,
        message: &Message,
        ask: &bus::Hold,
        own: Vec<Hold>,
        first: bool,
    ) -> Result<(), Failure> {
        let asked = ask.guarantees.iter().filter_map(reference);
        let mut grns: Vec<String> =
            asked.chain(own.iter().filter_map(Hold::grn)).map(ToOwned::to_owned).collect();
        grns.sort_unstable();
        grns.dedup();
        let found = guarantee::store::lock_all(work.txn(), &grns).await?;
        let request = Request { ask, today: self.today(work.now()), at: work.now() };
        match request.decide(found, own) {
            Ok(changes) => {
                if !first {
                    store::answered(work.txn(), &ask.mrn, ask.attempt, Word::Held, None).await?;
                }
                changes.carry(work).await?;
                confirm(work, message, ask)
            }
            Err(reasons) => {
                let kept = serde_json::to_string(&reasons)?;
                store::answered(work.txn(), &ask.mrn, ask.attempt, Word::Refused, Some(kept)).await?;
                refuse(work, message, ask, reasons)
            }
        }
    }
}

fn answer_again(work: &mut Work, message: &Message, ask: &bus::Hold, known: &Cover) -> Result<(), Failure> {
    match known.word {
        Word::Held => confirm(work, message, ask),
        Word::Refused | Word::Freed => {
            let reasons = serde_json::from_str(known.reasons.as_deref().unwrap_or("[]"))?;
            refuse(work, message, ask, reasons)
        }
    }
}

fn confirm(work: &mut Work, message: &Message, ask: &bus::Hold) -> Result<(), Failure> {
    let held = Held { movement: ask.movement, mrn: ask.mrn.clone(), attempt: ask.attempt };
    work.reply(message, HELD, &held)?;
    Ok(())
}

fn refuse(
    work: &mut Work,
    message: &Message,
    ask: &bus::Hold,
    reasons: Vec<InvalidGuarantee>,
) -> Result<(), Failure> {
    let refused = HoldRefused { movement: ask.movement, mrn: ask.mrn.clone(), attempt: ask.attempt, reasons };
    work.reply(message, HOLD_REFUSED, &refused)?;
    Ok(())
}
