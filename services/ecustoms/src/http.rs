//! What a process answers over HTTP: the gateway, use cases for other processes, health.

use std::sync::Arc;

use actix_web::web;
use customs_gateway::Gateway;
use customs_platform::internal;

use crate::{
    condition::{self, Condition},
    config::Config,
    sandbox::{self, Sandbox},
    seals::Seals,
    suite::Suite,
};

/// What stands behind the routes of this process.
#[derive(Clone)]
pub struct Front {
    suite: Arc<Suite>,
    condition: Condition,
    gateway: Option<Gateway>,
    sandbox: Option<Sandbox>,
}

impl Front {
    /// The routes of `suite`, with the public ones if this process is a gateway.
    pub fn new(
        config: &Config,
        suite: &Arc<Suite>,
        condition: &Condition,
        sandbox: Option<&Sandbox>,
        public: bool,
    ) -> anyhow::Result<Self> {
        let seals = Seals::new(config, sandbox);
        seals.furnish(&suite.seal)?;
        tokio::spawn(seals.follow(Arc::clone(&suite.seal)));
        let verifies = public || config.declarations.archive.authority_url.is_some();
        let mut gateway = None;
        if verifies {
            let verifier = crate::gateway::verifier(config, sandbox, condition)?;
            crate::archive::start(config, suite, sandbox, &verifier)?;
            gateway = public
                .then(|| crate::gateway::build(config, suite, sandbox.is_some(), verifier))
                .transpose()?;
        }
        let (suite, condition) = (Arc::clone(suite), condition.clone());
        Ok(Self { suite, condition, gateway, sandbox: sandbox.cloned() })
    }

    /// The condition of this process.
    #[must_use]
    pub const fn condition(&self) -> &Condition {
        &self.condition
    }

    /// Whether clients are served here.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.gateway.is_some()
    }
}

/// Adds the routes of this process.
pub fn routes(cfg: &mut web::ServiceConfig, front: &Front) {
    condition::routes(cfg, &front.condition);
    if !front.suite.services.is_empty() {
        internal::routes(cfg, front.suite.desk.clone(), front.suite.secret.clone());
    }
    if let Some(sandbox) = &front.sandbox {
        sandbox::routes(cfg, sandbox.clone());
    }
    if let Some(gateway) = &front.gateway {
        customs_gateway::routes(cfg, gateway);
    }
}
