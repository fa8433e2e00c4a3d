//! The Job of one import, built from the chart's template: the source is mounted or fetched, nothing else is reached.

use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{ConfigMapVolumeSource, KeyToPath, PersistentVolumeClaimVolumeSource, Volume},
};

use crate::{
    jobs::{self, Errand, REPORT, Task},
    resource::{GROUP, KeyRef, ReferenceDataset},
    settings::Jobs,
};

/// Where the file of the source is mounted.
const SOURCE: &str = "/var/run/ecustoms/source";
/// Where the certificate for the source's server is mounted.
const AUTHORITY: &str = "/var/run/ecustoms/authority";

/// The label of a Job that says for which dataset it is.
pub(crate) fn owner_key() -> String {
    format!("{GROUP}/dataset-uid")
}

/// What a Job is made for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Wanted {
    /// What it is to do.
    pub task: Task,
    /// What it is made for.
    pub trigger: String,
    /// The only content that may be imported.
    pub sha256: Option<String>,
    /// How often it has failed before.
    pub failures: u32,
}

/// The name of the Job.
pub(crate) fn name(dataset: &ReferenceDataset, wanted: &Wanted) -> String {
    jobs::name(dataset, wanted.task, &wanted.trigger, wanted.failures)
}

/// The Job.
pub(crate) fn job(dataset: &ReferenceDataset, imports: &Jobs, wanted: &Wanted) -> Job {
    let errand = Errand {
        task: wanted.task,
        trigger: &wanted.trigger,
        failures: wanted.failures,
        owner_key: owner_key(),
        arguments: arguments(dataset, imports, wanted),
        volumes: volumes(dataset),
    };
    errand.job(dataset, imports)
}

fn arguments(dataset: &ReferenceDataset, imports: &Jobs, wanted: &Wanted) -> Vec<String> {
    let source = &dataset.spec.source;
    let mut arguments = vec!["reference".to_owned()];
    let mut add = |words: &[&str]| arguments.extend(words.iter().map(|word| (*word).to_owned()));
    if wanted.task == Task::Import {
        add(&["import", "--url", &imports.url, "--key", &imports.key_file]);
        add(&["--password-file", &imports.password_file, "--dataset", dataset.spec.dataset.name()]);
    } else {
        add(&["fetch"]);
    }
    if let Some(sha256) = &wanted.sha256 {
        add(&["--sha256", sha256]);
    }
    add(&["--report", REPORT]);
    if source.http.as_ref().is_some_and(|http| http.ca_ref.is_some()) {
        add(&["--authority", &format!("{AUTHORITY}/ca.pem")]);
    }
    // After this nothing is an option any more, whatever it looks like.
    add(&["--"]);
    if let Some(http) = &source.http {
        add(&[&http.url]);
    } else if let Some(volume) = &source.volume {
        add(&[&format!("{SOURCE}/{}", volume.path)]);
    } else if let Some(map) = &source.config_map_ref {
        add(&[&format!("{SOURCE}/{}", map.key)]);
    }
    arguments
}

fn volumes(dataset: &ReferenceDataset) -> Vec<(Volume, &'static str)> {
    let source = &dataset.spec.source;
    let map = |name: &str, from: &KeyRef, path: &str| Volume {
        name: name.to_owned(),
        config_map: Some(ConfigMapVolumeSource {
            name: from.name.clone(),
            items: Some(vec![KeyToPath {
                key: from.key.clone(),
                path: path.to_owned(),
                ..KeyToPath::default()
            }]),
            ..ConfigMapVolumeSource::default()
        }),
        ..Volume::default()
    };
    let claim = |claim: &str| Volume {
        name: "source".to_owned(),
        persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
            claim_name: claim.to_owned(),
            read_only: Some(true),
        }),
        ..Volume::default()
    };
    let authority = source.http.as_ref().and_then(|http| http.ca_ref.as_ref());
    [
        source.config_map_ref.as_ref().map(|from| (map("source", from, &from.key), SOURCE)),
        source.volume.as_ref().map(|volume| (claim(&volume.claim_name), SOURCE)),
        authority.map(|from| (map("authority", from, "ca.pem"), AUTHORITY)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn dataset(source: &Value) -> ReferenceDataset {
        serde_json::from_value(json!({
            "apiVersion": "ecustoms.dev/v1alpha1", "kind": "ReferenceDataset",
            "metadata": { "name": "rates", "namespace": "ec", "uid": "u-1" },
            "spec": { "dataset": "Currencies", "source": source },
        }))
        .unwrap()
    }

    fn imports() -> Jobs {
        serde_json::from_value(json!({
            "url": "http://gateway:8080", "keyFile": "/k/key.p12", "passwordFile": "/k/password",
            "template": { "spec": {
                "automountServiceAccountToken": false,
                "containers": [{ "name": "import", "image": "ecustoms:1",
                    "volumeMounts": [{ "name": "key", "mountPath": "/k" }] }],
                "volumes": [{ "name": "key", "secret": { "secretName": "importer" } }],
            } },
        }))
        .unwrap()
    }

    fn wanted(task: Task, sha256: Option<&str>) -> Wanted {
        Wanted { task, trigger: "t".to_owned(), sha256: sha256.map(str::to_owned), failures: 0 }
    }

    fn built(source: &Value, wanted: &Wanted) -> Value {
        serde_json::to_value(job(&dataset(source), &imports(), wanted)).unwrap()
    }

    #[test]
    fn an_import_of_a_config_map_mounts_it_and_says_what_it_must_be() {
        let source = json!({ "configMapRef": { "name": "rates", "key": "rates.csv" } });
        let job = built(&source, &wanted(Task::Import, Some("ab")));
        let container = &job["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(
            container["args"],
            json!([
                "reference",
                "import",
                "--url",
                "http://gateway:8080",
                "--key",
                "/k/key.p12",
                "--password-file",
                "/k/password",
                "--dataset",
                "currencies",
                "--sha256",
                "ab",
                "--report",
                "/dev/termination-log",
                "--",
                "/var/run/ecustoms/source/rates.csv",
            ])
        );
        let volumes = &job["spec"]["template"]["spec"]["volumes"];
        assert_eq!(volumes[0]["name"], "key");
        assert_eq!(volumes[1]["configMap"]["items"][0], json!({ "key": "rates.csv", "path": "rates.csv" }));
        assert_eq!(container["volumeMounts"].as_array().unwrap().len(), 2);
        assert_eq!(job["spec"]["template"]["spec"]["automountServiceAccountToken"], false);
        assert_eq!(job["metadata"]["ownerReferences"][0]["uid"], "u-1");
        assert!(job["metadata"]["ownerReferences"][0].get("blockOwnerDeletion").is_none());
    }

    #[test]
    fn a_check_fetches_only_and_logs_in_nowhere() {
        let source =
            json!({ "http": { "url": "https://a.example/x", "caRef": { "name": "ca", "key": "c" } } });
        let job = built(&source, &wanted(Task::Check, None));
        assert_eq!(
            job["spec"]["template"]["spec"]["containers"][0]["args"],
            json!([
                "reference",
                "fetch",
                "--report",
                "/dev/termination-log",
                "--authority",
                "/var/run/ecustoms/authority/ca.pem",
                "--",
                "https://a.example/x",
            ])
        );
    }

    #[test]
    fn a_file_on_a_volume_is_mounted_to_be_read_only() {
        let source = json!({ "volume": { "claimName": "data", "path": "in/x.json" } });
        let job = built(&source, &wanted(Task::Import, None));
        let pod = &job["spec"]["template"]["spec"];
        assert_eq!(
            pod["volumes"][1]["persistentVolumeClaim"],
            json!({ "claimName": "data", "readOnly": true })
        );
        let args = pod["containers"][0]["args"].as_array().unwrap();
        assert_eq!(args.last().unwrap(), "/var/run/ecustoms/source/in/x.json");
    }

    #[test]
    fn the_name_depends_on_the_demand_and_fits() {
        let mut long = dataset(&json!({ "volume": { "claimName": "d", "path": "x" } }));
        let once = name(&long, &wanted(Task::Import, None));
        assert_eq!(once, name(&long, &wanted(Task::Import, Some("other"))));
        let again = Wanted { failures: 1, ..wanted(Task::Import, None) };
        let other = Wanted { trigger: "other".to_owned(), ..wanted(Task::Import, None) };
        let all =
            [once.clone(), name(&long, &wanted(Task::Check, None)), name(&long, &again), name(&long, &other)];
        assert!(all.iter().enumerate().all(|(index, one)| !all[..index].contains(one)), "{all:?}");
        long.metadata.name = Some(format!("{}.b", "a".repeat(200)));
        let name = name(&long, &wanted(Task::Import, None));
        assert!(name.len() <= 63 && name.starts_with("aaa") && !name.contains('.'), "{name}");
    }
}
