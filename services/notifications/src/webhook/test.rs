//! Use case: send a test event to one webhook.

use customs_kernel::{Caller, id::uuid_at};
use customs_notifications_contract::{
    CloudEvent, TestWebhook, TestedWebhook,
    event::{WEBHOOK_TESTED, WebhookTestedData},
    problems::WEBHOOK_GONE,
};
use customs_platform::{Acts, Failure, Work};

use super::{
    list::unknown,
    store::{self, ACTIVE},
};
use crate::{
    App,
    delivery::{self, Parcel},
    mailbox::own_party,
};

impl Acts<TestWebhook> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: TestWebhook,
    ) -> Result<TestedWebhook, Failure> {
        let owner = own_party(caller)?;
        let found = store::find(work.txn(), &owner, ask.id, work.now()).await?;
        let webhook = found.ok_or_else(unknown)?;
        if webhook.state != ACTIVE {
            return Err(WEBHOOK_GONE.because("register the webhook anew").at("/id").into());
        }
        let id = uuid_at(work.now());
        let event = CloudEvent {
            specversion: "1.0".to_owned(),
            id: id.to_string(),
            source: "/notifications".to_owned(),
            kind: WEBHOOK_TESTED.to_owned(),
            subject: Some(format!("webhook/{}", ask.id)),
            time: work.now(),
            datacontenttype: "application/json".to_owned(),
            boxnumber: None,
            correlationid: Some(caller.correlation_id.clone()),
            data: serde_json::to_value(WebhookTestedData { webhook: ask.id })?,
        };
        let parcel = Parcel {
            webhook: ask.id,
            order_key: format!("test/{id}"),
            event: id,
            event_type: WEBHOOK_TESTED.to_owned(),
            number: None,
            body: serde_json::to_string(&event)?,
        };
        let delivery = delivery::queue_one(work, parcel).await?;
        self.due.notify_one();
        Ok(TestedWebhook { delivery })
    }
}
