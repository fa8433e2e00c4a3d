//! The gateway of this process: what it trusts, where it is reached.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context;
use customs_gateway::{Gateway, GatewayConfig, GatewayPorts, LoginConfig};
use customs_kernel::Clock;
use customs_platform::SystemClock;
use customs_signatures::{IdentityScheme, Profile, TrustStore, Verifier};

use crate::{config::Config, sandbox::Sandbox, suite::Suite};

/// Puts the gateway together over `suite`; a sandbox trusts its own authority.
pub(crate) fn build(config: &Config, suite: &Suite, sandbox: Option<&Sandbox>) -> anyhow::Result<Gateway> {
    let trust = match (&config.trust_dir, sandbox) {
        (Some(directory), _) => read_trust(directory)?,
        (None, Some(sandbox)) => sandbox.ring().trust()?,
        (None, None) => TrustStore::builder(0).build(),
    };
    let schemes = vec![IdentityScheme::kazakhstan(), IdentityScheme::pin_tin()];
    let verifier = Arc::new(Verifier::new(trust, Profile::ec_sig_1().with_identity(schemes)));
    let key_pem = config.token_key_file.as_ref().map(fs::read_to_string).transpose()?;
    let settings = GatewayConfig {
        public_url: config.public_url(),
        introspection: sandbox.is_some(),
        login: LoginConfig { key_pem, ..LoginConfig::default() },
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
    };
    customs_gateway::gateway(settings, ports)
}

/// Reads anchors, issuing authorities and lists of revoked certificates (DER) from `directory`.
fn read_trust(directory: &Path) -> anyhow::Result<Arc<TrustStore>> {
    let number = u64::try_from(SystemClock.now().timestamp()).unwrap_or_default();
    let mut trust = TrustStore::builder(number);
    for file in files(&directory.join("anchors"))? {
        trust.anchor(&fs::read(&file)?).with_context(|| format!("{} is no anchor", file.display()))?;
    }
    for file in files(&directory.join("intermediates"))? {
        trust
            .intermediate(&fs::read(&file)?)
            .with_context(|| format!("{} is no authority", file.display()))?;
    }
    for file in files(&directory.join("crls"))? {
        trust.crl(&fs::read(&file)?).with_context(|| format!("{} is no revocation list", file.display()))?;
    }
    Ok(trust.build())
}

fn files(directory: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut files: Vec<_> =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    // A folder that Kubernetes mounts holds folders of its own (`..data`) beside the links to the files.
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}
