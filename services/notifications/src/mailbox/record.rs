//! A fact is put into the boxes of all whom it concerns, and on its way to their webhooks.

use customs_kernel::id::uuid_at;
use customs_notifications_contract::CloudEvent;
use customs_platform::{Failure, Message, Work};
use uuid::Uuid;

use super::{
    facts::Told,
    store::{self, NewEntry},
};
use crate::{
    App,
    delivery::{self, Parcel},
    webhook,
};

impl App {
    /// Puts `told` into its boxes, once for `message`, and queues it for the webhooks of their owners.
    pub(crate) async fn put_into_boxes(
        &self,
        work: &Work,
        message: &Message,
        told: &Told,
    ) -> Result<(), Failure> {
        let numbered = store::next_numbers(work.txn(), &told.owners).await?;
        let entries: Vec<NewEntry<'_>> = numbered
            .iter()
            .map(|place| NewEntry {
                owner: &place.owner,
                number: place.number,
                id: uuid_at(work.now()),
                message,
                told,
                recorded_at: work.now(),
            })
            .collect();
        store::append(work.txn(), &entries).await?;
        let with_webhooks: Vec<&str> =
            numbered.iter().filter(|place| place.webhooks > 0).map(|place| place.owner.as_str()).collect();
        if !with_webhooks.is_empty() {
            self.queue(work, &with_webhooks, &entries).await?;
        }
        for entry in &entries {
            self.announcer.note(entry.owner, entry.number);
        }
        Ok(())
    }

    async fn queue(&self, work: &Work, owners: &[&str], entries: &[NewEntry<'_>]) -> Result<(), Failure> {
        let mut parcels = Vec::new();
        for target in webhook::targets(work.txn(), owners).await? {
            let entry = entries.iter().find(|entry| entry.owner == target.owner);
            let Some(entry) = entry.filter(|entry| target.wants(entry.told.kind)) else { continue };
            parcels.push(parcel(target.id, entry)?);
        }
        delivery::queue(work, &parcels).await
    }
}

fn parcel(webhook: Uuid, entry: &NewEntry<'_>) -> Result<Parcel, Failure> {
    let event = CloudEvent {
        specversion: "1.0".to_owned(),
        id: entry.id.to_string(),
        source: entry.told.source.to_owned(),
        kind: entry.told.kind.to_owned(),
        subject: entry.told.subject.clone(),
        time: entry.told.occurred_at,
        datacontenttype: "application/json".to_owned(),
        boxnumber: Some(entry.number),
        correlationid: Some(entry.message.correlation_id.clone()),
        data: entry.told.data.clone(),
    };
    Ok(Parcel {
        webhook,
        order_key: entry.told.order_key.clone(),
        event: entry.id,
        event_type: entry.told.kind.to_owned(),
        number: Some(entry.number),
        body: serde_json::to_string(&event)?,
    })
}
