//! The keeper of the archive: fills ordered trees, has them stamped, renews them, and tries again what failed.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Clock;
use customs_platform::{Failure, Store, metrics, sql};
use customs_signatures::{
    TrustStore,
    archive::{root, stamped},
    read_timestamp,
};
use tokio_util::sync::CancellationToken;

use super::{ALL, ArchiveSettings, ORDER, Stamps, materials, store};

/// The trust of the moment.
pub type Trust = Arc<dyn Fn() -> Arc<TrustStore> + Send + Sync>;

/// How often it is looked for what is due.
const LOOK: Duration = Duration::from_secs(1);
/// How often what waits is measured, and lists of revoked certificates are kept, in looks.
const MEASURE: u32 = 30;
/// The longest pause between two attempts.
const PAUSE_MAX: TimeDelta = TimeDelta::hours(1);

/// Sees to the trees of one database; any number of processes may do so at the same time.
pub struct Keeper {
    store: Store,
    settings: ArchiveSettings,
    authority: Arc<dyn Stamps>,
    trust: Trust,
    /// The true time, which authorities tell as well.
    clock: Arc<dyn Clock>,
}

impl Keeper {
    /// A keeper of the evidence in `store`, stamped by `authority`, whose tokens are held against `trust`.
    pub fn new(
        store: Store,
        settings: ArchiveSettings,
        authority: Arc<dyn Stamps>,
        trust: Trust,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, settings, authority, trust, clock }
    }

    /// Sets the timer if it is not set, and hastens renewals that the settings ask for.
    pub async fn prepare(&self) -> Result<(), Failure> {
        let select = "SELECT 1 FROM timers WHERE name = $1";
        if sql::row(self.store.reader(), select, vec![ORDER.into()]).await?.is_none() {
            let mut work = self.store.begin("archive.prepare", "").await?;
            let due = work.now() + self.settings.every();
            work.set_timer(ORDER, &ALL.to_string(), due);
            work.commit().await?;
        }
        if let Some(before) = self.settings.renew_stamped_before {
            store::hasten(&self.store, before, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Sees to the tree that is due longest; false if none is.
    pub async fn step(&self) -> Result<bool, Failure> {
        let Some(mut tree) = store::claim(&self.store, self.clock.now()).await? else { return Ok(false) };
        if tree.root.is_none() {
            let leaves = store::gather(&self.store).await?;
            let hashes: Vec<_> = leaves.iter().map(|leaf| leaf.hash).collect();
            let Some(root) = root(&hashes) else {
                store::strike(&self.store, tree.id).await?;
                return Ok(true);
            };
            store::fill(&self.store, tree.id, &root, &leaves).await?;
            if leaves.len() == store::LEAVES_MAX {
                store::order_more(&self.store).await?;
            }
            tree.root = Some(root);
        }
        let renewal = !tree.tokens.is_empty();
        match self.token(&tree).await {
            Ok((token, stamped_at, not_after)) => {
                let due = self.settings.renewal(stamped_at, not_after);
                store::stamped(&self.store, &tree, &token, (stamped_at, due)).await?;
                metrics::archived(if renewal { "renewed" } else { "stamped" });
            }
            Err(why) => {
                tracing::error!(tree = %tree.id, attempts = tree.attempts, why, "an archive timestamp failed");
                let due = self.clock.now() + pause(tree.attempts);
                store::failed(&self.store, &tree, &why, due).await?;
                metrics::archived("failed");
            }
        }
        Ok(true)
    }

    /// A good token over `tree` with its tokens so far, its time, and the end of its authority's certificate.
    async fn token(
        &self,
        tree: &store::Tree,
    ) -> Result<(Vec<u8>, DateTime<Utc>, Option<DateTime<Utc>>), String> {
        let root = tree.root.ok_or("the tree is empty")?;
        let octets = stamped(&root, &tree.tokens);
        let token = self.authority.stamp(&octets).await?;
        let (trust, now) = ((self.trust)(), self.clock.now());
        let facts = trust
            .verify_timestamp(&octets, &token, now)
            .map_err(|refusal| format!("{}: {}", refusal.fault(), refusal.detail()))?;
        let time = facts.time.ok_or("the timestamp states no time")?;
        let authority = read_timestamp(&token).ok().and_then(|read| read.authority);
        Ok((token, time, authority.map(|authority| authority.not_after)))
    }

    /// Notes how much waits for a timestamp and for how long, and keeps the lists that signatures are held against.
    pub async fn measure(&self) -> Result<(), Failure> {
        materials::keep(&self.store, &(self.trust)(), self.clock.now()).await?;
        let (waiting, oldest) = store::waiting(&self.store).await?;
        let oldest_s = oldest.map_or(0, |oldest| (self.clock.now() - oldest).num_seconds().max(0));
        metrics::archive_waiting(waiting, oldest_s);
        Ok(())
    }

    /// Sees to everything that is due until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let (mut looks, mut prepared) = (0_u32, false);
        while !stop.is_cancelled() {
            if !prepared {
                prepared = noted(self.prepare().await).is_some();
            }
            if looks.is_multiple_of(MEASURE) {
                noted(self.measure().await);
            }
            looks = looks.wrapping_add(1);
            while noted(self.step().await) == Some(true) && !stop.is_cancelled() {}
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}

/// How long after so many attempts the next one is made.
fn pause(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or_default();
    TimeDelta::seconds(30 * i64::from(2_u32.pow(doublings))).min(PAUSE_MAX)
}

fn noted<T>(outcome: Result<T, Failure>) -> Option<T> {
    match outcome {
        Ok(outcome) => Some(outcome),
        Err(failure) => {
            tracing::warn!(?failure, "the archive waits for the database");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let seconds: Vec<i64> =
            [1, 2, 3, 8, 1_000].iter().map(|attempts| pause(*attempts).num_seconds()).collect();
        assert_eq!(seconds, [30, 60, 120, 3_600, 3_600]);
    }
}
