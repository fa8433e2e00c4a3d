//! What guarantees hears: message name to use case.

use async_trait::async_trait;
use customs_guarantees_contract::bus::{FREE, HOLD};
use customs_platform::{Failure, Message, Receives, Work, bus::Subscription};

use crate::{App, NAME};

/// The messages guarantees wants.
pub const SUBSCRIPTION: Subscription = Subscription { service: NAME, names: &[HOLD, FREE] };

#[async_trait]
impl Receives for App {
    async fn receive(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        self.obey(work, &[message]).await
    }

    async fn receive_batch(&self, work: &mut Work, batch: &[&Message]) -> Result<(), Failure> {
        if batch.is_empty() { Ok(()) } else { self.obey(work, batch).await }
    }
}
