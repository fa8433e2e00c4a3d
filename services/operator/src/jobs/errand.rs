//! A Job, built from the chart's template: the same errand has the same name, so that it is made once whoever makes it.

use std::collections::BTreeMap;

use k8s_openapi::api::{
    batch::v1::{Job, JobSpec},
    core::v1::{Container, PodTemplateSpec, Volume, VolumeMount},
};
use kube::{Resource, ResourceExt, api::ObjectMeta};

use super::run::{Task, task_key, trigger_key};
use crate::{resource::MANAGER, settings::Jobs};

/// Where a container leaves its last words; the kubelet makes the file.
pub(crate) const REPORT: &str = "/dev/termination-log";
/// How often a pod is tried anew.
const TRIES: i32 = 2;
/// How long all tries may take, in seconds.
const PATIENCE_S: i64 = 1_800;
/// How long a Job that has ended is kept, in seconds.
const KEPT_S: i32 = 86_400;
/// The longest name of a Job.
const NAME_MAX: usize = 63;
/// Digits of the hash in its name.
const DIGITS: usize = 12;

/// What is to be done for a resource.
pub(crate) struct Errand<'a> {
    /// What.
    pub task: Task,
    /// What it is done for.
    pub trigger: &'a str,
    /// How often it has failed before.
    pub failures: u32,
    /// The label that says whose Jobs these are.
    pub owner_key: String,
    /// Arguments of the program.
    pub arguments: Vec<String>,
    /// What is mounted beside what the template has, and where.
    pub volumes: Vec<(Volume, &'static str)>,
}

/// The name of the Job for this errand of `object`.
pub(crate) fn name<K>(object: &K, task: Task, trigger: &str, failures: u32) -> String
where
    K: Resource<DynamicType = ()>,
{
    let uid = object.uid().unwrap_or_default();
    let what = format!("{uid}/{}/{trigger}/{failures}", task.word());
    let digits: String = hex::encode(openssl::sha::sha256(what.as_bytes())).chars().take(DIGITS).collect();
    let tail = format!("-{}-{digits}", task.word());
    let head: String = object.name_any().chars().take(NAME_MAX.saturating_sub(tail.len())).collect();
    format!("{}{tail}", head.replace('.', "-").trim_end_matches('-'))
}

impl Errand<'_> {
    /// The Job that does it for `object`.
    pub(crate) fn job<K>(self, object: &K, jobs: &Jobs) -> Job
    where
        K: Resource<DynamicType = ()>,
    {
        let labels = BTreeMap::from([
            ("app.kubernetes.io/managed-by".to_owned(), MANAGER.to_owned()),
            (task_key(), self.task.word().to_owned()),
            (self.owner_key.clone(), object.uid().unwrap_or_default()),
        ]);
        Job {
            metadata: ObjectMeta {
                name: Some(name(object, self.task, self.trigger, self.failures)),
                namespace: object.namespace(),
                labels: Some(labels.clone()),
                annotations: Some(BTreeMap::from([(trigger_key(), self.trigger.to_owned())])),
                // The garbage collector takes the Job away with its resource; nobody has to wait for that.
                owner_references: object.controller_owner_ref(&()).map(|mut owner| {
                    owner.block_owner_deletion = None;
                    vec![owner]
                }),
                ..ObjectMeta::default()
            },
            spec: Some(JobSpec {
                backoff_limit: Some(TRIES),
                active_deadline_seconds: Some(PATIENCE_S),
                ttl_seconds_after_finished: Some(KEPT_S),
                template: self.pod(jobs, &labels),
                ..JobSpec::default()
            }),
            ..Job::default()
        }
    }

    fn pod(self, jobs: &Jobs, labels: &BTreeMap<String, String>) -> PodTemplateSpec {
        let mut pod = jobs.template.clone();
        let metadata = pod.metadata.get_or_insert_with(ObjectMeta::default);
        metadata.labels.get_or_insert_default().extend(labels.clone());
        if let Some(spec) = pod.spec.as_mut() {
            spec.restart_policy = Some("Never".to_owned());
            let more = self.volumes.iter().map(|(volume, _)| volume.clone());
            spec.volumes.get_or_insert_default().extend(more);
            if let Some(container) = spec.containers.first_mut() {
                self.fill(container);
            }
        }
        pod
    }

    fn fill(self, container: &mut Container) {
        container.args = Some(self.arguments);
        container.termination_message_path = Some(REPORT.to_owned());
        container.termination_message_policy = Some("FallbackToLogsOnError".to_owned());
        let mounts = self.volumes.into_iter().map(|(volume, place)| VolumeMount {
            mount_path: place.to_owned(),
            name: volume.name,
            read_only: Some(true),
            ..VolumeMount::default()
        });
        container.volume_mounts.get_or_insert_default().extend(mounts);
    }
}
