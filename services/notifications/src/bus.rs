//! Name of a message -> what notifications does with it.

use async_trait::async_trait;
use customs_declarations_contract::bus::{
    INCIDENT_REPORTED, MESSAGE_ISSUED, MOVEMENT_ARRIVED, MOVEMENT_CHANGED, MOVEMENT_DISCHARGED,
    MOVEMENT_RELEASED, NOTE_WRITTEN,
};
use customs_guarantees_contract::bus::{GUARANTEE_CHANGED, INCIDENT_TOLD, USE_CHANGED};
use customs_platform::{Failure, Message, Receives, Work, inbox};

use crate::{
    App,
    mailbox::{self, Told},
};

/// The messages that notifications hears.
pub(crate) const NAMES: &[&str] = &[
    MESSAGE_ISSUED,
    MOVEMENT_CHANGED,
    MOVEMENT_RELEASED,
    MOVEMENT_ARRIVED,
    MOVEMENT_DISCHARGED,
    USE_CHANGED,
    INCIDENT_TOLD,
    GUARANTEE_CHANGED,
    NOTE_WRITTEN,
    INCIDENT_REPORTED,
];

fn told(message: &Message) -> Result<Option<Told>, Failure> {
    Ok(match message.name.as_str() {
        MESSAGE_ISSUED => Some(mailbox::message_issued(&message.read()?)?),
        MOVEMENT_CHANGED => Some(mailbox::movement_changed(&message.read()?)?),
        MOVEMENT_RELEASED => Some(mailbox::movement_released(&message.read()?)?),
        MOVEMENT_ARRIVED => Some(mailbox::movement_arrived(&message.read()?)?),
        MOVEMENT_DISCHARGED => Some(mailbox::movement_discharged(&message.read()?)?),
        USE_CHANGED => Some(mailbox::use_changed(&message.read()?)?),
        INCIDENT_TOLD => Some(mailbox::incident_told(&message.read()?)?),
        GUARANTEE_CHANGED => Some(mailbox::guarantee_changed(&message.read()?)?),
        NOTE_WRITTEN => Some(mailbox::note_written(&message.read()?)?),
        INCIDENT_REPORTED => Some(mailbox::incident_reported(&message.read()?)?),
        _ => None,
    })
}

#[async_trait]
impl Receives for App {
    async fn receive(&self, work: &mut Work, message: &Message) -> Result<(), Failure> {
        self.receive_batch(work, &[message]).await
    }

    /// A batch goes into the boxes at once: every box is written one time, however much it is told.
    async fn receive_batch(&self, work: &mut Work, batch: &[&Message]) -> Result<(), Failure> {
        let mut facts = Vec::with_capacity(batch.len());
        for message in batch {
            work.follow(message);
            let told = inbox::span(message).in_scope(|| told(message))?;
            facts.extend(told.map(|told| (*message, told)));
        }
        self.put_into_boxes(work, &facts).await
    }
}
