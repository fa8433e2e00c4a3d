//! Orders about movements: to hold, to free and to call. Each is answered, however often it arrives, and takes effect once.

use customs_guarantees_contract::bus::{
    self, CALL, CALL_REFUSED, CALLED, CallRefused, Called, FREE, FREED, Freed, GUARANTEE_CHANGED, HELD, HOLD,
    HOLD_REFUSED, Held, HeldShare, HoldPart, HoldRefused, InvalidGuarantee, USE_CHANGED,
};
use customs_kernel::Money;
use customs_platform::{Failure, Message, Work, inbox};

use super::turn::{Told, Turn};
use crate::App;

/// An order as it was given.
#[derive(Debug)]
pub(super) enum Order<'a> {
    /// To hold.
    Hold(&'a Message, bus::Hold),
    /// To free.
    Free(&'a Message, bus::Free),
    /// To call.
    Call(&'a Message, bus::Call),
}

/// What an order is answered.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Answer {
    /// Everything is held, and what that leaves of each guarantee.
    Held(Vec<HeldShare>),
    /// Nothing is held, and why.
    Refused(Vec<InvalidGuarantee>),
    /// The movement holds nothing any more.
    Freed,
    /// The guarantors are called for this.
    Called(Money),
    /// Nobody is called, and why.
    CallRefused(&'static str),
    /// Nothing: nobody waits for it any more.
    None,
}

impl<'a> Order<'a> {
    fn read(message: &'a Message) -> Result<Self, Failure> {
        match message.name.as_str() {
            HOLD => Ok(Self::Hold(message, message.read()?)),
            FREE => Ok(Self::Free(message, message.read()?)),
            CALL => Ok(Self::Call(message, message.read()?)),
            other => Err(Failure::Broken(anyhow::anyhow!("guarantees does not know {other}"))),
        }
    }

    /// The movement reference number.
    pub(super) fn mrn(&self) -> &str {
        match self {
            Self::Hold(_, ask) => &ask.mrn,
            Self::Free(_, ask) => &ask.mrn,
            Self::Call(_, ask) => &ask.mrn,
        }
    }

    /// What is to be held.
    pub(super) fn parts(&self) -> &[HoldPart] {
        match self {
            Self::Hold(_, ask) => &ask.guarantees,
            Self::Free(..) | Self::Call(..) => &[],
        }
    }

    fn message(&self) -> &'a Message {
        match self {
            Self::Hold(message, _) | Self::Free(message, _) | Self::Call(message, _) => message,
        }
    }

    fn answer(&self, work: &mut Work, answer: Answer) -> Result<(), Failure> {
        let message = self.message();
        let (movement, mrn, attempt) = match self {
            Self::Hold(_, ask) => (ask.movement, ask.mrn.clone(), ask.attempt),
            Self::Free(_, ask) => (ask.movement, ask.mrn.clone(), 0),
            Self::Call(_, ask) => (ask.movement, ask.mrn.clone(), 0),
        };
        match answer {
            Answer::Held(shares) => work.reply(message, HELD, &Held { movement, mrn, attempt, shares })?,
            Answer::Refused(reasons) => {
                work.reply(message, HOLD_REFUSED, &HoldRefused { movement, mrn, attempt, reasons })?
            }
            Answer::Freed => work.reply(message, FREED, &Freed { movement, mrn })?,
            Answer::Called(called) => work.reply(message, CALLED, &Called { movement, mrn, called })?,
            Answer::CallRefused(reason) => {
                let reason = reason.to_owned();
                work.reply(message, CALL_REFUSED, &CallRefused { movement, mrn, reason })?
            }
            Answer::None => return Ok(()),
        };
        Ok(())
    }
}

impl App {
    /// Obeys the orders of one batch in their order.
    pub(crate) async fn obey(&self, work: &mut Work, batch: &[&Message]) -> Result<(), Failure> {
        let orders: Vec<Order<'_>> =
            batch.iter().map(|message| Order::read(message)).collect::<Result<_, Failure>>()?;
        let mut turn = Turn::begin(work, self.today(work.now()), &orders).await?;
        let mut decided = Vec::with_capacity(orders.len());
        for order in &orders {
            decided.push(match order {
                Order::Hold(message, ask) => turn.hold(ask, message.occurred_at)?,
                Order::Free(message, ask) => turn.free(ask, message.occurred_at)?,
                Order::Call(_, ask) => turn.call(ask)?,
            });
        }
        turn.write(work).await?;
        for (order, (answer, told)) in orders.iter().zip(decided) {
            let message = order.message();
            work.follow(message);
            inbox::span(message).in_scope(|| tell(work, order, answer, &told))?;
        }
        Ok(())
    }
}

fn tell(work: &mut Work, order: &Order<'_>, answer: Answer, told: &Told) -> Result<(), Failure> {
    for changed in &told.uses {
        work.tell(USE_CHANGED, &changed.grn, changed)?;
    }
    for changed in &told.news {
        work.tell(GUARANTEE_CHANGED, changed.grn.as_deref().unwrap_or_default(), changed)?;
    }
    order.answer(work, answer)
}
