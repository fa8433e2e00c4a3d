//! The stage of a test: a namespace of its own on some API server, operators in it, and patience.

use std::{
    env,
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::SecondsFormat;
use customs_kernel::Clock;
use customs_operator::{Operator, Settings, Standing, Timing, lead, resource};
use customs_platform::SystemClock;
use k8s_openapi::{
    api::{
        batch::v1::Job,
        core::v1::{ConfigMap, Namespace, Pod},
    },
    apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
};
use kube::{
    Api, Client, Resource, ResourceExt,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams},
    core::NamespaceResourceScope,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::fake::Fake;

/// How long something may take that is to come; longer on a real server, where Jobs are tried again.
const PATIENCE: Duration = Duration::from_secs(90);
/// The rhythm of elections in tests.
pub(crate) const TIMING: Timing = Timing {
    lease: Duration::from_secs(2),
    give_up: Duration::from_millis(1_500),
    retry: Duration::from_millis(250),
};

/// Counts namespaces of this process.
static NAMESPACES: AtomicU32 = AtomicU32::new(0);

/// A namespace on some API server.
pub(crate) struct Stage {
    pub client: Client,
    pub namespace: String,
    /// The server in memory, unless it is a real one.
    pub fake: Option<Fake>,
    /// The port of gateways.
    pub port: u16,
}

/// A running operator.
pub(crate) struct Running {
    pub standing: Standing,
    pub task: JoinHandle<anyhow::Result<()>>,
}

impl Stage {
    /// On a real server if the environment names one, otherwise on one in memory.
    pub(crate) async fn set() -> Self {
        if env::var("ECUSTOMS_KUBE_TEST").as_deref() != Ok("1") {
            return Self::in_memory();
        }
        let client = Client::try_default().await.unwrap();
        install(&client).await;
        let number = NAMESPACES.fetch_add(1, Ordering::Relaxed);
        let namespace = format!("ecustoms-test-{}-{number}", std::process::id());
        let spaces: Api<Namespace> = Api::all(client.clone());
        let space = serde_json::from_value(json!({ "metadata": { "name": namespace } })).unwrap();
        spaces.create(&PostParams::default(), &space).await.unwrap();
        Self { client, namespace, fake: None, port: 9090 }
    }

    /// On a server in memory, whatever the environment says.
    pub(crate) fn in_memory() -> Self {
        let fake = Fake::start();
        Self { client: fake.client(), namespace: "ec".to_owned(), fake: Some(fake), port: 9090 }
    }

    pub(crate) fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    pub(crate) fn settings(&self) -> Settings {
        let jobs = json!({
            "url": "http://gateway:8080", "keyFile": "/k/key.p12", "passwordFile": "/k/password",
            "template": { "spec": { "automountServiceAccountToken": false,
                "containers": [{ "name": "job", "image": "ecustoms:test" }] } },
        });
        serde_json::from_value(json!({
            "namespace": self.namespace,
            "trust": { "configMaps": "trust" },
            "edges": { "selector": "app.kubernetes.io/component=gateway", "port": self.port },
            "lease": { "name": "operator", "durationSeconds": 2 },
            "imports": jobs, "replays": jobs,
        }))
        .unwrap()
    }

    /// Starts an operator named `identity`.
    pub(crate) fn operator(&self, identity: &str) -> Running {
        self.operator_in(identity, TIMING)
    }

    /// Starts an operator named `identity`, which stands for election in this rhythm.
    pub(crate) fn operator_in(&self, identity: &str, timing: Timing) -> Running {
        let standing = Standing::default();
        let operator = Operator {
            client: self.client.clone(),
            settings: Arc::new(self.settings()),
            identity: identity.to_owned(),
            timing,
            clock: Arc::new(SystemClock),
        };
        let of_task = standing.clone();
        let task = tokio::spawn(async move { lead(operator, &of_task).await });
        Running { standing, task }
    }

    /// Makes an object from JSON.
    pub(crate) async fn make<K>(&self, object: Value) -> K
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + Debug
            + DeserializeOwned
            + Serialize,
    {
        let object: K = serde_json::from_value(object).unwrap();
        self.api::<K>().create(&PostParams::default(), &object).await.unwrap()
    }

    /// Merges JSON into an object.
    pub(crate) async fn change<K>(&self, name: &str, patch: Value) -> K
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug + DeserializeOwned,
    {
        self.api::<K>().patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap()
    }

    pub(crate) async fn delete<K>(&self, name: &str)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug + DeserializeOwned,
    {
        self.api::<K>().delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// Waits until an object is as `is_so` wants it; tells how it was at the end otherwise.
    pub(crate) async fn until<K>(&self, name: &str, is_so: impl Fn(&Value) -> bool) -> Value
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + Debug
            + DeserializeOwned
            + Serialize,
    {
        let (api, mut last) = (self.api::<K>(), Value::Null);
        let waiting = async {
            loop {
                // A server that fails on command may fail this as well.
                if let Ok(Some(object)) = api.get_opt(name).await {
                    last = serde_json::to_value(object).unwrap();
                    if is_so(&last) {
                        return;
                    }
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let came = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(came.is_ok(), "{} {name} did not become as awaited: {last:#}", K::kind(&()));
        last
    }

    /// Waits until there is no such object any more.
    pub(crate) async fn until_gone<K>(&self, name: &str)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug + DeserializeOwned,
    {
        let api = self.api::<K>();
        let going = async {
            while !matches!(api.get_opt(name).await, Ok(None)) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let went = tokio::time::timeout(PATIENCE, going).await;
        assert!(went.is_ok(), "{} {name} is still there", K::kind(&()));
    }

    /// Takes away the whole status of an object.
    pub(crate) async fn forget<K>(&self, name: &str)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + Debug
            + DeserializeOwned
            + Serialize,
    {
        let mut object = serde_json::to_value(self.api::<K>().get(name).await.unwrap()).unwrap();
        object.as_object_mut().unwrap().remove("status");
        let object: K = serde_json::from_value(object).unwrap();
        self.api::<K>().replace_status(name, &PostParams::default(), &object).await.unwrap();
    }

    /// All objects of a kind.
    pub(crate) async fn all<K>(&self) -> Vec<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + Debug + DeserializeOwned,
    {
        self.api::<K>().list(&ListParams::default()).await.unwrap().items
    }

    /// Makes the pod of a gateway that runs at `address`.
    pub(crate) async fn gateway_pod(&self, name: &str, address: &str) {
        let labels = json!({ "app.kubernetes.io/component": "gateway" });
        self.pod(
            name,
            &labels,
            json!({ "phase": "Running", "podIP": address, "podIPs": [{ "ip": address }] }),
        )
        .await;
    }

    async fn pod(&self, name: &str, labels: &Value, status: Value) {
        let pod = json!({ "metadata": { "name": name, "labels": labels }, "spec": {
            "automountServiceAccountToken": false, "containers": [{ "name": "c", "image": "ecustoms:test" }] } });
        self.make::<Pod>(pod).await;
        self.pod_status(name, status).await;
    }

    async fn pod_status(&self, name: &str, status: Value) {
        let patch = Patch::Merge(json!({ "status": status }));
        self.api::<Pod>().patch_status(name, &PatchParams::default(), &patch).await.unwrap();
    }

    /// Lets a Job end as its container would: with this exit code and these last words.
    pub(crate) async fn end(&self, job: &str, code: i32, words: &str) {
        let now = SystemClock.now().to_rfc3339_opts(SecondsFormat::Secs, true);
        let phase = if code == 0 { "Succeeded" } else { "Failed" };
        let status = json!({ "phase": phase, "containerStatuses": [{
            "name": "import", "ready": false, "restartCount": 0, "image": "i", "imageID": "i",
            "state": { "terminated": { "exitCode": code, "message": words,
                "startedAt": now, "finishedAt": now } } }] });
        if self.fake.is_some() {
            // What the Job controller would do.
            let found = serde_json::to_value(self.api::<Job>().get(job).await.unwrap()).unwrap();
            let mut labels = found["spec"]["template"]["metadata"]["labels"].clone();
            labels["batch.kubernetes.io/job-name"] = job.into();
            self.pod(&format!("{job}-pod"), &labels, status).await;
            let kind = if code == 0 { "Complete" } else { "Failed" };
            let status = json!({ "status": { "conditions": [{ "type": kind, "status": "True",
                "lastTransitionTime": now }] } });
            self.api::<Job>()
                .patch_status(job, &PatchParams::default(), &Patch::Merge(status))
                .await
                .unwrap();
            return;
        }
        let pods = ListParams::default().labels(&format!("batch.kubernetes.io/job-name={job}"));
        let ending = async {
            loop {
                for pod in self.api::<Pod>().list(&pods).await.unwrap() {
                    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
                    if !matches!(phase, Some("Succeeded" | "Failed")) {
                        self.pod_status(&pod.name_any(), status.clone()).await;
                    }
                }
                let found = self.api::<Job>().get(job).await.unwrap();
                let conditions = found.status.and_then(|status| status.conditions).unwrap_or_default();
                if conditions
                    .iter()
                    .any(|one| matches!(one.type_.as_str(), "Complete" | "Failed") && one.status == "True")
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ending).await.expect("the Job controller ends the Job");
    }

    /// Takes the namespace away, on a real server.
    pub(crate) async fn strike(self) {
        if self.fake.is_none() {
            let spaces: Api<Namespace> = Api::all(self.client.clone());
            _ = spaces.delete(&self.namespace, &DeleteParams::default()).await;
        }
    }
}

impl Running {
    /// Tells it to stop and waits until it has.
    pub(crate) async fn stop(self) {
        self.standing.stop.cancel();
        self.task.await.unwrap().unwrap();
    }
}

/// The condition `kind` of an object: its status and reason.
pub(crate) fn condition<'a>(object: &'a Value, kind: &str) -> (&'a str, &'a str) {
    let all = object["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let found = all.iter().find(|one| one["type"] == kind);
    found.map_or(("", ""), |one| (one["status"].as_str().unwrap(), one["reason"].as_str().unwrap()))
}

/// The files of the bundle by folder, as they lie in the cluster.
pub(crate) async fn bundle(stage: &Stage, folder: &str) -> Vec<String> {
    let map = stage.api::<ConfigMap>().get_opt(&format!("trust-{folder}")).await.unwrap();
    map.and_then(|map| map.binary_data).unwrap_or_default().into_keys().collect()
}

/// Brings our definitions into a real cluster and waits until it serves them.
async fn install(client: &Client) {
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    for definition in resource::definitions() {
        let (name, how) = (definition.name_any(), PatchParams::apply("ecustoms-test").force());
        definitions.patch(&name, &how, &Patch::Apply(&definition)).await.unwrap();
        let established = async {
            loop {
                let status = definitions.get(&name).await.unwrap().status;
                let conditions = status.and_then(|status| status.conditions).unwrap_or_default();
                if conditions.iter().any(|one| one.type_ == "Established" && one.status == "True") {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(PATIENCE, established).await.expect("the definition is taken");
    }
}
