//! Obeys an order to free: whatever a movement holds ends, and no order given before brings it back.

use std::collections::HashMap;

use customs_guarantees_contract::bus::{self, FREED, Freed};
use customs_platform::{Failure, Message, Work};
use uuid::Uuid;

use super::{Hold, state::HoldEvent, store};
use crate::{App, changes::Changes, guarantee, guarantee::Guarantee};

/// The reason of a movement that has made use of its cover: a voucher is spent by it.
const DISCHARGED: &str = "discharged";

impl App {
    /// Frees what the movement of `message` holds, which may be nothing.
    pub(crate) async fn free(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        let ask: bus::Free = message.read()?;
        if store::free(work.txn(), &ask, message.occurred_at, work.now()).await?.is_some() {
            let open = store::open(work.txn(), &ask.mrn).await?;
            let grns: Vec<String> = open.iter().filter_map(Hold::grn).map(ToOwned::to_owned).collect();
            let found = guarantee::store::lock_all(work.txn(), &grns).await?;
            if !open.is_empty() {
                decide(Changes::at(work.now()), found, open, &ask.reason)?.carry(work).await?;
            }
        }
        work.reply(message, FREED, &Freed { movement: ask.movement, mrn: ask.mrn })?;
        Ok(())
    }
}

/// Ends all of `open`, which hold of `found`.
fn decide(
    mut changes: Changes,
    found: Vec<Guarantee>,
    open: Vec<Hold>,
    reason: &str,
) -> Result<Changes, Failure> {
    let mut found: HashMap<Uuid, Guarantee> =
        found.into_iter().map(|guarantee| (guarantee.id(), guarantee)).collect();
    for mut hold in open {
        hold.end(HoldEvent::Free, reason, changes.instant())?;
        let guarantee = hold.guarantee.as_ref().and_then(|(id, _)| found.remove(id));
        let Some(mut guarantee) = guarantee else {
            changes.moved.push(hold);
            continue;
        };
        let entry = guarantee.free(hold.minor(), reason == DISCHARGED).map_err(anyhow::Error::from)?;
        changes.post(&guarantee, Some(&hold.mrn), entry);
        changes.moved(guarantee, hold);
    }
    Ok(changes)
}
