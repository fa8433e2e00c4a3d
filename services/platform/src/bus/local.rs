//! The bus within one process.
//!
//! Publishing hands the messages to the inboxes themselves and returns when they have taken effect, so the
//! outbox row that is deleted afterwards is the only memory the bus needs.

use std::sync::{Arc, RwLock};

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::{Bus, Delivers, Published, Subscription};
use crate::{Failure, Message};

/// The bus within one process.
#[derive(Default)]
pub struct LocalBus {
    consumers: RwLock<Vec<(Subscription, Arc<dyn Delivers>)>>,
}

impl LocalBus {
    /// A bus without consumers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn consumers(&self) -> Vec<(Subscription, Arc<dyn Delivers>)> {
        self.consumers.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Bus for LocalBus {
    async fn publish(&self, batch: Vec<Message>) -> Published {
        let confirmed = batch.len();
        let deliveries = self.consumers().into_iter().filter_map(|(subscription, inbox)| {
            let share: Vec<Message> = batch
                .iter()
                .filter(|message| subscription.names.contains(&message.name.as_str()))
                .cloned()
                .collect();
            (!share.is_empty()).then_some(async move { inbox.deliver(share).await })
        });
        join_all(deliveries).await;
        Published { confirmed, failure: None }
    }

    async fn consume(
        &self,
        subscription: Subscription,
        inbox: Arc<dyn Delivers>,
        _stop: CancellationToken,
    ) -> Result<(), Failure> {
        self.consumers.write().unwrap_or_else(std::sync::PoisonError::into_inner).push((subscription, inbox));
        Ok(())
    }

    fn is_local(&self) -> bool {
        true
    }

    async fn ready(&self) -> bool {
        true
    }
}
