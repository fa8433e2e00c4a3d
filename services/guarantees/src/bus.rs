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
        match message.name.as_str() {
            HOLD => self.place(work, message).await,
            FREE => self.free(work, message).await,
            other => Err(Failure::Broken(anyhow::anyhow!("guarantees does not know {other}"))),
        }
    }
}
