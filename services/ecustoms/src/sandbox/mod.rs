//! The sandbox: a small nation with a certification authority, people with keys, and guarantees.

mod guarantees;
mod keys;
mod pages;

pub use guarantees::DemoGuarantees;
pub use keys::{KeyRing, PASSWORD};
pub use pages::{Sandbox, routes};

use anyhow::Context;

use crate::{config::Config, suite::Suite};

/// Fills the suite with the demo nation; what is there already stays as it is.
pub async fn furnish(suite: &Suite, config: &Config) -> anyhow::Result<Sandbox> {
    let ring = KeyRing::open(&config.data_dir.join("demo")).context("the demo keys cannot be made")?;
    for service in &suite.services {
        match service.name {
            "web-broker" => customs_web_broker::seed::seed(&service.store).await.map_err(broken)?,
            "references" => customs_references::seed::seed(&service.store).await.map_err(broken)?,
            _ => {}
        }
    }
    let guarantees = guarantees::lodge(suite, &config.data_dir.join("demo")).await?;
    Ok(Sandbox::new(ring, guarantees))
}

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn broken(failure: customs_platform::Failure) -> anyhow::Error {
    anyhow::anyhow!("the demo nation cannot be entered: {failure:?}")
}
