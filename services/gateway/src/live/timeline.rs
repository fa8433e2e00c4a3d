//! A movement's timeline as a stream.

use std::collections::VecDeque;

use customs_declarations_contract::{MovementTimeline, TimelineEntry};
use customs_kernel::{Problem, UseCase as _};
use customs_notifications_contract::whisper_topic;
use futures_util::{Stream, stream::unfold};
use uuid::Uuid;

use super::waker::Waker;
use crate::{Gateway, auth::Visit};

struct Reader {
    gateway: Gateway,
    visit: Visit,
    movement: Uuid,
    after: i64,
    read: VecDeque<TimelineEntry>,
    waker: Waker,
    over: bool,
}

/// What happens to `movement`, behind the entry number `after`; ends with a problem.
///
/// A movement that cannot be seen is refused at once.
pub(crate) async fn timeline(
    gateway: Gateway,
    visit: Visit,
    movement: Uuid,
    after: i64,
) -> Result<impl Stream<Item = Result<TimelineEntry, Problem>> + Send + 'static, Problem> {
    let mut waker = Waker::new(gateway.memory().listen());
    if let Some(party) = &visit.actor.party {
        // Every change of a movement is told to the boxes of its parties.
        waker.listen_to(whisper_topic(party.as_str()));
    }
    let mut reader = Reader { gateway, visit, movement, after, read: VecDeque::new(), waker, over: false };
    reader.pull().await?;
    Ok(unfold(reader, |mut reader| async move {
        let next = reader.next().await?;
        Some((next, reader))
    }))
}

impl Reader {
    async fn next(&mut self) -> Option<Result<TimelineEntry, Problem>> {
        if self.over {
            return None;
        }
        loop {
            if let Some(entry) = self.read.pop_front() {
                self.after = entry.sequence;
                return Some(Ok(entry));
            }
            match self.pull().await {
                Ok(true) => {}
                Ok(false) => self.waker.wait().await,
                Err(problem) if problem.again => self.waker.wait().await,
                Err(problem) => {
                    self.over = true;
                    return Some(Err(problem));
                }
            }
        }
    }

    async fn pull(&mut self) -> Result<bool, Problem> {
        self.visit.require(MovementTimeline::NEEDS)?;
        self.visit.still_good(self.gateway.clock().now())?;
        let ask =
            MovementTimeline { movement: self.movement, after_sequence: Some(self.after), first: Some(100) };
        let page = self.gateway.desk().ask(&self.visit.caller(), ask).await?;
        self.read = page.items.into();
        Ok(!self.read.is_empty())
    }
}
