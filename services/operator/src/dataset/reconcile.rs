//! One round over the datasets of a namespace: look, decide, make the Jobs that are wanted, tell.

use std::time::Duration;

use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{ConfigMap, Pod},
};
use kube::ResourceExt;

use super::{
    job::{job, owner_key},
    plan::{Found, Plan, plan},
};
use crate::{
    cluster::{Cluster, Rounds},
    gauges::Gauges,
    jobs::by_owner,
    resource::{ReferenceDataset, ReferenceDatasetStatus, condition::follow},
    trust::of_config_map,
};

/// When to look again although nothing was heard.
const ROUTINE: Duration = Duration::from_mins(1);

/// The controller of reference data.
pub(crate) struct DatasetController {
    cluster: Cluster,
    gauges: Gauges,
}

impl DatasetController {
    pub(crate) fn new(cluster: Cluster) -> Self {
        Self { cluster, gauges: Gauges::new(Self::KIND) }
    }

    /// SHA-256 of the content, where the source is a `ConfigMap`.
    async fn content(&self, dataset: &ReferenceDataset) -> kube::Result<Option<Result<String, String>>> {
        let Some(source) = &dataset.spec.source.config_map_ref else { return Ok(None) };
        let Some(map) = self.cluster.api::<ConfigMap>().get_opt(&source.name).await? else {
            return Ok(Some(Err(format!("there is no ConfigMap {}", source.name))));
        };
        let content = of_config_map(map).remove(&source.key);
        let missing = || format!("ConfigMap {} has no key {}", source.name, source.key);
        Ok(Some(content.map(|content| hex::encode(openssl::sha::sha256(&content))).ok_or_else(missing)))
    }

    /// The status first: whoever looks next finds the name of the Job in it, whether or not the Job came to be.
    async fn carry_out(&self, dataset: &ReferenceDataset, plan: &Plan) -> kube::Result<()> {
        let before = dataset.status.as_ref();
        let old = before.map(|status| status.conditions.as_slice()).unwrap_or_default();
        let generation = dataset.metadata.generation;
        let after = ReferenceDatasetStatus {
            conditions: follow(old, &plan.verdicts, generation, self.cluster.now()),
            ..plan.status.clone()
        };
        self.cluster.write_status(dataset, before, &after).await?;
        if let (Some(wanted), Some(imports)) = (&plan.wanted, &self.cluster.settings.imports) {
            self.cluster.make_job(dataset, &job(dataset, imports, wanted), wanted.task).await?;
        }
        self.cluster.tell(dataset, old, &plan.verdicts).await;
        Ok(())
    }
}

impl Rounds for DatasetController {
    const KIND: &str = "ReferenceDataset";

    async fn round(&mut self) -> kube::Result<Duration> {
        let datasets: Vec<ReferenceDataset> = self.cluster.all("").await?;
        let jobs: Vec<Job> = self.cluster.all(&owner_key()).await?;
        let pods: Vec<Pod> =
            if jobs.is_empty() { Vec::new() } else { self.cluster.all(&owner_key()).await? };
        let runs = by_owner(&jobs, &pods, &owner_key());
        let now = self.cluster.now();
        let (mut again, mut told) = (ROUTINE, Vec::new());
        for dataset in &datasets {
            let own = runs.get(&dataset.uid().unwrap_or_default()).map(Vec::as_slice).unwrap_or_default();
            let found = Found {
                dataset,
                content: self.content(dataset).await?,
                runs: own,
                can_import: self.cluster.settings.imports.is_some(),
            };
            let plan = plan(&found, now);
            self.carry_out(dataset, &plan).await?;
            again = plan.again.and_then(|at| (at - now).to_std().ok()).map_or(again, |wait| wait.min(again));
            told.push((dataset.name_any(), plan.verdicts.to_vec()));
        }
        self.gauges.tell(&told);
        // An instant that is a fraction of a second away is waited for, not asked for again and again.
        Ok(again.max(Duration::from_millis(200)))
    }
}
