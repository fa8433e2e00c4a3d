//! The bus port: confirmed publication, delivery per aggregate in order.

pub mod local;
mod pack;
pub mod rabbit;

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::{Failure, Message};

/// What became of a batch.
#[derive(Debug)]
pub struct Published {
    /// How many messages, counted from the first, are safe with the bus.
    pub confirmed: usize,
    /// Why the rest is not.
    pub failure: Option<Failure>,
}

/// Where the messages of a batch go.
#[async_trait]
pub trait Delivers: Send + Sync + 'static {
    /// Returns when every message has taken effect or is parked; it may be ended at any instant before.
    async fn deliver(&self, batch: Vec<Message>);
}

/// Which messages a service wants.
#[derive(Clone, Copy, Debug)]
pub struct Subscription {
    /// The service.
    pub service: &'static str,
    /// Names of messages.
    pub names: &'static [&'static str],
}

/// Carries messages between services.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Publishes `batch` in order; a message counts as confirmed when it will survive any crash.
    async fn publish(&self, batch: Vec<Message>) -> Published;

    /// Lets the messages of `subscription` flow to `inbox` until told to stop.
    async fn consume(
        &self,
        subscription: Subscription,
        inbox: Arc<dyn Delivers>,
        stop: CancellationToken,
    ) -> Result<(), Failure>;

    /// Whether the bus lives in this process, so that consuming is registered at once.
    fn is_local(&self) -> bool {
        false
    }

    /// Whether the bus can be reached.
    async fn ready(&self) -> bool;
}
