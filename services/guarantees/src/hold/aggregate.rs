//! One hold: what one movement keeps of one guarantee.

use chrono::{DateTime, Utc};
use customs_guarantees_contract::{bus::UseChanged, problems::HOLD_NOT_OPEN};
use customs_kernel::{Money, Problem, id::uuid_at};
use uuid::Uuid;

use super::state::{HoldEvent, HoldState};
use crate::{guarantee::Guarantee, kind::Kind};

/// What one movement keeps of one guarantee, or the mere use of a type that holds nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Hold {
    pub(crate) id: Uuid,
    /// The contract and its GRN; none for a type without one.
    pub(crate) guarantee: Option<(Uuid, String)>,
    pub(crate) kind: Kind,
    pub(crate) other_reference: Option<String>,
    pub(crate) holder: String,
    pub(crate) mrn: String,
    pub(crate) movement: Uuid,
    pub(crate) attempt: i64,
    pub(crate) amount: Option<Money>,
    pub(crate) paid_minor: i64,
    pub(crate) state: HoldState,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) end_reason: Option<String>,
}

/// For which movement something is held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Movement<'a> {
    pub(crate) id: Uuid,
    pub(crate) mrn: &'a str,
    pub(crate) holder: &'a str,
    pub(crate) attempt: i64,
}

impl Hold {
    /// A hold of `amount` for `movement`.
    pub(super) fn place(
        kind: Kind,
        movement: Movement<'_>,
        amount: Option<Money>,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            id: uuid_at(at),
            guarantee: None,
            kind,
            other_reference: None,
            holder: movement.holder.to_owned(),
            mrn: movement.mrn.to_owned(),
            movement: movement.id,
            attempt: movement.attempt,
            amount,
            paid_minor: 0,
            state: HoldState::Placed,
            placed_at: at,
            ended_at: None,
            end_reason: None,
        }
    }

    /// What it covers, in hundredths.
    pub(crate) fn minor(&self) -> i64 {
        self.amount.map_or(0, |amount| amount.minor)
    }

    /// Its GRN, if its type has one.
    pub(crate) fn grn(&self) -> Option<&str> {
        self.guarantee.as_ref().map(|(_, grn)| grn.as_str())
    }

    /// It covers `minor` hundredths from now on.
    pub(super) fn cover(&mut self, minor: i64) -> Result<(), Problem> {
        let event = if minor < self.minor() { HoldEvent::Reduce } else { HoldEvent::Raise };
        self.happen(event)?;
        self.amount = self.amount.map(|amount| Money::new(minor, amount.currency));
        Ok(())
    }

    /// It ends by `event` for `reason`.
    pub(super) fn end(&mut self, event: HoldEvent, reason: &str, at: DateTime<Utc>) -> Result<(), Problem> {
        self.happen(event)?;
        self.ended_at = Some(at);
        self.end_reason = Some(reason.to_owned());
        Ok(())
    }

    fn happen(&mut self, event: HoldEvent) -> Result<(), Problem> {
        self.state = self.state.on(event).ok_or_else(|| {
            HOLD_NOT_OPEN.because(format!(
                "{} is not possible: it is {}",
                event.as_str(),
                self.state.as_str()
            ))
        })?;
        Ok(())
    }

    /// What guarantor and owner are told of it.
    pub(crate) fn news(&self, guarantee: &Guarantee, at: DateTime<Utc>) -> Option<UseChanged> {
        Some(UseChanged {
            grn: guarantee.grn()?.to_string(),
            guarantor: guarantee.guarantor().clone(),
            owner: guarantee.owner().clone(),
            mrn: self.mrn.clone(),
            movement: self.movement,
            amount: self.amount?,
            state: self.state.as_str().to_owned(),
            at,
        })
    }
}

#[cfg(test)]
mod tests {
    use customs_kernel::Currency;

    use super::*;

    #[test]
    fn an_ended_hold_covers_nothing_again() {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let movement = Movement { id: uuid_at(at), mrn: "M", holder: "KZ200", attempt: 1 };
        let mut hold = Hold::place(Kind::Comprehensive, movement, Some(Money::new(500, Currency::EUR)), at);
        hold.cover(300).unwrap();
        assert_eq!((hold.state, hold.minor()), (HoldState::Reduced, 300));
        hold.end(HoldEvent::Free, "discharged", at).unwrap();
        assert!(hold.cover(400).is_err());
        assert!(hold.end(HoldEvent::Call, "called", at).is_err());
        assert_eq!(hold.minor(), 300);
    }
}
