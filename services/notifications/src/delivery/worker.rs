//! The work in the background: whatever is due is delivered, no receiver waits for another.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use customs_platform::Failure;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::store::{self, Claimed};
use crate::App;

/// How many deliveries a process tries at the same time.
const TOGETHER_MAX: usize = 256;
/// How many of these may go to one webhook that takes them, and to one that lately did not.
const TO_ONE_MAX: usize = 8;
const TO_FAILING_MAX: usize = 1;
/// How many rows are looked at in one go.
const LOOK_MAX: usize = 64;
/// How often it is looked without being rung.
const LOOK: Duration = Duration::from_millis(500);
const SWEEP: Duration = Duration::from_hours(1);
/// How long a delivery stands in the log.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Attempts under way: how many to each webhook.
#[derive(Default)]
struct UnderWay(HashMap<Uuid, usize>);

impl UnderWay {
    fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether one more attempt may go to the webhook of `claimed`; if so, it is counted.
    fn take(&mut self, claimed: &Claimed) -> bool {
        let most = if claimed.failing { TO_FAILING_MAX } else { TO_ONE_MAX };
        let free = self.total() < TOGETHER_MAX && self.0.get(&claimed.webhook).is_none_or(|now| *now < most);
        if free {
            *self.0.entry(claimed.webhook).or_default() += 1;
        }
        free
    }

    fn leave(&mut self, webhook: Uuid) {
        if let Some(now) = self.0.get_mut(&webhook) {
            *now -= 1;
            if *now == 0 {
                self.0.remove(&webhook);
            }
        }
    }

    /// Webhooks to which nothing more may go at the moment, as far as is known without looking at them.
    fn busy(&self, full: &[Uuid]) -> Vec<Uuid> {
        let most = |now: &usize| *now >= TO_ONE_MAX;
        let mut busy: Vec<Uuid> = self.0.iter().filter(|(_, now)| most(now)).map(|(id, _)| *id).collect();
        busy.extend(full.iter().filter(|id| self.0.contains_key(id)));
        busy.sort_unstable();
        busy.dedup();
        busy
    }
}

impl App {
    /// Claims what is due and fits beside what is under way; webhooks without room are noted in `full`.
    async fn claim(&self, under_way: &mut UnderWay, full: &mut Vec<Uuid>) -> Result<Vec<Claimed>, Failure> {
        if under_way.total() >= TOGETHER_MAX {
            return Ok(Vec::new());
        }
        let busy = under_way.busy(full);
        let now = self.store.clock().now();
        if store::due(self.store.reader(), now, &busy, 1, false).await?.is_empty() {
            return Ok(Vec::new());
        }
        let work = self.store.begin("webhook.claim", "").await?;
        let mut chosen = Vec::new();
        for claimed in store::due(work.txn(), work.now(), &busy, LOOK_MAX, true).await? {
            if under_way.take(&claimed) {
                chosen.push(claimed);
            } else {
                full.push(claimed.webhook);
            }
        }
        let leased = async {
            store::lease(&work, &mut chosen).await?;
            work.commit().await
        };
        if let Err(failure) = leased.await {
            for claimed in &chosen {
                under_way.leave(claimed.webhook);
            }
            return Err(failure);
        }
        Ok(chosen)
    }
}

/// Attempts under way as tasks.
#[derive(Default)]
struct Tasks {
    set: JoinSet<Uuid>,
    webhooks: HashMap<Id, Uuid>,
    under_way: UnderWay,
    full: Vec<Uuid>,
}

impl Tasks {
    /// Starts what is due, as much as there is room for; tells how many were started.
    async fn start(&mut self, app: &Arc<App>) -> Result<u32, Failure> {
        let mut started = 0;
        loop {
            let full_before = self.full.len();
            let claimed = app.claim(&mut self.under_way, &mut self.full).await?;
            let nothing_new = claimed.is_empty() && self.full.len() == full_before;
            for claimed in claimed {
                let app = Arc::clone(app);
                let webhook = claimed.webhook;
                let task = self.set.spawn(async move {
                    if let Err(failure) = app.try_delivery(&claimed).await {
                        tracing::warn!(%webhook, ?failure, "an attempt to deliver could not be written down");
                    }
                    webhook
                });
                self.webhooks.insert(task.id(), webhook);
                started += 1;
            }
            if nothing_new {
                return Ok(started);
            }
        }
    }

    fn ended(&mut self, ended: Result<(Id, Uuid), JoinError>) {
        let task = match ended {
            Ok((task, _)) => task,
            Err(error) => {
                tracing::error!(%error, "an attempt to deliver broke off");
                error.id()
            }
        };
        if let Some(webhook) = self.webhooks.remove(&task) {
            self.under_way.leave(webhook);
            self.full.retain(|full| *full != webhook);
        }
    }
}

/// Delivers whatever is due, each once, and what becomes due by that; tells how many attempts were made.
pub async fn deliver_due(app: &Arc<App>) -> Result<u32, Failure> {
    let mut tasks = Tasks::default();
    let mut attempts = 0;
    loop {
        attempts += tasks.start(app).await?;
        match tasks.set.join_next_with_id().await {
            Some(ended) => tasks.ended(ended),
            None => return Ok(attempts),
        }
    }
}

/// Delivers to webhooks until told to stop, then waits for the attempts under way.
///
/// Any number of processes may do this at the same time; each takes what the others leave.
pub async fn deliver_webhooks(app: Arc<App>, stop: CancellationToken) {
    let mut tasks = Tasks::default();
    let mut swept = Instant::now();
    while !stop.is_cancelled() {
        note(tasks.start(&app).await);
        tokio::select! {
            () = stop.cancelled() => {}
            Some(ended) = tasks.set.join_next_with_id() => tasks.ended(ended),
            () = app.due.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
        if swept.elapsed() >= SWEEP {
            swept = Instant::now();
            note(sweep(&app).await);
        }
    }
    while let Some(ended) = tasks.set.join_next_with_id().await {
        tasks.ended(ended);
    }
}

fn note<T>(outcome: Result<T, Failure>) {
    if let Err(failure) = outcome {
        tracing::warn!(?failure, "deliveries wait for the database");
    }
}

async fn sweep(app: &App) -> Result<u64, Failure> {
    let work = app.store.begin("webhook.sweep", "").await?;
    let swept = store::sweep(&work, work.now() - KEPT).await?;
    work.commit().await?;
    Ok(swept)
}
