//! The operator: trust, reference data and the replay of dead letters as resources of a Kubernetes cluster.
//!
//! * [`resource`] has the resources that people write; the definitions in the chart are printed from them.
//! * Trust: all `TrustAnchor`s of a namespace become one bundle, which gateways load without a restart and prove.
//! * Reference data: a `ReferenceDataset` is imported by Jobs, on a schedule, checked and approved.
//! * Dead letters: a `DeadLetterReplay` is selected and replayed by Jobs, each letter once.
//! * One of several replicas leads, by a Lease; only that one writes.
//!
//! Decisions are pure functions of what was found; a round looks, decides, writes what is news and tells. Nothing is
//! remembered between rounds that is not in the cluster, so a round may be cut off anywhere. There are no finalizers.

#![forbid(unsafe_code)]

mod cluster;
mod dataset;
mod election;
mod gauges;
mod health;
mod jobs;
mod lead;
mod replay;
pub mod resource;
mod settings;
mod trust;

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use customs_platform::SystemClock;
use kube::Client;

pub use health::Standing;
pub use lead::{Operator, lead};
pub use settings::{Edges, Jobs, Lease, Settings, Timing, Trust};

/// Runs the operator in this process until it is told to stop or does not lead any more.
///
/// `identity` is another one for each replica; health and metrics are told at `listen`.
pub async fn run(settings: &Path, identity: &str, listen: &str) -> anyhow::Result<()> {
    let settings = Settings::read(settings)?;
    let standing = Standing::default();
    standing.stop_on_signal()?;
    tokio::spawn(health::serve(listen, &standing)?);
    let client = Client::try_default().await.context("no cluster is known")?;
    let timing = settings.lease.timing();
    let operator = Operator {
        client,
        settings: Arc::new(settings),
        identity: identity.to_owned(),
        timing,
        clock: Arc::new(SystemClock),
    };
    lead(operator, &standing).await
}

/// The definitions of our resources as YAML, one document each.
pub fn definitions_yaml() -> anyhow::Result<String> {
    let mut text = String::new();
    for definition in resource::definitions() {
        text.push_str("---\n");
        text.push_str(&serde_saphyr::to_string(&definition)?);
    }
    Ok(text)
}
