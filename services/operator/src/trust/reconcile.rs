//! One round over the trust of a namespace: look, decide, write what is news, ask the gateways, tell.

use std::{collections::BTreeMap, time::Duration};

use k8s_openapi::api::core::v1::{ConfigMap, Pod, Secret};
use kube::{
    ResourceExt,
    api::{Patch, PatchParams, PostParams},
    runtime::events::EventType,
};

use super::{
    bundle::{Desired, Found, Said, desire},
    edges::{self, Edge},
    files::{FOLDERS, Files, name_of},
    material::{Material, Problem},
};
use crate::{
    cluster::{Cluster, Rounds, is_status},
    gauges::Gauges,
    resource::{
        BundleStatus, MANAGER, TrustAnchor, TrustAnchorSpec, TrustAnchorStatus, TrustSource,
        condition::follow,
    },
};

/// When to look again although nothing was heard: certificates end and gateways come by themselves.
const ROUTINE: Duration = Duration::from_mins(1);
/// When to look again while gateways do not have the bundle yet.
const SOON: Duration = Duration::from_secs(5);

/// The controller of trust.
pub(crate) struct TrustController {
    cluster: Cluster,
    gauges: Gauges,
}

/// The content of one key of an object, kept for the round.
type Seen = BTreeMap<(bool, String), Result<BTreeMap<String, Vec<u8>>, Problem>>;

impl TrustController {
    pub(crate) fn new(cluster: Cluster) -> Self {
        Self { cluster, gauges: Gauges::new(Self::KIND) }
    }

    /// What the sources of an anchor hold. What is missing is the anchor's problem; a cluster that cannot be asked is
    /// nobody's fault and ends the round.
    async fn gather(
        &self,
        spec: &TrustAnchorSpec,
        seen: &mut Seen,
    ) -> kube::Result<Result<Material, Problem>> {
        let mut material = Material::default();
        for (sources, into) in [
            (&spec.sources, &mut material.anchors),
            (&spec.intermediates, &mut material.intermediates),
            (&spec.crls, &mut material.crls),
            (&spec.timestampers, &mut material.timestampers),
        ] {
            for source in sources {
                match self.open(source, seen).await? {
                    Ok(octets) => into.push(octets),
                    Err(problem) => return Ok(Err(problem)),
                }
            }
        }
        Ok(Ok(material))
    }

    async fn open(&self, source: &TrustSource, seen: &mut Seen) -> kube::Result<Result<Vec<u8>, Problem>> {
        let (is_secret, reference) = match (&source.secret_ref, &source.config_map_ref) {
            (Some(secret), None) => (true, secret),
            (None, Some(map)) => (false, map),
            _ => return Ok(Err(Problem::new("SourceUnclear", "a source names no object or two"))),
        };
        let place = (is_secret, reference.name.clone());
        if !seen.contains_key(&place) {
            let content = self.fetch(is_secret, &reference.name).await?;
            seen.insert(place.clone(), content);
        }
        let what = if is_secret { "Secret" } else { "ConfigMap" };
        Ok(match seen.get(&place) {
            Some(Ok(content)) => content.get(&reference.key).cloned().ok_or_else(|| {
                let why = format!("{what} {} has no key {}", reference.name, reference.key);
                Problem::new("SourceMissing", why)
            }),
            Some(Err(problem)) => Err(problem.clone()),
            None => Err(Problem::new("SourceMissing", format!("there is no {what} {}", reference.name))),
        })
    }

    /// All keys of an object.
    async fn fetch(
        &self,
        is_secret: bool,
        name: &str,
    ) -> kube::Result<Result<BTreeMap<String, Vec<u8>>, Problem>> {
        let looked = if is_secret {
            self.cluster.api::<Secret>().get_opt(name).await.map(|secret| secret.map(of_secret))
        } else {
            self.cluster.api::<ConfigMap>().get_opt(name).await.map(|map| map.map(of_config_map))
        };
        let what = if is_secret { "Secret" } else { "ConfigMap" };
        match looked {
            Ok(content) => {
                Ok(content.ok_or_else(|| Problem::new("SourceMissing", format!("there is no {what} {name}"))))
            }
            Err(error) if is_status(&error, 403) => {
                let why =
                    format!("the operator may not read {what} {name}; name it in trust.secrets of its chart");
                Ok(Err(Problem::new("SourceForbidden", why)))
            }
            Err(error) => Err(error),
        }
    }

    /// The `ConfigMap`s of the bundle as they are.
    async fn current(&self) -> kube::Result<[Option<ConfigMap>; 4]> {
        let (api, prefix) = (self.cluster.api::<ConfigMap>(), &self.cluster.settings.trust.config_maps);
        let mut maps = [None, None, None, None];
        for (map, folder) in maps.iter_mut().zip(FOLDERS) {
            *map = api.get_opt(&name_of(prefix, folder)).await?;
        }
        Ok(maps)
    }

    /// Writes the `ConfigMap`s that are not as they should be.
    async fn hand_out(
        &self,
        files: &Files,
        current: &[Option<ConfigMap>; 4],
        anchors: &[TrustAnchor],
    ) -> kube::Result<()> {
        let settings = &self.cluster.settings;
        let (api, how) = (self.cluster.api::<ConfigMap>(), PatchParams::apply(MANAGER).force());
        let mut is_written = false;
        for (wanted, current) in
            files.config_maps(&settings.trust.config_maps, &settings.namespace).into_iter().zip(current)
        {
            if current.as_ref().is_some_and(|current| is_so(current, &wanted)) {
                continue;
            }
            let name = wanted.name_any();
            let written = api.patch(&name, &how, &Patch::Apply(&wanted)).await?;
            if !is_so(&written, &wanted) {
                // Somebody else has put keys into it, which a gateway would read as files.
                let mut whole = wanted;
                whole.metadata.resource_version = written.metadata.resource_version;
                api.replace(&name, &how_to_replace(), &whole).await?;
            }
            is_written = true;
        }
        if is_written {
            let note = format!("bundle {} is handed out", files.sha256());
            tracing::info!(sha256 = files.sha256(), "another bundle is handed out");
            for anchor in anchors {
                self.cluster.event(anchor, EventType::Normal, "HandOut", "BundleChanged", &note).await;
            }
        }
        Ok(())
    }

    async fn ask(&self) -> kube::Result<Vec<Edge>> {
        let edges = &self.cluster.settings.edges;
        let pods: Vec<Pod> = self.cluster.all(&edges.selector).await?;
        Ok(edges::ask(&self.cluster.http, edges::serving(&pods), edges.port).await)
    }

    /// Writes what is said of each anchor; tells whether all gateways have the bundle.
    async fn report(
        &mut self,
        anchors: &[TrustAnchor],
        desired: &Desired,
        sha256: &str,
        edges: &[Edge],
    ) -> kube::Result<bool> {
        let (status, distributed) = edges::judge(edges, sha256);
        let mut told = Vec::new();
        for anchor in anchors {
            let Some(Said { ready, expiring, certificates, nearest_expiry }) =
                desired.said.get(&anchor.name_any()).cloned()
            else {
                continue;
            };
            let verdicts = [ready, distributed.clone(), expiring];
            let before = anchor.status.as_ref();
            let old = before.map(|status| status.conditions.as_slice()).unwrap_or_default();
            let generation = anchor.metadata.generation;
            let after = TrustAnchorStatus {
                certificates,
                nearest_expiry,
                bundle: Some(BundleStatus {
                    config_maps: self.cluster.settings.trust.config_maps.clone(),
                    sha256: sha256.to_owned(),
                }),
                edges: Some(status),
                observed_generation: generation,
                conditions: follow(old, &verdicts, generation, self.cluster.now()),
            };
            self.cluster.write_status(anchor, before, &after).await?;
            self.cluster.tell(anchor, old, &verdicts).await;
            told.push((anchor.name_any(), verdicts.to_vec()));
        }
        self.gauges.tell(&told);
        Ok(edges.is_empty() || status.desired == status.current)
    }
}

impl Rounds for TrustController {
    const KIND: &str = "TrustAnchor";

    async fn round(&mut self) -> kube::Result<Duration> {
        let anchors: Vec<TrustAnchor> = self.cluster.all("").await?;
        let (now, mut seen) = (self.cluster.now(), Seen::new());
        let names: Vec<String> = anchors.iter().map(ResourceExt::name_any).collect();
        let mut found = Vec::new();
        for (anchor, name) in anchors.iter().zip(&names) {
            let material = self.gather(&anchor.spec, &mut seen).await?;
            found.push(Found { name, spec: &anchor.spec, material });
        }
        let current = self.current().await?;
        let desired = desire(&found, &Files::read(&current), now);
        let in_effect = desired.files.clone().unwrap_or_else(|| Files::read(&current));
        if let Some(files) = &desired.files {
            self.hand_out(files, &current, &anchors).await?;
        }
        if anchors.is_empty() {
            self.gauges.tell(&[]);
            return Ok(ROUTINE);
        }
        let sha256 = in_effect.sha256();
        let edges = self.ask().await?;
        let all_have_it = self.report(&anchors, &desired, &sha256, &edges).await?;
        let change = desired.again.and_then(|at| (at - now).to_std().ok()).unwrap_or(ROUTINE);
        Ok(change.min(if all_have_it { ROUTINE } else { SOON }))
    }
}

fn how_to_replace() -> PostParams {
    PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() }
}

/// Whether `current` is as `wanted`: the same files and no other, and at least our labels and annotations.
fn is_so(current: &ConfigMap, wanted: &ConfigMap) -> bool {
    let has = |all: Option<&BTreeMap<String, String>>, some: Option<&BTreeMap<String, String>>| {
        some.into_iter().flatten().all(|(key, value)| all.and_then(|all| all.get(key)) == Some(value))
    };
    let empty = BTreeMap::new();
    current.binary_data.as_ref().unwrap_or(&empty) == wanted.binary_data.as_ref().unwrap_or(&empty)
        && current.data.as_ref().is_none_or(BTreeMap::is_empty)
        && has(current.metadata.labels.as_ref(), wanted.metadata.labels.as_ref())
        && has(current.metadata.annotations.as_ref(), wanted.metadata.annotations.as_ref())
}

fn of_secret(secret: Secret) -> BTreeMap<String, Vec<u8>> {
    secret.data.into_iter().flatten().map(|(key, value)| (key, value.0)).collect()
}

/// The keys of a `ConfigMap`, text and octets alike.
pub(crate) fn of_config_map(map: ConfigMap) -> BTreeMap<String, Vec<u8>> {
    let text = map.data.into_iter().flatten().map(|(key, value)| (key, value.into_bytes()));
    let octets = map.binary_data.into_iter().flatten().map(|(key, value)| (key, value.0));
    text.chain(octets).collect()
}

#[cfg(test)]
mod tests {
    use k8s_openapi::ByteString;

    use super::*;

    #[test]
    fn a_foreign_key_or_a_lost_label_is_seen_and_a_foreign_label_is_left_alone() {
        let mut files = Files::default();
        files.put(super::super::files::Folder::Anchors, "a", vec![1]);
        let wanted = files.config_maps("trust", "ec").remove(0);
        assert!(is_so(&wanted, &wanted));
        let mut with = wanted.clone();
        with.metadata.labels.as_mut().unwrap().insert("theirs".to_owned(), "x".to_owned());
        assert!(is_so(&with, &wanted));
        with.binary_data.as_mut().unwrap().insert("theirs".to_owned(), ByteString(vec![2]));
        assert!(!is_so(&with, &wanted));
        let mut without = wanted.clone();
        without.metadata.labels.as_mut().unwrap().clear();
        assert!(!is_so(&without, &wanted));
        let text = BTreeMap::from([("theirs".to_owned(), String::new())]);
        assert!(!is_so(&ConfigMap { data: Some(text), ..wanted.clone() }, &wanted));
    }
}
