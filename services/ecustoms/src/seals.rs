//! The keys that seal papers and deliveries in the name of the suite: where they are, and that they are exchanged without a
//! restart.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use customs_kernel::Clock as _;
use customs_platform::{SystemClock, metrics};
use customs_signatures::{
    Seal, SealError,
    issue::{Credential, DeviceAddress},
};

use crate::{
    config::{Config, SealKey},
    files::{LOOK, Seen, files_in, seen},
    sandbox::Sandbox,
};

/// Where the keys are: those of the configuration, else that of the sandbox, else none.
#[derive(Clone)]
pub(crate) struct Seals {
    /// The configuration file, which may name other keys one day.
    source: Option<PathBuf>,
    key: SealKey,
    sandbox: Option<Sandbox>,
}

/// What lies there: keys, and certificates of former ones.
struct Found {
    credentials: Vec<Credential>,
    former: Vec<Vec<u8>>,
}

/// One try to read it: where the keys are now, how the files lay before, what is in them.
type Read = (Seals, Option<Seen>, anyhow::Result<Found>);

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn secret(path: Option<&PathBuf>) -> anyhow::Result<String> {
    let Some(path) = path else { return Ok(String::new()) };
    let text = String::from_utf8(read(path)?).with_context(|| format!("{} is no text", path.display()))?;
    Ok(text.trim_end().to_owned())
}

impl Seals {
    /// The keys that `config` names, or those of `sandbox`.
    pub(crate) fn new(config: &Config, sandbox: Option<&Sandbox>) -> Self {
        Self { source: config.source.clone(), key: config.seal.clone(), sandbox: sandbox.cloned() }
    }

    /// Lets `seal` use the keys; fails where one cannot be used.
    pub(crate) fn furnish(&self, seal: &Seal) -> anyhow::Result<()> {
        let Found { credentials, former } = self.find()?;
        if credentials.is_empty() {
            return Ok(());
        }
        // What lies there counts as it is, also where it has ended: nothing is sealed with it then.
        seal.replace(credentials.clone())?;
        match seal.rotate(credentials, &former, SystemClock.now()) {
            Err(SealError::NoKey) => tracing::error!("the seal has ended: no papers are made"),
            outcome => outcome?,
        }
        tell_end(seal);
        Ok(())
    }

    fn find(&self) -> anyhow::Result<Found> {
        let mut credentials = Vec::new();
        let pin = || secret(self.key.password_file.as_ref());
        if let Some(file) = &self.key.key_file {
            let opened = Credential::from_pkcs12(&read(file)?, &pin()?);
            credentials.push(opened.with_context(|| format!("{} cannot be opened", file.display()))?);
        }
        if let (Some(module), Some(certificate)) = (&self.key.module, &self.key.certificate_file) {
            let address = DeviceAddress {
                module: module.clone(),
                token: self.key.token.clone(),
                key: self.key.key_label.clone(),
            };
            credentials.push(Credential::on_device(address, &pin()?, read(certificate)?, Vec::new())?);
        }
        if credentials.is_empty()
            && let Some(sandbox) = &self.sandbox
        {
            credentials.push(sandbox.ring().seal()?);
        }
        let former = self.former()?.iter().map(|path| read(path)).collect::<anyhow::Result<_>>()?;
        Ok(Found { credentials, former })
    }

    fn former(&self) -> std::io::Result<Vec<PathBuf>> {
        self.key.former_dir.as_deref().map_or_else(|| Ok(Vec::new()), files_in)
    }

    /// How the files lie there that the keys are made of; nothing while one is missing.
    fn seen(&self) -> Option<Seen> {
        let SealKey { key_file, password_file, certificate_file, .. } = &self.key;
        let named = [&self.source, key_file, password_file, certificate_file];
        let named = named.into_iter().filter_map(Clone::clone);
        seen(named.chain(self.former().ok()?)).ok()
    }

    /// Looks at the files on a thread that may wait for a disk.
    async fn look(&self) -> Option<Seen> {
        let seals = self.clone();
        tokio::task::spawn_blocking(move || seals.seen()).await.ok().flatten()
    }

    /// Reads everything anew, beginning with where it is.
    fn again(mut self) -> Read {
        let config = self.source.as_ref().map(|file| Config::load(Some(file))).transpose();
        let (config, failure) = config.map_or_else(|error| (None, Some(error)), |config| (config, None));
        if let Some(config) = config {
            self.key = config.seal;
        }
        let before = self.seen();
        let found = failure.map_or_else(|| self.find(), Err);
        (self, before, found)
    }

    /// Lets `seal` use what comes in the place of its keys, until the process ends. What cannot be used changes nothing and is
    /// told to the log.
    pub(crate) async fn follow(mut self, seal: Arc<Seal>) {
        let mut taken = self.look().await;
        let mut last = taken.clone();
        loop {
            tokio::time::sleep(LOOK).await;
            tell_end(&seal);
            let now = self.look().await;
            // Only what two looks find alike: nobody is writing any more, and a device is not tried with half of an exchange.
            let settled = now == last && now != taken;
            last = now;
            if !settled {
                continue;
            }
            let before = self.clone();
            let (next, read_at, found) = tokio::task::spawn_blocking(move || before.again())
                .await
                .unwrap_or_else(|error| (self.clone(), last.clone(), Err(error.into())));
            (self, taken) = (next, read_at.clone());
            last = read_at;
            take_over(&seal, found);
        }
    }
}

fn take_over(seal: &Seal, found: anyhow::Result<Found>) {
    let rotated =
        found.and_then(|found| Ok(seal.rotate(found.credentials, &found.former, SystemClock.now())?));
    metrics::seal_changed(rotated.is_ok());
    match rotated {
        Ok(()) => {
            let keys = seal.certificates().len();
            tracing::info!(keys, "what is sealed is sealed with the keys that lie there now");
        }
        Err(error) => tracing::error!(error = format!("{error:#}"), "the seal stays as it was"),
    }
    tell_end(seal);
}

fn tell_end(seal: &Seal) {
    if let Some((_, until)) = seal.in_use(SystemClock.now()) {
        metrics::seal_ends(until.timestamp());
    }
}
