//! What came of an attempt is written down, and what follows from it.

use customs_platform::Failure;

use super::{
    schedule,
    send::Answer,
    state::{DeliveryEvent, DeliveryState},
    store::{self, Claimed, Settled},
};
use crate::{App, webhook};

impl App {
    /// Tries to deliver `claimed` once and writes down what came of it.
    pub(crate) async fn try_delivery(&self, claimed: &Claimed) -> Result<(), Failure> {
        let answer = self.sender.send(claimed).await;
        self.settle(claimed, &answer).await
    }

    async fn settle(&self, claimed: &Claimed, answer: &Answer) -> Result<(), Failure> {
        let work = self.store.begin("webhook.settle", "").await?;
        let (event, at) = schedule::next(answer.status, claimed.attempts, work.now(), claimed.expires_at);
        let Some(state) = DeliveryState::Pending.on(event) else { return Ok(()) };
        let settled = Settled {
            state,
            next_attempt_at: at,
            status: answer.status,
            duration_ms: answer.duration_ms,
            response: &answer.text,
        };
        if !store::settle(&work, claimed, &settled).await? {
            return Ok(());
        }
        match event {
            DeliveryEvent::Leave => {
                webhook::gone(work.txn(), claimed.webhook).await?;
                store::give_up(&work, claimed.webhook).await?;
            }
            DeliveryEvent::Take | DeliveryEvent::Fail | DeliveryEvent::Expire => {
                store::move_followers(&work, claimed, at).await?;
            }
        }
        match event {
            DeliveryEvent::Take if claimed.failing => webhook::recovered(work.txn(), claimed.webhook).await?,
            DeliveryEvent::Take | DeliveryEvent::Leave => {}
            DeliveryEvent::Fail | DeliveryEvent::Expire => {
                webhook::failed(work.txn(), claimed.webhook).await?;
            }
        }
        work.commit().await
    }
}
