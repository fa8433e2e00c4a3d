//! A message box followed live: every notification once, in order, without a gap.

mod notice;
mod socket;
mod sse;

pub(super) use notice::{Notice, Subject};

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use anyhow::Context as _;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::{Instant, timeout_at},
};
use uuid::Uuid;

use super::{client::Visitor, deviation::Deviation, timeline::Timeline};

/// How long to wait for a notification.
const DEADLINE: Duration = Duration::from_secs(10);

/// By which door a box is followed.
#[derive(Clone, Copy, Debug)]
pub(super) enum By {
    /// A GraphQL subscription over graphql-transport-ws.
    Subscription,
    /// Server-sent events.
    Events,
}

/// A box that is followed.
pub(super) struct Live {
    who: String,
    by: By,
    timeline: Timeline,
    heard: Heard,
    reader: JoinHandle<()>,
    /// Number of the newest notification.
    last: i64,
    waiting: HashMap<Subject, VecDeque<Notice>>,
    awaited: HashSet<Subject>,
    received: Vec<(i64, Uuid)>,
}

impl Live {
    /// Follows the box of `visitor` from what comes next; returns when the stream stands.
    pub(super) async fn follow(visitor: &Visitor, by: By, timeline: &Timeline) -> anyhow::Result<Self> {
        let last = newest(visitor).await?;
        let (heard, reader) = open(visitor, by, last, timeline).await?;
        Ok(Self {
            who: visitor.login().to_owned(),
            by,
            timeline: timeline.clone(),
            heard,
            reader,
            last,
            waiting: HashMap::new(),
            awaited: HashSet::new(),
            received: Vec::new(),
        })
    }

    /// Ends the stream; what comes in the meantime waits in the box.
    pub(super) fn interrupt(&mut self) {
        self.reader.abort();
        self.heard.close();
    }

    /// Goes on behind the last notification, with the token that `visitor` has now.
    pub(super) async fn resume(&mut self, visitor: &Visitor) -> anyhow::Result<()> {
        while let Ok(notice) = self.heard.try_recv() {
            self.take(notice?)?;
        }
        (self.heard, self.reader) = open(visitor, self.by, self.last, &self.timeline).await?;
        Ok(())
    }

    /// The next notification about `subject`, which must say `word`.
    pub(super) async fn next(&mut self, subject: &Subject, word: &str) -> anyhow::Result<Notice> {
        self.awaited.insert(subject.clone());
        let by = Instant::now() + DEADLINE;
        loop {
            if let Some(notice) = self.waiting.get_mut(subject).and_then(VecDeque::pop_front) {
                if notice.word() == word {
                    return Ok(notice);
                }
                let what = format!("the notification {} of {}", notice.number, self.who);
                return Err(Deviation::new(what, word, notice.word()).into());
            }
            let what = || format!("what {} is told about {subject:?}", self.who);
            let heard = timeout_at(by, self.heard.recv()).await;
            let heard = heard.map_err(|_| Deviation::new(what(), word, "nothing in time"))?;
            self.take(heard.with_context(|| format!("the live stream of {} ended", self.who))??)?;
        }
    }

    /// Waits until everything up to the number `last` was heard.
    pub(super) async fn catch_up(&mut self, last: i64) -> anyhow::Result<()> {
        let by = Instant::now() + DEADLINE;
        while self.last < last {
            let what = || format!("the newest notification of {}", self.who);
            let heard = timeout_at(by, self.heard.recv()).await;
            let heard = heard.map_err(|_| Deviation::new(what(), last.to_string(), self.last.to_string()))?;
            self.take(heard.with_context(|| format!("the live stream of {} ended", self.who))??)?;
        }
        Ok(())
    }

    /// That nothing was told beyond what was waited for, about the subjects that were waited for.
    pub(super) fn nothing_left(&self) -> anyhow::Result<()> {
        let left = self.awaited.iter().filter_map(|subject| self.waiting.get(subject)?.front());
        match left.min_by_key(|notice| notice.number) {
            None => Ok(()),
            Some(notice) => {
                let what = format!("the notification {} of {}", notice.number, self.who);
                Err(Deviation::new(what, "nothing more", notice.word()).into())
            }
        }
    }

    /// Number of the newest notification that was heard.
    pub(super) const fn last(&self) -> i64 {
        self.last
    }

    /// Numbers and identities of everything received, in the order of its coming.
    pub(super) fn received(&self) -> &[(i64, Uuid)] {
        &self.received
    }

    /// Takes a notification in: its number follows the last one.
    fn take(&mut self, notice: Notice) -> Result<(), Deviation> {
        if notice.number != self.last + 1 {
            let what = format!("the number of a notification of {}", self.who);
            return Err(Deviation::new(what, (self.last + 1).to_string(), notice.number.to_string()));
        }
        self.last = notice.number;
        self.received.push((notice.number, notice.id));
        self.waiting.entry(notice.subject()).or_default().push_back(notice);
        Ok(())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

type Heard = UnboundedReceiver<anyhow::Result<Notice>>;

/// Where a reader passes on what it hears, once the timeline has it.
struct Ear {
    who: String,
    timeline: Timeline,
    tell: UnboundedSender<anyhow::Result<Notice>>,
}

impl Ear {
    /// Passes a notification on; tells whether somebody still listens.
    fn hear(&self, notice: Notice) -> bool {
        let about = notice.mrn.as_deref().or(notice.lrn.as_deref()).unwrap_or_default();
        self.timeline.say(&self.who, notice.words(), about);
        self.tell.send(Ok(notice)).is_ok()
    }

    /// Passes on why the stream ends.
    fn fail(&self, error: anyhow::Error) {
        // Nobody listens to a stream that was interrupted.
        _ = self.tell.send(Err(error));
    }
}

/// Opens the stream of `visitor` behind the number `after`; returns when it stands.
async fn open(
    visitor: &Visitor,
    by: By,
    after: i64,
    timeline: &Timeline,
) -> anyhow::Result<(Heard, JoinHandle<()>)> {
    let (tell, heard) = unbounded_channel();
    let ear = Ear { who: visitor.login().to_owned(), timeline: timeline.clone(), tell };
    let reader = match by {
        By::Subscription => socket::follow(visitor, after, ear).await,
        By::Events => sse::follow(visitor, after, ear).await,
    };
    Ok((heard, reader.with_context(|| format!("no live stream for {}", visitor.login()))?))
}

/// Number of the newest notification in the box of `visitor`.
async fn newest(visitor: &Visitor) -> anyhow::Result<i64> {
    let page: serde_json::Value = visitor.get("/notifications?first=1").await?.read()?;
    page["lastNumber"].as_i64().context("the box tells no number")
}
