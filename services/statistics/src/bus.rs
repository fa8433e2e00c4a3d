//! Name of a message -> what statistics does with it.

use async_trait::async_trait;
use customs_declarations_contract::bus::{
    MOVEMENT_ARRIVED, MOVEMENT_DISCHARGED, MOVEMENT_RELEASED, MovementFact,
};
use customs_platform::{Failure, Message, Receives, Work};

use crate::{
    App,
    transit::{self, Stage},
};

/// The messages that statistics hears.
pub(crate) const NAMES: &[&str] = &[MOVEMENT_RELEASED, MOVEMENT_ARRIVED, MOVEMENT_DISCHARGED];

fn stage(name: &str) -> Option<Stage> {
    match name {
        MOVEMENT_RELEASED => Some(Stage::Released),
        MOVEMENT_ARRIVED => Some(Stage::Arrived),
        MOVEMENT_DISCHARGED => Some(Stage::Discharged),
        _ => None,
    }
}

#[async_trait]
impl Receives for App {
    async fn receive(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        self.receive_batch(work, &[message]).await
    }

    /// A batch is counted at once: every counter is written one time, however many facts it counts.
    async fn receive_batch(&self, work: &mut Work, batch: &[&Message]) -> Result<(), Failure> {
        let mut told = Vec::with_capacity(batch.len());
        for message in batch {
            work.follow(message);
            if let Some(stage) = stage(&message.name) {
                told.push((message.id, stage, message.read::<MovementFact>()?));
            }
        }
        transit::record(work, &told).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_that_is_heard_is_counted_as_a_stage() {
        assert!(NAMES.iter().all(|name| stage(name).is_some()));
        assert!(stage("declarations.movement-changed").is_none());
    }
}
