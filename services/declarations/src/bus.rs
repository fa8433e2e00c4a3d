//! What declarations hears: message name to use case.

use async_trait::async_trait;
use customs_guarantees_contract::bus::{FREED, HELD, HOLD_REFUSED};
use customs_platform::{Failure, Message, Receives, Work, bus::Subscription};
use customs_references_contract::bus::VERSION_ACTIVATED;

use crate::App;

/// What declarations wants to hear.
pub const SUBSCRIPTION: Subscription =
    Subscription { service: crate::NAME, names: &[HELD, HOLD_REFUSED, FREED, VERSION_ACTIVATED] };

#[async_trait]
impl Receives for App {
    async fn receive(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        match message.name.as_str() {
            HELD | HOLD_REFUSED => self.transit_release.hear(work, message).await,
            FREED => self.discharge.hear(work, message).await,
            VERSION_ACTIVATED => {
                self.shared.reference.forget();
                Ok(())
            }
            other => Err(Failure::Broken(anyhow::anyhow!("declarations does not know {other}"))),
        }
    }
}
