//! Facts are put into the boxes of all whom they concern, and on their way to the webhooks.

use std::{collections::BTreeMap, sync::Arc};

use customs_kernel::id::uuid_at;
use customs_notifications_contract::{CloudEvent, whisper_topic};
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
    /// Puts `facts` into their boxes in their order, each once for its message, and queues them for the webhooks
    /// of the owners.
    pub(crate) async fn put_into_boxes(
        &self,
        work: &Work,
        facts: &[(&Message, Told)],
    ) -> Result<(), Failure> {
        let mut places = store::next_numbers(work.txn(), &counts(facts)).await?;
        let mut entries = Vec::new();
        for (message, told) in facts {
            for owner in &told.owners {
                let Some(place) = places.get_mut(owner) else { continue };
                let number = place.next;
                place.next += 1;
                let (id, recorded_at) = (uuid_at(work.now()), work.now());
                let quiet = place.quiet.iter().any(|kind| kind == told.kind);
                entries.push(NewEntry { owner, number, id, message, told, recorded_at, quiet });
            }
        }
        store::append(work.txn(), &entries).await?;
        let has_webhooks = |place: &&String| places.get(*place).is_some_and(|place| place.webhooks > 0);
        let owners: Vec<&str> = places.keys().filter(has_webhooks).map(String::as_str).collect();
        if !owners.is_empty() {
            self.queue(work, &owners, &entries).await?;
        }
        let newest = places.into_iter().map(|(owner, place)| (owner, place.next - 1)).collect();
        self.announce(work, newest);
        Ok(())
    }

    /// Tells whoever listens, as soon as it can be seen, which entries are the newest of their boxes.
    fn announce(&self, work: &Work, newest: Vec<(String, i64)>) {
        let cache = Arc::clone(&self.cache);
        work.afterwards(move || {
            tokio::spawn(async move {
                for (owner, number) in newest {
                    cache.whisper(&whisper_topic(&owner), &number.to_string()).await;
                }
            });
        });
    }

    async fn queue(&self, work: &Work, owners: &[&str], entries: &[NewEntry<'_>]) -> Result<(), Failure> {
        let targets = webhook::targets(work.txn(), owners).await?;
        let mut parcels = Vec::new();
        for entry in entries {
            let of_owner = targets.iter().filter(|target| target.owner == entry.owner);
            for target in of_owner.filter(|target| target.wants(entry.told.kind)) {
                parcels.push(parcel(target.id, entry)?);
            }
        }
        delivery::queue(work, &parcels).await?;
        if !parcels.is_empty() {
            let due = Arc::clone(&self.due);
            work.afterwards(move || due.notify_one());
        }
        Ok(())
    }
}

/// How much is told to each owner.
fn counts<'a>(facts: &'a [(&Message, Told)]) -> BTreeMap<&'a str, i64> {
    let mut counts = BTreeMap::new();
    for owner in facts.iter().flat_map(|(_, told)| &told.owners) {
        *counts.entry(owner.as_str()).or_default() += 1;
    }
    counts
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
