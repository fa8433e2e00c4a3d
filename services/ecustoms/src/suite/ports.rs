//! The adapters behind the ports: embedded, or on real servers.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context;
use customs_kernel::Clock;
use customs_platform::{
    Bus, Cache, SandboxClock,
    bus::{local::LocalBus, rabbit::RabbitBus},
    cache::{local::LocalCache, redis::RedisCache},
    internal::Secret,
    store::Place,
};
use customs_signatures::EvidenceKey;
use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::Config;

/// Where the data of `service` is kept.
pub(crate) fn place(config: &Config, service: &str) -> anyhow::Result<Place> {
    if let Some(servers) = &config.servers {
        let url = servers.postgres_url.clone();
        return Ok(Place::Postgres {
            url: url.with_context(|| format!("{service} keeps data: set ECUSTOMS_POSTGRES_URL"))?,
            schema: service.to_owned(),
            connections_max: servers.connections_max,
        });
    }
    fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot create {}", config.data_dir.display()))?;
    Ok(Place::Sqlite(config.data_dir.join(format!("{service}.sqlite"))))
}

/// The bus of this process.
pub(super) fn bus(config: &Config) -> Arc<dyn Bus> {
    match &config.servers {
        Some(servers) => {
            Arc::new(RabbitBus::new(&servers.rabbitmq_url, servers.partitions, super::topology()))
        }
        None => Arc::new(LocalBus::new()),
    }
}

/// The cache of this process.
pub(super) fn cache(
    config: &Config,
    clock: &Arc<SandboxClock>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> anyhow::Result<Arc<dyn Cache>> {
    let Some(servers) = &config.servers else {
        let clock: Arc<dyn Clock> = Arc::<SandboxClock>::clone(clock);
        return Ok(Arc::new(LocalCache::new(clock)));
    };
    let cache =
        RedisCache::new(&servers.redis_url).map_err(|failure| anyhow::anyhow!("cache: {failure:?}"))?;
    let cache = Arc::new(cache);
    let (hearing, stop) = (Arc::clone(&cache), stop.clone());
    tasks.spawn(async move { hearing.hear(stop).await });
    Ok(cache)
}

/// The secret of this installation: from its file, or made and kept in the data directory of an embedded suite.
pub(super) fn secret(config: &Config) -> anyhow::Result<Secret> {
    let file = config.secret_file.clone().unwrap_or_else(|| config.data_dir.join("secret"));
    if !file.exists() {
        anyhow::ensure!(
            config.secret_file.is_none() && config.services.is_empty(),
            "processes that talk to each other need the same secret_file"
        );
        fs::create_dir_all(&config.data_dir)?;
        write_private(&file, hex::encode(random()?).as_bytes())?;
    }
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Secret::new(text.trim())
}

/// The key that seals evidence, derived from the secret of the installation.
pub(super) fn evidence_key(secret: &Secret) -> anyhow::Result<EvidenceKey> {
    let key = PKey::hmac(secret.bytes())?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
    signer.update(b"ecustoms evidence key 1")?;
    Ok(EvidenceKey::new(signer.sign_to_vec()?)?)
}

fn random() -> anyhow::Result<[u8; 32]> {
    let mut octets = [0; 32];
    openssl::rand::rand_bytes(&mut octets)?;
    Ok(octets)
}

/// Writes a file that only its owner can read.
pub fn write_private(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(())
}
