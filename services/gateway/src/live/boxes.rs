//! A message box as a stream of notifications.

use std::collections::VecDeque;

use customs_kernel::{Problem, UseCase as _};
use customs_notifications_contract::{Notification, PullNotifications, whisper_topic};
use futures_util::{Stream, stream::unfold};

use super::waker::Waker;
use crate::{Gateway, auth::Visit};

/// Where in a box a stream starts.
#[derive(Clone, Debug)]
pub(crate) enum BoxStart {
    /// With what comes from now on.
    Now,
    /// Behind a number; 0 is the beginning of the box.
    Number(i64),
    /// Behind a cursor.
    Cursor(String),
}

struct Reader {
    gateway: Gateway,
    visit: Visit,
    office: Option<String>,
    place: BoxStart,
    read: VecDeque<Notification>,
    waker: Waker,
    over: bool,
}

/// The notifications of the caller's box (for an officer: of an office's) from `start` on; ends with a problem.
///
/// A box that cannot be read, or not from there, is refused at once.
pub(crate) async fn notifications(
    gateway: Gateway,
    visit: Visit,
    office: Option<String>,
    start: BoxStart,
) -> Result<impl Stream<Item = Result<Notification, Problem>> + Send + 'static, Problem> {
    let waker = Waker::new(gateway.memory().listen());
    let mut reader =
        Reader { gateway, visit, office, place: start, read: VecDeque::new(), waker, over: false };
    reader.pull().await?;
    Ok(unfold(reader, |mut reader| async move {
        let next = reader.next().await?;
        Some((next, reader))
    }))
}

impl Reader {
    async fn next(&mut self) -> Option<Result<Notification, Problem>> {
        if self.over {
            return None;
        }
        loop {
            if let Some(notification) = self.read.pop_front() {
                self.place = BoxStart::Cursor(notification.cursor.clone());
                return Some(Ok(notification));
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

    /// Reads on from the place; tells whether there was something.
    async fn pull(&mut self) -> Result<bool, Problem> {
        self.visit.require(PullNotifications::NEEDS)?;
        self.visit.still_good(self.gateway.clock().now())?;
        let mut ask =
            PullNotifications { office: self.office.clone(), first: Some(100), ..Default::default() };
        match &self.place {
            BoxStart::Now => ask.first = Some(1),
            BoxStart::Number(number) => ask.after_number = Some(*number),
            BoxStart::Cursor(cursor) => ask.after = Some(cursor.clone()),
        }
        let page = self.gateway.desk().ask(&self.visit.caller(), ask).await?;
        self.waker.listen_to(whisper_topic(&page.owner));
        if matches!(self.place, BoxStart::Now) {
            self.place = BoxStart::Number(page.last_number);
            return Ok(false);
        }
        self.read = page.items.into();
        Ok(!self.read.is_empty())
    }
}
