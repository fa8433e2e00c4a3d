//! `operator`: trust and reference data as resources of a Kubernetes cluster.

use std::path::PathBuf;

use clap::Args;
use customs_platform::telemetry;

use crate::config::Config;

/// How the operator is run.
#[derive(Args)]
pub struct Operator {
    /// What it is to do, as its chart writes it (JSON).
    #[arg(long)]
    settings: PathBuf,
    /// Its name in the election; another one for each replica.
    #[arg(long)]
    identity: String,
    /// Address and port of health and metrics.
    #[arg(long, default_value = "127.0.0.1:9090")]
    listen: String,
}

/// Runs the operator in this process until it is told to stop or does not lead any more.
pub async fn operator(config: &Config, how: &Operator) -> anyhow::Result<()> {
    let _telemetry = telemetry::start(&config.telemetry("operator"))?;
    customs_operator::run(&how.settings, &how.identity, &how.listen).await
}
