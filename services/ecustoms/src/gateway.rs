//! The gateway of this process: what it trusts, where it is reached.

use std::{fs, sync::Arc};

use customs_gateway::{Gateway, GatewayConfig, GatewayPorts, LoginConfig};
use customs_kernel::Clock;
use customs_platform::SystemClock;
use customs_signatures::{TrustStore, Verifier};

use crate::{
    condition::Condition,
    config::Config,
    fetch::{Fetcher, Inlet},
    provider::Provider,
    sandbox::Sandbox,
    suite::Suite,
    trust::Folder,
};

/// What signatures are held against in this process: a sandbox trusts its own authority unless it is given a folder,
/// which is followed from now on; what is fetched counts on top.
pub(crate) fn verifier(
    config: &Config,
    sandbox: Option<&Sandbox>,
    condition: &Condition,
) -> anyhow::Result<Arc<Verifier>> {
    let profile = config.signatures.profile()?;
    let (trust, folder) = match (&config.trust_dir, sandbox) {
        (Some(directory), _) => {
            let folder = Folder::new(directory);
            let (trust, bundle) = folder.read()?;
            (trust, Some((folder, bundle)))
        }
        (None, Some(sandbox)) => (sandbox.ring().trust()?, None),
        (None, None) => (TrustStore::builder(0).build(), None),
    };
    let verifier = Arc::new(Verifier::new(Arc::clone(&trust), profile));
    let inlet = Arc::new(Inlet::new(Arc::clone(&verifier), trust));
    if let Some((folder, bundle)) = folder {
        tokio::spawn(folder.follow(bundle, Arc::clone(&inlet), condition.clone()));
    }
    if let Some(fetcher) = Fetcher::new(&config.fetch, inlet)? {
        tokio::spawn(fetcher.run());
    }
    Ok(verifier)
}

/// Puts the gateway together over `suite`, with signatures held against the trust of `verifier`.
pub(crate) fn build(
    config: &Config,
    suite: &Suite,
    sandboxed: bool,
    verifier: Arc<Verifier>,
) -> anyhow::Result<Gateway> {
    let key_pem = config.token_key_file.as_ref().map(fs::read_to_string).transpose()?;
    let settings = GatewayConfig {
        public_url: config.public_url(),
        authorities: config.authorities.clone(),
        introspection: sandboxed,
        login: LoginConfig { key_pem, ..LoginConfig::default() },
        oidc: config.oidc.as_ref().map(Provider::read).transpose()?,
        limits: config.limits,
        trusted_proxies: config.trusted_proxies,
        ..GatewayConfig::default()
    };
    // Tokens, challenges and signatures live by the true time, also where the clock of business is moved.
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ports = GatewayPorts {
        desk: suite.desk.clone(),
        cache: Arc::clone(&suite.cache),
        clock,
        verifier,
        evidence: suite.evidence_key.clone(),
        seal: Arc::clone(&suite.seal),
    };
    let gateway = customs_gateway::gateway(settings, ports)?;
    let following = gateway.clone();
    suite.spawn(|stop| async move {
        stop.run_until_cancelled(following.follow_provider()).await;
    });
    Ok(gateway)
}
