//! Use cases: list a participant's webhooks and read one.

use customs_kernel::{Caller, Problem, problem};
use customs_notifications_contract::{ListWebhooks, ReadWebhook, Webhook, WebhookPage};
use customs_platform::{Answers, Failure};
use uuid::Uuid;

use super::store;
use crate::{App, mailbox::own_party, page};

impl Answers<ListWebhooks> for App {
    async fn answer(&self, caller: &Caller, ask: ListWebhooks) -> Result<WebhookPage, Failure> {
        let mut findings = Vec::new();
        let first = page::first(ask.first, &mut findings);
        let after = page::after(ask.after.as_deref(), &mut findings, |key| key.parse::<Uuid>().ok());
        page::refuse(findings)?;
        let owner = own_party(caller)?;
        let (after, now) = (after.unwrap_or(Uuid::nil()), self.store.clock().now());
        let mut items = store::list(self.store.reader(), &owner, after, first + 1, now).await?;
        let more = items.len() > first;
        items.truncate(first);
        let next = items.last().filter(|_| more).map(|last| page::cursor(&last.id.to_string()));
        Ok(WebhookPage { items, next })
    }
}

impl Answers<ReadWebhook> for App {
    async fn answer(&self, caller: &Caller, ask: ReadWebhook) -> Result<Webhook, Failure> {
        let owner = own_party(caller)?;
        let now = self.store.clock().now();
        let found = store::find(self.store.reader(), &owner, ask.id, now).await?;
        found.ok_or_else(|| unknown().into())
    }
}

/// Answers for a webhook that is not there or not the caller's.
pub(crate) fn unknown() -> Problem {
    problem::NOT_FOUND.because("there is no such webhook").at("/id")
}
