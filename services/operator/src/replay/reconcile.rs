//! One round over the replays of a namespace: look, decide, make the Jobs that are wanted, tell, take away what is over.

use std::time::Duration;

use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};
use kube::{
    ResourceExt,
    api::{DeleteParams, Preconditions},
};

use super::{
    job::{job, owner_key},
    plan::{Found, Plan, plan},
};
use crate::{
    cluster::{Cluster, Rounds, is_status},
    gauges::Gauges,
    jobs::by_owner,
    resource::{DeadLetterReplay, DeadLetterReplayStatus, condition::follow},
};

/// When to look again although nothing was heard.
const ROUTINE: Duration = Duration::from_mins(1);

/// The controller of dead letters.
pub(crate) struct ReplayController {
    cluster: Cluster,
    gauges: Gauges,
}

impl ReplayController {
    pub(crate) fn new(cluster: Cluster) -> Self {
        Self { cluster, gauges: Gauges::new(Self::KIND) }
    }

    /// The status first: whoever looks next finds the name of the Job in it, whether or not the Job came to be.
    async fn carry_out(&self, replay: &DeadLetterReplay, plan: &Plan) -> kube::Result<()> {
        let before = replay.status.as_ref();
        let old = before.map(|status| status.conditions.as_slice()).unwrap_or_default();
        let generation = replay.metadata.generation;
        let after = DeadLetterReplayStatus {
            conditions: follow(old, &plan.verdicts, generation, self.cluster.now()),
            ..plan.status.clone()
        };
        self.cluster.write_status(replay, before, &after).await?;
        if let (Some(wanted), Some(jobs)) = (&plan.wanted, &self.cluster.settings.replays) {
            self.cluster.make_job(replay, &job(replay, jobs, wanted), wanted.task()).await?;
        }
        self.cluster.tell(replay, old, &plan.verdicts).await;
        if plan.is_over { self.take_away(replay).await } else { Ok(()) }
    }

    /// Takes away this very replay, and not another one of its name.
    async fn take_away(&self, replay: &DeadLetterReplay) -> kube::Result<()> {
        let this = Preconditions { uid: replay.uid(), resource_version: None };
        let how = DeleteParams { preconditions: Some(this), ..DeleteParams::background() };
        match self.cluster.api::<DeadLetterReplay>().delete(&replay.name_any(), &how).await {
            Ok(_) => {
                tracing::info!(replay = replay.name_any(), "it was kept for long enough and is taken away");
                Ok(())
            }
            Err(error) if is_status(&error, 404) || is_status(&error, 409) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Rounds for ReplayController {
    const KIND: &str = "DeadLetterReplay";

    async fn round(&mut self) -> kube::Result<Duration> {
        let replays: Vec<DeadLetterReplay> = self.cluster.all("").await?;
        let jobs: Vec<Job> = self.cluster.all(&owner_key()).await?;
        let pods: Vec<Pod> =
            if jobs.is_empty() { Vec::new() } else { self.cluster.all(&owner_key()).await? };
        let runs = by_owner(&jobs, &pods, &owner_key());
        let now = self.cluster.now();
        let (mut again, mut told) = (ROUTINE, Vec::new());
        for replay in replays.iter().filter(|replay| replay.metadata.deletion_timestamp.is_none()) {
            let own = runs.get(&replay.uid().unwrap_or_default()).map(Vec::as_slice).unwrap_or_default();
            let can_replay = self.cluster.settings.replays.is_some();
            let plan = plan(&Found { replay, runs: own, can_replay }, now);
            self.carry_out(replay, &plan).await?;
            again = plan.again.and_then(|at| (at - now).to_std().ok()).map_or(again, |wait| wait.min(again));
            told.push((replay.name_any(), plan.verdicts.to_vec()));
        }
        self.gauges.tell(&told);
        // An instant that is a fraction of a second away is waited for, not asked for again and again.
        Ok(again.max(Duration::from_millis(200)))
    }
}
