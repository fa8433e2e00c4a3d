//! What guarantees hears: message name to use case.

use async_trait::async_trait;
use customs_declarations_contract::bus::INCIDENT_REGISTERED;
use customs_guarantees_contract::bus::{CALL, FREE, HOLD};
use customs_platform::{Failure, Message, Receives, Work, bus::Subscription};

use crate::{App, NAME};

/// The messages guarantees wants.
pub const SUBSCRIPTION: Subscription =
    Subscription { service: NAME, names: &[HOLD, FREE, CALL, INCIDENT_REGISTERED] };

#[async_trait]
impl Receives for App {
    async fn receive(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        self.receive_batch(work, &[message]).await
    }

    async fn receive_batch(&self, work: &mut Work, batch: &[&Message]) -> Result<(), Failure> {
        let (incidents, orders): (Vec<&Message>, Vec<&Message>) =
            batch.iter().partition(|message| message.name == INCIDENT_REGISTERED);
        if !orders.is_empty() {
            self.obey(work, &orders).await?;
        }
        for incident in incidents {
            self.pass_on(work, incident).await?;
        }
        Ok(())
    }
}
