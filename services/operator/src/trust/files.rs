//! The files of a bundle as they lie in `ConfigMap`s, and the rehearsal of what a gateway will make of them.

use std::collections::BTreeMap;

use customs_signatures::{BUNDLE_FOLDERS, BundleHash, TrustStore};
use k8s_openapi::{ByteString, api::core::v1::ConfigMap};
use kube::api::ObjectMeta;

use crate::resource::{GROUP, MANAGER};

/// What a `ConfigMap` holds at most; the limit of Kubernetes, with room for names and labels.
const OCTETS_MAX: usize = 1_000_000;
/// The folders of a bundle, in the order in which a gateway reads them.
pub(crate) const FOLDERS: [&str; 4] = BUNDLE_FOLDERS;
/// Digits of a file's SHA-256 that its name has.
const DIGITS: usize = 16;

/// The files of a bundle: for each folder, content by name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Files([BTreeMap<String, Vec<u8>>; 4]);

/// A file that a gateway would not take.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Refused {
    /// Whose it is.
    pub owner: String,
    /// Why.
    pub why: String,
}

/// The folders by their place in [`FOLDERS`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Folder {
    Anchors,
    Intermediates,
    Crls,
    Timestampers,
}

impl Files {
    /// Puts a file of `owner` into `folder`; its name says whose it is and what it holds.
    pub(crate) fn put(&mut self, folder: Folder, owner: &str, octets: Vec<u8>) {
        let digits: String = hex::encode(openssl::sha::sha256(&octets)).chars().take(DIGITS).collect();
        if let Some(files) = self.folder_mut(folder) {
            files.insert(format!("{owner}.{digits}.der"), octets);
        }
    }

    fn folder_mut(&mut self, folder: Folder) -> Option<&mut BTreeMap<String, Vec<u8>>> {
        match folder {
            Folder::Anchors => self.0.first_mut(),
            Folder::Intermediates => self.0.get_mut(1),
            Folder::Crls => self.0.get_mut(2),
            Folder::Timestampers => self.0.last_mut(),
        }
    }

    /// Only the files of `owner`.
    pub(crate) fn of(&self, owner: &str) -> Self {
        Self(self.0.each_ref().map(|folder| {
            let own = folder.iter().filter(|(name, _)| owner_of(name) == Some(owner));
            own.map(|(name, octets)| (name.clone(), octets.clone())).collect()
        }))
    }

    /// Adds what `other` has.
    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            mine.extend(theirs.iter().map(|(name, octets)| (name.clone(), octets.clone())));
        }
    }

    /// Whether there is no file.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(BTreeMap::is_empty)
    }

    /// The hash by which a gateway tells that it has this bundle.
    pub(crate) fn sha256(&self) -> String {
        let mut hash = BundleHash::default();
        for (folder, name, octets) in self.in_order() {
            hash.add(folder, name.as_bytes(), octets);
        }
        hash.finish()
    }

    /// Reads the files as a gateway will: in the same order, with the same code.
    pub(crate) fn rehearse(&self) -> Result<(), Refused> {
        let mut store = TrustStore::builder(0);
        for (folder, name, octets) in self.in_order() {
            let taken = match folder {
                "anchors" => store.anchor(octets).map(|_| ()),
                "intermediates" => store.intermediate(octets).map(|_| ()),
                "timestampers" => store.timestamp_authority(octets, &[]).map(|_| ()),
                _ => store.crl(octets).map(|_| ()),
            };
            taken.map_err(|error| Refused {
                owner: owner_of(name).unwrap_or_default().to_owned(),
                why: format!("{folder}: {error}"),
            })?;
        }
        Ok(())
    }

    /// Which folder holds more than a `ConfigMap` may, if one does.
    pub(crate) fn too_large(&self) -> Option<&'static str> {
        let size = |files: &BTreeMap<String, Vec<u8>>| {
            // Content travels and is stored in Base64.
            files.iter().map(|(name, octets)| name.len() + octets.len().div_ceil(3) * 4).sum::<usize>()
        };
        self.0.iter().zip(FOLDERS).find(|(files, _)| size(files) > OCTETS_MAX).map(|(_, folder)| folder)
    }

    fn in_order(&self) -> impl Iterator<Item = (&'static str, &str, &[u8])> {
        FOLDERS.into_iter().zip(&self.0).flat_map(|(folder, files)| {
            files.iter().map(move |(name, octets)| (folder, name.as_str(), octets.as_slice()))
        })
    }

    /// The `ConfigMap`s that hold the files, in the order in which they are written.
    pub(crate) fn config_maps(&self, prefix: &str, namespace: &str) -> Vec<ConfigMap> {
        let sha256 = self.sha256();
        let map = |(folder, files): (&str, &BTreeMap<String, Vec<u8>>)| ConfigMap {
            metadata: ObjectMeta {
                name: Some(name_of(prefix, folder)),
                namespace: Some(namespace.to_owned()),
                labels: Some(labels()),
                annotations: Some(BTreeMap::from([(format!("{GROUP}/bundle-sha256"), sha256.clone())])),
                ..ObjectMeta::default()
            },
            binary_data: (!files.is_empty()).then(|| {
                files.iter().map(|(name, octets)| (name.clone(), ByteString(octets.clone()))).collect()
            }),
            ..ConfigMap::default()
        };
        FOLDERS.into_iter().zip(&self.0).map(map).collect()
    }

    /// The files in `maps`, which are in the order of [`FOLDERS`].
    pub(crate) fn read(maps: &[Option<ConfigMap>; 4]) -> Self {
        Self(maps.each_ref().map(|map| {
            let data = map.as_ref().and_then(|map| map.binary_data.as_ref());
            data.into_iter().flatten().map(|(name, octets)| (name.clone(), octets.0.clone())).collect()
        }))
    }
}

/// Labels of what the operator writes.
fn labels() -> BTreeMap<String, String> {
    let label = |key: &str, value: &str| (format!("app.kubernetes.io/{key}"), value.to_owned());
    BTreeMap::from([label("managed-by", MANAGER), label("part-of", "ecustoms"), label("component", "trust")])
}

/// The `ConfigMap` of one folder.
pub(crate) fn name_of(prefix: &str, folder: &str) -> String {
    format!("{prefix}-{folder}")
}

/// Whose file it is, by its name.
fn owner_of(name: &str) -> Option<&str> {
    Some(name.strip_suffix(".der")?.rsplit_once('.')?.0)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use customs_signatures::issue::{Authority, KeyKind, Validity};

    use super::*;

    fn authority() -> Authority {
        let start = DateTime::UNIX_EPOCH;
        let validity = Validity { not_before: start, not_after: start + TimeDelta::days(36_500) };
        Authority::root("Root", KeyKind::P256, validity).unwrap()
    }

    #[test]
    fn files_know_their_owners_also_when_names_have_dots() {
        let mut files = Files::default();
        files.put(Folder::Anchors, "kz.national", vec![1]);
        files.put(Folder::Crls, "kz", vec![2]);
        assert!(files.of("kz.national").of("kz").is_empty());
        assert!(!files.of("kz").is_empty() && files.of("national").is_empty());
        let mut both = files.of("kz");
        both.add(&files.of("kz.national"));
        assert_eq!(both, files);
    }

    #[test]
    fn what_is_written_is_read_again_and_has_the_same_hash() {
        let mut files = Files::default();
        files.put(Folder::Anchors, "a", vec![1, 2, 3]);
        files.put(Folder::Crls, "a", vec![4]);
        files.put(Folder::Timestampers, "b", vec![5]);
        let maps = files.config_maps("trust", "ec");
        let names: Vec<_> = maps.iter().map(|map| map.metadata.name.clone().unwrap()).collect();
        assert_eq!(names, ["trust-anchors", "trust-intermediates", "trust-crls", "trust-timestampers"]);
        let maps: [Option<ConfigMap>; 4] = maps.into_iter().map(Some).collect::<Vec<_>>().try_into().unwrap();
        let again = Files::read(&maps);
        assert_eq!((again.sha256(), again), (files.sha256(), files));
        assert!(Files::read(&[None, None, None, None]).is_empty());
    }

    #[test]
    fn a_rehearsal_takes_what_a_gateway_takes_and_names_whose_file_it_is_otherwise() {
        let (root, start) = (authority(), DateTime::UNIX_EPOCH);
        let list = root.revocation_list(1, start, start + TimeDelta::days(1), &[]).unwrap();
        let mut files = Files::default();
        files.put(Folder::Crls, "national", list);
        let refused = files.rehearse().unwrap_err();
        assert_eq!((refused.owner.as_str(), refused.why.as_str()), ("national", "crls: issuer is not known"));
        files.put(Folder::Anchors, "national", root.certificate().unwrap());
        files.rehearse().unwrap();
        files.put(Folder::Intermediates, "other", b"nothing".to_vec());
        assert_eq!(files.rehearse().unwrap_err().owner, "other");
    }

    #[test]
    fn what_a_config_map_cannot_hold_is_seen_before_it_is_written() {
        let mut files = Files::default();
        files.put(Folder::Crls, "a", vec![0; 700_000]);
        assert_eq!(files.too_large(), None);
        files.put(Folder::Crls, "a", vec![1; 100_000]);
        assert_eq!(files.too_large(), Some("crls"));
    }
}
