//! What the operator is told by its chart.

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use k8s_openapi::api::core::v1::PodTemplateSpec;
use serde::Deserialize;

/// What the operator is told by its chart; an unknown key is refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The namespace that it works in.
    pub namespace: String,
    /// The bundle of trust.
    pub trust: Trust,
    /// The gateways that prove which bundle they have.
    pub edges: Edges,
    /// The Jobs that import reference data; without it no dataset is imported.
    pub imports: Option<Jobs>,
    /// The Jobs that replay dead letters; without it none is replayed.
    pub replays: Option<Jobs>,
    /// The election of a leader.
    pub lease: Lease,
}

/// The bundle of trust.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Trust {
    /// What the names of its `ConfigMap`s begin with.
    pub config_maps: String,
}

/// The gateways.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edges {
    /// Which pods they are, as a selector of labels.
    pub selector: String,
    /// Their operations port.
    pub port: u16,
}

/// How Jobs reach the suite, as whom, and in which pod.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Jobs {
    /// Base address of the suite.
    pub url: String,
    /// Key file (PKCS#12) of an administrator in the pod.
    pub key_file: String,
    /// File with its password there.
    pub password_file: String,
    /// The pod; arguments and what is to be mounted for them are added to its first container.
    pub template: PodTemplateSpec,
}

/// The election of a leader.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lease {
    /// The name of the Lease.
    pub name: String,
    /// After how many seconds without a renewal somebody else may take it.
    pub duration_seconds: u64,
}

/// The rhythm of an election.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// How long a Lease that is not renewed still holds.
    pub lease: Duration,
    /// How long the leader tries to renew before it gives up; shorter than `lease`, so that two never act at once.
    pub give_up: Duration,
    /// How long one waits between looks.
    pub retry: Duration,
}

impl Lease {
    /// The rhythm for this duration: given up after three quarters of it, looked at in eighths.
    #[must_use]
    pub fn timing(&self) -> Timing {
        let lease = Duration::from_secs(self.duration_seconds.max(1));
        Timing { lease, give_up: lease * 3 / 4, retry: lease / 8 }
    }
}

impl Settings {
    /// Reads them from a JSON file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let settings: Self = serde_json::from_slice(&text)
            .with_context(|| format!("{} is not what the operator is told by", path.display()))?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        for (name, jobs) in [("imports", &self.imports), ("replays", &self.replays)] {
            let Some(jobs) = jobs else { continue };
            let has_container = jobs.template.spec.as_ref().is_some_and(|pod| !pod.containers.is_empty());
            anyhow::ensure!(has_container, "{name}.template has no container");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_charts_write_is_read() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../charts/tests/golden/operator");
        let mut read = 0;
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "json") {
                let settings = Settings::read(&file).unwrap();
                assert!(
                    settings.lease.timing().give_up < settings.lease.timing().lease,
                    "{}",
                    file.display()
                );
                read += 1;
            }
        }
        assert!(read >= 2, "only {read} files");
    }

    #[test]
    fn an_unknown_key_and_an_import_without_a_container_are_refused() {
        let good = serde_json::json!({
            "namespace": "ec",
            "trust": { "configMaps": "trust" },
            "edges": { "selector": "a=b", "port": 9090 },
            "lease": { "name": "operator", "durationSeconds": 4 },
        });
        let read = |settings: &serde_json::Value| {
            let directory = tempfile::tempdir().unwrap();
            let file = directory.path().join("settings.json");
            std::fs::write(&file, settings.to_string()).unwrap();
            Settings::read(&file)
        };
        assert!(read(&good).unwrap().imports.is_none());
        let mut unknown = good.clone();
        unknown["leases"] = 1.into();
        assert!(format!("{:#}", read(&unknown).unwrap_err()).contains("leases"));
        for jobs in ["imports", "replays"] {
            let mut empty = good.clone();
            empty[jobs] = serde_json::json!({
                "url": "http://a", "keyFile": "a", "passwordFile": "b", "template": { "spec": { "containers": [] } },
            });
            assert!(
                read(&empty).unwrap_err().to_string().contains(&format!("{jobs}.template has no container"))
            );
        }
    }
}
