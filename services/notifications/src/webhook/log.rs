//! Use case: read the log of deliveries to one webhook.

use customs_kernel::Caller;
use customs_notifications_contract::{WebhookDeliveries, WebhookDeliveryPage};
use customs_platform::{Answers, Failure};

use super::{list::unknown, store};
use crate::{App, delivery, mailbox::own_party, page};

impl Answers<WebhookDeliveries> for App {
    async fn answer(&self, caller: &Caller, ask: WebhookDeliveries) -> Result<WebhookDeliveryPage, Failure> {
        let mut findings = Vec::new();
        let first = page::first(ask.first, &mut findings);
        let after = page::after(ask.after.as_deref(), &mut findings, |key| key.parse::<i64>().ok());
        page::refuse(findings)?;
        let owner = own_party(caller)?;
        let (reader, now) = (self.store.reader(), self.store.clock().now());
        store::find(reader, &owner, ask.id, now).await?.ok_or_else(unknown)?;
        let mut lines = delivery::log(reader, ask.id, after, first + 1).await?;
        let more = lines.len() > first;
        lines.truncate(first);
        let next = lines.last().filter(|_| more).map(|(seq, _)| page::cursor(&seq.to_string()));
        Ok(WebhookDeliveryPage { items: lines.into_iter().map(|(_, line)| line).collect(), next })
    }
}
