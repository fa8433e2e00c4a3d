//! What this process trusts: read from a folder, and read anew when the folder changes, without a restart.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use customs_kernel::Clock;
use customs_platform::SystemClock;
use customs_signatures::{BUNDLE_FOLDERS, BundleHash, TrustStore};
use serde::Serialize;

use crate::{
    condition::Condition,
    fetch::Inlet,
    files::{LOOK, Seen, files_in, seen},
};

/// What is told of the trust in use, so that an operator can see which bundle a process has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
    /// SHA-256 over the names and contents of all files, in hexadecimal.
    pub sha256: String,
    /// How many anchors.
    pub anchors: usize,
    /// How many issuing authorities.
    pub intermediates: usize,
    /// How many lists of revoked certificates.
    pub crls: usize,
    /// How many timestamp authorities.
    pub timestampers: usize,
}

/// A folder with trust.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, with `anchors/`, `intermediates/`, `crls/` and `timestampers/` (DER).
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The trust in the folder as it lies there.
    pub(crate) fn read(&self) -> anyhow::Result<(Arc<TrustStore>, Bundle)> {
        let number = u64::try_from(SystemClock.now().timestamp_micros()).unwrap_or_default();
        let mut trust = TrustStore::builder(number);
        let (mut hash, mut counts) = (BundleHash::default(), [0; 4]);
        for (kind, count) in BUNDLE_FOLDERS.into_iter().zip(&mut counts) {
            for path in self.files(kind)? {
                let octets = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
                hash.add(kind, path.file_name().unwrap_or_default().as_encoded_bytes(), &octets);
                match kind {
                    "anchors" => trust.anchor(&octets).map(|_| ()),
                    "intermediates" => trust.intermediate(&octets).map(|_| ()),
                    "timestampers" => trust.timestamp_authority(&octets, &[]).map(|_| ()),
                    _ => trust.crl(&octets).map(|_| ()),
                }
                .with_context(|| format!("{} is not what belongs into {kind}", path.display()))?;
                *count += 1;
            }
        }
        let [anchors, intermediates, crls, timestampers] = counts;
        let sha256 = hash.finish();
        Ok((trust.build(), Bundle { sha256, anchors, intermediates, crls, timestampers }))
    }

    fn files(&self, kind: &str) -> anyhow::Result<Vec<PathBuf>> {
        Ok(files_in(&self.0.join(kind))?)
    }

    fn seen(&self) -> anyhow::Result<Seen> {
        let mut paths = Vec::new();
        for kind in BUNDLE_FOLDERS {
            paths.extend(self.files(kind)?);
        }
        Ok(seen(paths)?)
    }

    /// Lets `inlet` trust what comes into the folder, until the process ends. What cannot be read, or is older than
    /// what is trusted already, changes nothing and is told to the log.
    pub(crate) async fn follow(self, mut bundle: Bundle, inlet: Arc<Inlet>, condition: Condition) {
        condition.trusts(bundle.clone());
        let mut known = self.look(Self::seen).await.ok();
        loop {
            tokio::time::sleep(LOOK).await;
            let seen = self.look(Self::seen).await.ok();
            if seen.is_none() || seen == known {
                continue;
            }
            known = seen;
            match self.take_over(&bundle, &inlet).await {
                Ok(next) => {
                    condition.trusts(next.clone());
                    bundle = next;
                }
                Err(error) => tracing::error!(error = format!("{error:#}"), "what was trusted stays"),
            }
        }
    }

    /// What lies in the folder, unless it was exchanged while it was read.
    fn read_whole(&self) -> anyhow::Result<(Arc<TrustStore>, Bundle)> {
        let before = self.seen()?;
        let read = self.read()?;
        anyhow::ensure!(self.seen()? == before, "the folder changed while it was read");
        Ok(read)
    }

    /// Lets `inlet` trust what lies in the folder, if it is not `bundle` still.
    async fn take_over(&self, bundle: &Bundle, inlet: &Inlet) -> anyhow::Result<Bundle> {
        let (trust, next) = self.look(Self::read_whole).await?;
        if next != *bundle {
            inlet.lay(trust)?;
            tracing::info!(sha256 = next.sha256, "another bundle is trusted from now on");
        }
        Ok(next)
    }

    /// Looks at files on a thread that may wait for a disk.
    async fn look<T: Send + 'static>(&self, look: fn(&Self) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let folder = self.clone();
        tokio::task::spawn_blocking(move || look(&folder)).await?
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use customs_signatures::issue::{Authority, KeyKind, Validity};

    use super::*;

    fn anchor() -> Vec<u8> {
        let now = SystemClock.now();
        let validity = Validity { not_before: now - TimeDelta::days(1), not_after: now + TimeDelta::days(1) };
        Authority::root("Root", KeyKind::P256, validity).unwrap().certificate().unwrap()
    }

    #[test]
    fn a_bundle_is_known_by_its_files_and_passes_over_what_kubernetes_puts_beside_them() {
        let directory = tempfile::tempdir().unwrap();
        let folder = Folder::new(directory.path());
        let empty = folder.read().unwrap().1;
        fs::create_dir_all(directory.path().join("anchors/..data")).unwrap();
        fs::write(directory.path().join("anchors/root.der"), anchor()).unwrap();
        let one = folder.read().unwrap().1;
        assert_eq!((one.anchors, one.intermediates, one.crls), (1, 0, 0));
        assert_ne!(empty.sha256, one.sha256);
        assert_eq!(folder.read().unwrap().1, one);
        fs::write(directory.path().join("anchors/next.der"), anchor()).unwrap();
        assert_eq!(folder.read().unwrap().1.anchors, 2);
    }

    #[test]
    fn a_file_that_is_no_certificate_is_named() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir_all(directory.path().join("crls")).unwrap();
        fs::write(directory.path().join("crls/list.crl"), "nothing").unwrap();
        let error = Folder::new(directory.path()).read().unwrap_err();
        assert!(format!("{error:#}").contains("list.crl"), "{error:#}");
    }
}
