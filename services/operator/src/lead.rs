//! Standing for election, and the work of the one who leads: rounds, woken by what changes.

use std::{fmt::Debug, sync::Arc, time::Duration};

use customs_kernel::Clock;
use customs_platform::metrics;
use futures_util::{StreamExt, future::BoxFuture};
use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{ConfigMap, Pod},
};
use kube::{
    Api, Client, Resource,
    core::{NamespaceResourceScope, PartialObjectMeta},
    runtime::{
        WatchStreamExt,
        events::{Recorder, Reporter},
        watcher,
    },
};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    cluster::{Cluster, Rounds},
    dataset::DatasetController,
    election::{Elector, Seat},
    health::Standing,
    replay::ReplayController,
    resource::{DeadLetterReplay, MANAGER, ReferenceDataset, TrustAnchor},
    settings::{Settings, Timing},
    trust::TrustController,
};

/// Changes that come together make one round.
const GATHER: Duration = Duration::from_millis(200);
/// The pause after a round that failed; twice as long after each further one.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// How long a round under way may take to end when this process is told to stop.
const FINISH: Duration = Duration::from_secs(10);

/// One replica of the operator.
pub struct Operator {
    /// The cluster.
    pub client: Client,
    /// What it is told by its chart.
    pub settings: Arc<Settings>,
    /// Its name in the election.
    pub identity: String,
    /// The rhythm of the election.
    pub timing: Timing,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Stands for election and does the work while it leads; returns when told to stop.
///
/// Fails when it does not lead any more: the process must end then, so that nothing of it writes on.
pub async fn lead(operator: Operator, standing: &Standing) -> anyhow::Result<()> {
    let stop = &standing.stop;
    let seat = Seat {
        namespace: operator.settings.namespace.clone(),
        name: operator.settings.lease.name.clone(),
        identity: operator.identity.clone(),
    };
    let clock = Arc::clone(&operator.clock);
    let mut elector = Elector::new(operator.client.clone(), &seat, operator.timing, clock);
    tokio::select! {
        () = elector.win(|| standing.stands()) => {}
        () = stop.cancelled() => return Ok(()),
    }
    let outcome = {
        let work = work(&operator, stop)?;
        let finished = async {
            tokio::pin!(work);
            tokio::select! {
                () = &mut work => {}
                () = stop.cancelled() => { _ = tokio::time::timeout(FINISH, work).await; }
            }
        };
        // The Lease is held until the last round has ended.
        tokio::select! {
            why = elector.hold() => Err(anyhow::anyhow!("it does not lead any more: {why}")),
            () = finished => Ok(()),
        }
    };
    if outcome.is_ok() {
        elector.release().await;
    }
    outcome
}

/// All controllers with what wakes them, until told to stop.
fn work<'a>(operator: &'a Operator, stop: &'a CancellationToken) -> anyhow::Result<BoxFuture<'a, ()>> {
    let reporter = Reporter { controller: MANAGER.to_owned(), instance: Some(operator.identity.clone()) };
    let cluster = Cluster {
        client: operator.client.clone(),
        settings: Arc::clone(&operator.settings),
        clock: Arc::clone(&operator.clock),
        http: reqwest::Client::builder().pool_max_idle_per_host(0).build()?,
        recorder: Recorder::new(operator.client.clone(), reporter),
    };
    let [trust, datasets, replays] = [(); 3].map(|()| Arc::new(Notify::new()));
    let gateways = watcher::Config::default().labels(&operator.settings.edges.selector);
    let ours = watcher::Config::default().labels(&format!("app.kubernetes.io/managed-by={MANAGER}"));
    let all = watcher::Config::default;
    let watches: Vec<BoxFuture<'a, ()>> = vec![
        Box::pin(wake::<TrustAnchor>(cluster.clone(), all(), vec![Arc::clone(&trust)])),
        Box::pin(wake::<Pod>(cluster.clone(), gateways, vec![Arc::clone(&trust)])),
        Box::pin(wake::<ReferenceDataset>(cluster.clone(), all(), vec![Arc::clone(&datasets)])),
        Box::pin(wake::<DeadLetterReplay>(cluster.clone(), all(), vec![Arc::clone(&replays)])),
        Box::pin(wake::<Job>(cluster.clone(), ours, vec![Arc::clone(&datasets), Arc::clone(&replays)])),
        Box::pin(wake::<ConfigMap>(cluster.clone(), all(), vec![Arc::clone(&trust), Arc::clone(&datasets)])),
    ];
    let mut of_trust = TrustController::new(cluster.clone());
    let mut of_datasets = DatasetController::new(cluster.clone());
    let mut of_replays = ReplayController::new(cluster);
    Ok(Box::pin(async move {
        let rounds = futures_util::future::join3(
            turn(&mut of_trust, &trust, stop),
            turn(&mut of_datasets, &datasets, stop),
            turn(&mut of_replays, &replays, stop),
        );
        tokio::select! {
            _ = rounds => {}
            _ = futures_util::future::join_all(watches) => {}
        }
    }))
}

/// One round after the other: when something changes, when a time comes, or after a pause when one failed.
async fn turn<R: Rounds>(controller: &mut R, woken: &Notify, stop: &CancellationToken) {
    let mut failures = 0;
    while !stop.is_cancelled() {
        let outcome = controller.round().await;
        metrics::operator_round(R::KIND, outcome.is_ok());
        let rest = async {
            match outcome {
                Ok(wait) => {
                    failures = 0;
                    tokio::select! {
                        () = woken.notified() => tokio::time::sleep(GATHER).await,
                        () = tokio::time::sleep(wait) => {}
                    }
                }
                Err(error) => {
                    tracing::warn!(kind = R::KIND, %error, "a round failed");
                    failures += 1;
                    tokio::time::sleep(pause_after(failures)).await;
                }
            }
        };
        tokio::select! {
            () = rest => {}
            () = stop.cancelled() => return,
        }
    }
}

/// How long to wait after so many failures in a row.
fn pause_after(failures: u32) -> Duration {
    PAUSE.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(PAUSE_MAX)
}

/// Wakes `whom` whenever an object of the kind `K` comes, changes or goes; only that it does is heard, not what.
async fn wake<K>(cluster: Cluster, which: watcher::Config, whom: Vec<Arc<Notify>>)
where
    K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
        + Clone
        + Debug
        + DeserializeOwned
        + Send
        + 'static,
{
    let api: Api<PartialObjectMeta<K>> = cluster.api();
    let events = watcher(api, which).default_backoff();
    tokio::pin!(events);
    while let Some(event) = events.next().await {
        match event {
            Ok(_) => whom.iter().for_each(|one| one.notify_one()),
            // It begins anew by itself, after a pause.
            Err(error) => tracing::warn!(kind = %K::kind(&()), %error, "a watch broke off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Is woken twice by its first round and ends with its second.
    struct Story {
        rounds: u32,
        woken: Arc<Notify>,
        stop: CancellationToken,
    }

    impl Rounds for Story {
        const KIND: &str = "Thing";

        async fn round(&mut self) -> kube::Result<Duration> {
            self.rounds += 1;
            if self.rounds > 1 {
                self.stop.cancel();
            }
            self.woken.notify_one();
            self.woken.notify_one();
            Ok(Duration::from_hours(1))
        }
    }

    #[tokio::test]
    async fn changes_that_come_together_make_one_round_and_one_that_is_told_to_stop_makes_none() {
        let (woken, stop) = (Arc::new(Notify::new()), CancellationToken::new());
        let mut story = Story { rounds: 0, woken: Arc::clone(&woken), stop: stop.clone() };
        turn(&mut story, &woken, &stop).await;
        assert_eq!(story.rounds, 2);
        turn(&mut story, &woken, &stop).await;
        assert_eq!(story.rounds, 2);
    }

    #[test]
    fn a_failure_waits_longer_each_time_up_to_a_limit() {
        let pauses: Vec<u128> = (1..=8).map(|failures| pause_after(failures).as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(pause_after(u32::MAX), PAUSE_MAX);
    }
}
