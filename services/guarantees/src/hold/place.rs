//! The order to hold: everything or nothing, decided once an attempt.

use chrono::{DateTime, Utc};
use customs_guarantees_contract::bus::{self, HeldShare, InvalidGuarantee};
use customs_kernel::Money;
use customs_platform::Failure;

use super::{
    Hold,
    cover::{Cover, Standing, Word},
    orders::Answer,
    request::{FREED_MEANWHILE, Request, reference},
    turn::{Told, Turn},
};
use crate::ledger::Account;

impl Turn {
    /// Holds what `ask`, given at `said_at`, wants, or says every reason why not.
    pub(super) fn hold(
        &mut self,
        ask: &bus::Hold,
        said_at: DateTime<Utc>,
    ) -> Result<(Answer, Told), Failure> {
        let known = self.known(&ask.mrn);
        let standing = known.map_or(Standing::Next, |known| known.standing(i64::from(ask.attempt), said_at));
        match (standing, known) {
            (Standing::Next, known) => {
                let freed_at = known.and_then(|known| known.freed_at);
                self.decide(ask, freed_at)
            }
            (Standing::Repeated, Some(known)) => {
                let answer = again(known)?.unwrap_or_else(|| Answer::Held(self.shares(&ask.mrn)));
                Ok((answer, Told::default()))
            }
            (Standing::Late, _) => Ok((Answer::Refused(vec![freed_meanwhile(ask)]), Told::default())),
            (Standing::Superseded, _) | (Standing::Repeated, None) => {
                tracing::info!(mrn = ask.mrn, attempt = ask.attempt, "a later attempt was decided already");
                Ok((Answer::None, Told::default()))
            }
        }
    }

    /// What movement `mrn` holds of each guarantee, and what that leaves.
    fn shares(&self, mrn: &str) -> Vec<HeldShare> {
        let held = self.held(mrn);
        let found = self.guarantees(held.iter().filter_map(Hold::grn));
        let share = |hold: &Hold| {
            let grn = hold.grn()?;
            let guarantee = found.iter().find(|each| each.grn().is_some_and(|own| own.as_str() == grn))?;
            let book = guarantee.book();
            Some(HeldShare {
                grn: grn.to_owned(),
                guarantee_type: guarantee.kind().code().to_owned(),
                amount: Money::new(hold.minor(), book.currency()),
                insured: guarantee.insured(),
                level_percent: guarantee.level().percent(),
                authorisation: guarantee.authorisation().map(str::to_owned),
                reference_amount: book.amount(Account::Limit),
                headroom: book.amount(Account::Available),
                headroom_percent: book.headroom_percent(),
                warned_at_percent: guarantee.warned_at(),
            })
        };
        held.iter().filter_map(share).collect()
    }

    fn decide(
        &mut self,
        ask: &bus::Hold,
        freed_at: Option<DateTime<Utc>>,
    ) -> Result<(Answer, Told), Failure> {
        let own = self.held(&ask.mrn);
        let asked = ask.guarantees.iter().filter_map(reference);
        let found = self.guarantees(asked.chain(own.iter().filter_map(Hold::grn)));
        let request = Request { ask, today: self.today, at: self.at };
        let attempt = i64::from(ask.attempt);
        match request.decide(found, own) {
            Ok(changes) => {
                let told = self.take(&ask.mrn, changes);
                self.note(&ask.mrn, Cover { attempt, word: Word::Held, reasons: None, freed_at });
                Ok((Answer::Held(self.shares(&ask.mrn)), told))
            }
            Err(reasons) => {
                let kept = Some(serde_json::to_string(&reasons)?);
                self.note(&ask.mrn, Cover { attempt, word: Word::Refused, reasons: kept, freed_at });
                Ok((Answer::Refused(reasons), Told::default()))
            }
        }
    }
}

/// What was refused before is refused again; none where everything is held.
fn again(known: &Cover) -> Result<Option<Answer>, Failure> {
    match known.word {
        Word::Held => Ok(None),
        Word::Refused | Word::Freed => {
            Ok(Some(Answer::Refused(serde_json::from_str(known.reasons.as_deref().unwrap_or("[]"))?)))
        }
    }
}

fn freed_meanwhile(ask: &bus::Hold) -> InvalidGuarantee {
    let (code, text) = FREED_MEANWHILE;
    InvalidGuarantee {
        grn: ask.guarantees.first().and_then(|part| part.grn.clone()),
        position: 0,
        code: code.to_owned(),
        text: text.to_owned(),
    }
}
