//! What declarations hears: message name to use case.

use async_trait::async_trait;
use customs_guarantees_contract::bus::{CALL_REFUSED, CALLED, FREED, HELD, HOLD_REFUSED};
use customs_platform::{Failure, Message, Receives, Work, bus::Subscription, inbox, saga};
use customs_references_contract::bus::VERSION_ACTIVATED;

use tracing::Instrument;
use uuid::Uuid;

use crate::{App, store};

/// What declarations wants to hear.
pub const SUBSCRIPTION: Subscription = Subscription {
    service: crate::NAME,
    names: &[HELD, HOLD_REFUSED, FREED, CALLED, CALL_REFUSED, VERSION_ACTIVATED],
};

#[async_trait]
impl Receives for App {
    /// What the messages of a batch are about is locked and read together: first the movements, then their sagas, as
    /// everybody does.
    async fn receive_batch(&self, work: &mut Work, batch: &[&Message]) -> Result<(), Failure> {
        if batch.len() > 1 {
            let answers = batch.iter().filter(|message| message.saga.is_some());
            let movements = answers.filter_map(|message| Uuid::parse_str(&message.aggregate).ok()).collect();
            store::gather(work, movements).await?;
            saga::gather(work, batch).await?;
        }
        for message in batch {
            work.follow(message);
            self.receive(work, message).instrument(inbox::span(message)).await?;
        }
        Ok(())
    }

    async fn receive(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        match message.name.as_str() {
            HELD | HOLD_REFUSED => self.transit_release.hear(work, message).await,
            CALLED | CALL_REFUSED => self.claim.hear(work, message).await,
            FREED => self.discharge.hear(work, message).await,
            VERSION_ACTIVATED => {
                self.shared.reference.forget();
                Ok(())
            }
            other => Err(Failure::Broken(anyhow::anyhow!("declarations does not know {other}"))),
        }
    }
}
