//! Packs: the messages of one batch that go to the same queue, in their order.

use serde_json::value::RawValue;

use super::Subscription;
use crate::{Failure, Message, message::partition};

/// How many messages one pack carries.
const MESSAGES_MAX: usize = 64;
/// From how many octets on a pack is closed.
const OCTETS_MAX: usize = 256 * 1024;

/// Messages that travel together to one queue.
#[derive(Debug)]
pub(super) struct Pack {
    /// The service that gets it.
    pub(super) service: &'static str,
    /// Number of the queue.
    pub(super) partition: u32,
    /// The places of its messages in the batch.
    pub(super) messages: Vec<usize>,
    octets: Vec<u8>,
}

impl Pack {
    /// The pack as it travels: a list in JSON.
    pub(super) fn body(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.octets.len() + 2);
        body.push(b'[');
        body.extend_from_slice(&self.octets);
        body.push(b']');
        body
    }

    fn is_full(&self) -> bool {
        self.messages.len() >= MESSAGES_MAX || self.octets.len() >= OCTETS_MAX
    }
}

/// Packs `batch` for all who want its messages; for each queue in the order of the batch.
pub(super) fn pack(
    batch: &[Message],
    topology: &[Subscription],
    partitions: u32,
) -> Result<Vec<Pack>, Failure> {
    let mut packs: Vec<Pack> = Vec::new();
    for (place, message) in batch.iter().enumerate() {
        let text = serde_json::to_vec(message)?;
        let number = partition(&message.aggregate, partitions);
        for subscription in topology.iter().filter(|one| one.names.contains(&message.name.as_str())) {
            // The newest pack of the queue is the only one that may still be open.
            let newest = packs
                .iter_mut()
                .rfind(|pack| pack.service == subscription.service && pack.partition == number);
            match newest.filter(|pack| !pack.is_full()) {
                Some(pack) => {
                    pack.octets.push(b',');
                    pack.octets.extend_from_slice(&text);
                    pack.messages.push(place);
                }
                None => packs.push(Pack {
                    service: subscription.service,
                    partition: number,
                    messages: vec![place],
                    octets: text.clone(),
                }),
            }
        }
    }
    Ok(packs)
}

/// The messages of a pack, or the one message that was sent alone.
pub(super) fn unpack(octets: &[u8]) -> Result<Vec<Message>, serde_json::Error> {
    if octets.first() != Some(&b'[') {
        return Ok(vec![serde_json::from_slice(octets)?]);
    }
    let parts: Vec<&RawValue> = serde_json::from_slice(octets)?;
    parts.into_iter().map(|part| serde_json::from_str(part.get())).collect()
}

/// Which messages of a batch are safe: those whose packs are all confirmed.
#[derive(Debug)]
pub(super) struct Tally {
    open: Vec<usize>,
    confirmed: usize,
}

impl Tally {
    /// Nothing is confirmed yet of `messages` messages in `packs`; what nobody wants needs no confirm.
    pub(super) fn of(messages: usize, packs: &[Pack]) -> Self {
        let mut open = vec![0; messages];
        for place in packs.iter().flat_map(|pack| &pack.messages) {
            if let Some(count) = open.get_mut(*place) {
                *count += 1;
            }
        }
        let mut tally = Self { open, confirmed: 0 };
        tally.advance();
        tally
    }

    /// How many messages, counted from the first, are safe.
    pub(super) const fn confirmed(&self) -> usize {
        self.confirmed
    }

    /// `pack` is confirmed; tells how many messages, counted from the first, are safe now.
    pub(super) fn confirm(&mut self, pack: &Pack) -> usize {
        for place in &pack.messages {
            if let Some(count) = self.open.get_mut(*place) {
                *count -= 1;
            }
        }
        self.advance();
        self.confirmed
    }

    fn advance(&mut self) {
        while self.open.get(self.confirmed) == Some(&0) {
            self.confirmed += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use customs_kernel::id::uuid_at;
    use proptest::{collection, prelude::*};

    use super::*;
    use crate::Kind;

    const TOPOLOGY: [Subscription; 2] = [
        Subscription { service: "one", names: &["both", "first"] },
        Subscription { service: "two", names: &["both"] },
    ];

    fn message(name: &str, aggregate: &str, body: usize) -> Message {
        Message {
            id: uuid_at(DateTime::UNIX_EPOCH),
            name: name.to_owned(),
            kind: Kind::Event,
            aggregate: aggregate.to_owned(),
            saga: None,
            correlation_id: "c".to_owned(),
            traceparent: None,
            occurred_at: DateTime::UNIX_EPOCH,
            body: "x".repeat(body),
        }
    }

    #[test]
    fn what_nobody_wants_needs_no_pack_and_no_confirm() {
        let batch = [message("nobody", "a", 1), message("both", "a", 1)];
        let packs = pack(&batch, &TOPOLOGY, 1).unwrap();
        let mut tally = Tally::of(batch.len(), &packs);
        assert_eq!((packs.len(), tally.confirmed()), (2, 1));
        assert_eq!(tally.confirm(&packs[1]), 1, "a message is safe when all have it");
        assert_eq!(tally.confirm(&packs[0]), 2);
    }

    #[test]
    fn a_message_that_travels_alone_is_read_too() {
        let alone = message("both", "a", 3);
        assert_eq!(unpack(&serde_json::to_vec(&alone).unwrap()).unwrap(), [alone]);
        assert!(unpack(b"[1]").is_err());
        assert!(unpack(b"{").is_err());
    }

    #[test]
    fn large_messages_close_their_pack() {
        let batch = [message("first", "a", OCTETS_MAX), message("first", "a", 1)];
        assert_eq!(pack(&batch, &TOPOLOGY, 1).unwrap().len(), 2);
    }

    proptest! {
        #[test]
        fn every_queue_gets_what_it_wants_in_order(
            said in collection::vec((0_usize..3, 0_u8..9), 0..300),
            partitions in 1_u32..4,
        ) {
            let names = ["both", "first", "nobody"];
            let batch: Vec<Message> =
                said.iter().map(|(name, aggregate)| message(names[*name], &aggregate.to_string(), 2)).collect();
            let packs = pack(&batch, &TOPOLOGY, partitions).unwrap();
            for subscription in TOPOLOGY {
                for number in 0..partitions {
                    let mine = packs.iter().filter(|pack| (pack.service, pack.partition) == (subscription.service, number));
                    let got: Vec<Message> = mine.flat_map(|pack| unpack(&pack.body()).unwrap()).collect();
                    let wanted = batch.iter().filter(|message| {
                        subscription.names.contains(&message.name.as_str())
                            && partition(&message.aggregate, partitions) == number
                    });
                    prop_assert!(got.iter().eq(wanted));
                }
            }
            let mut tally = Tally::of(batch.len(), &packs);
            let mut safe = tally.confirmed();
            for pack in packs.iter().rev() {
                let now = tally.confirm(pack);
                prop_assert!(now >= safe);
                safe = now;
            }
            prop_assert_eq!(safe, batch.len());
        }
    }
}
