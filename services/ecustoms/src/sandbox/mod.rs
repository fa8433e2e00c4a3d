//! The sandbox: a small nation with a certification authority, people with keys, and guarantees.

mod guarantees;
mod keys;
mod officers;
mod pages;

pub use guarantees::DemoGuarantees;
pub use keys::{KeyRing, PASSWORD};
pub use officers::work as officers;
pub use pages::{Sandbox, routes};

use anyhow::Context;

use crate::{config::Config, suite::Suite};

/// Enters the demo nation into the databases of this process; what is there already stays as it is.
pub async fn seed(suite: &Suite) -> anyhow::Result<()> {
    for service in &suite.services {
        match service.name {
            "web-broker" => customs_web_broker::seed::seed(&service.store).await.map_err(broken)?,
            "references" => customs_references::seed::seed(&service.store).await.map_err(broken)?,
            _ => {}
        }
    }
    Ok(())
}

/// Makes the keys of the demo nation and lodges its guarantees, for the process that clients reach.
pub async fn furnish(suite: &Suite, config: &Config) -> anyhow::Result<Sandbox> {
    seed(suite).await?;
    let directory = config.data_dir.join("demo");
    let ring = KeyRing::open(&directory).context("the demo keys cannot be made")?;
    let guarantees = guarantees::lodge(suite, &directory).await?;
    Sandbox::new(ring, guarantees)
}

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn broken(failure: customs_platform::Failure) -> anyhow::Error {
    anyhow::anyhow!("the demo nation cannot be entered: {failure:?}")
}
