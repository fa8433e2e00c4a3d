//! What all controllers do with the cluster: look, write only what is news, tell.

use std::{fmt::Debug, future::Future, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use customs_kernel::Clock;
use k8s_openapi::api::batch::v1::Job;
use kube::{
    Api, Client, Resource, ResourceExt,
    api::{ListParams, Patch, PatchParams, PostParams},
    core::NamespaceResourceScope,
    runtime::events::{Event, EventType, Recorder},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::{
    jobs::Task,
    resource::{Condition, MANAGER, Status, Verdict, condition::news},
    settings::Settings,
};

/// How many objects one page of a list has.
const PAGE: u32 = 200;

/// One who looks, decides, writes what is news and tells; again and again.
pub(crate) trait Rounds: Send {
    /// The kind of resource that it looks at.
    const KIND: &'static str;

    /// One round; tells after how long to look again if nothing is heard.
    fn round(&mut self) -> impl Future<Output = kube::Result<Duration>> + Send;
}

/// What the controllers work with.
#[derive(Clone)]
pub(crate) struct Cluster {
    pub client: Client,
    pub settings: Arc<Settings>,
    pub clock: Arc<dyn Clock>,
    pub http: reqwest::Client,
    pub recorder: Recorder,
}

impl Cluster {
    /// The objects of one kind in our namespace.
    pub(crate) fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), &self.settings.namespace)
    }

    /// The present instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// All objects of one kind, or those that `selector` selects.
    pub(crate) async fn all<K>(&self, selector: &str) -> kube::Result<Vec<K>>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
    {
        let (api, mut found) = (self.api::<K>(), Vec::new());
        let mut page = ListParams::default().limit(PAGE).labels(selector);
        loop {
            let list = api.list(&page).await?;
            found.extend(list.items);
            match list.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => page = page.continue_token(&token),
                None => return Ok(found),
            }
        }
    }

    /// Writes the status of `object`, if it is not `before` already.
    pub(crate) async fn write_status<K, S>(
        &self,
        object: &K,
        before: Option<&S>,
        after: &S,
    ) -> kube::Result<bool>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Clone + DeserializeOwned + Debug,
        S: PartialEq + Serialize,
    {
        if before == Some(after) {
            return Ok(false);
        }
        let name = object.name_any();
        let patch = json!({
            "apiVersion": K::api_version(&()),
            "kind": K::kind(&()),
            "metadata": { "name": name },
            "status": after,
        });
        let how = PatchParams::apply(MANAGER).force();
        self.api::<K>().patch_status(&name, &how, &Patch::Apply(patch)).await?;
        Ok(true)
    }

    /// Makes a Job for `object` and tells so; one that is there already does the same.
    pub(crate) async fn make_job<K>(&self, object: &K, job: &Job, task: Task) -> kube::Result<()>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        let how = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
        match self.api::<Job>().create(&how, job).await {
            Ok(_) => {
                let note = format!("Job {} is made to {} it", job.name_any(), task.word());
                self.event(object, EventType::Normal, "Run", "JobMade", &note).await;
                Ok(())
            }
            Err(error) if is_status(&error, 409) => Ok(()),
            // The Job itself is not accepted (a quota, an admission policy): told here, tried again in the next round.
            Err(error) if is_status(&error, 403) || is_status(&error, 422) => {
                tracing::error!(%error, job = job.name_any(), "a Job is not accepted");
                self.event(object, EventType::Warning, "Run", "JobRefused", &error.to_string()).await;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Tells what is news as events of `object`. An event that cannot be written is no reason to stop.
    pub(crate) async fn tell<K>(&self, object: &K, before: &[Condition], found: &[Verdict])
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        for verdict in news(before, found) {
            // What is as it should be from the start is no event.
            if before.is_empty() && !is_alarm(verdict) {
                continue;
            }
            let type_ = if is_alarm(verdict) { EventType::Warning } else { EventType::Normal };
            self.event(object, type_, verdict.kind, verdict.reason, &verdict.message).await;
        }
    }

    /// Tells one event of `object`.
    pub(crate) async fn event<K>(&self, object: &K, type_: EventType, action: &str, reason: &str, note: &str)
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        let event = Event {
            type_,
            reason: reason.to_owned(),
            note: Some(note.chars().take(1_000).collect()),
            action: action.to_owned(),
            secondary: None,
        };
        if let Err(error) = self.recorder.publish(&event, &object.object_ref(&())).await {
            tracing::warn!(%error, reason, "an event could not be written");
        }
    }
}

/// Whether somebody should look: something is not as it should be.
pub(crate) fn is_alarm(verdict: &Verdict) -> bool {
    let good = match verdict.kind {
        "Expiring" | "Failed" | "Stale" => Status::False,
        _ => Status::True,
    };
    let waits =
        ["NotYetActive", "NotYet", "Suspended", "Retired", "AwaitingApproval"].contains(&verdict.reason);
    verdict.status != good && verdict.status != Status::Unknown && !waits
}

/// Whether the API server says that there is no such object.
pub(crate) fn is_status(error: &kube::Error, code: u16) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_what_is_wrong_and_not_what_waits_as_it_was_asked_to() {
        assert!(is_alarm(&Verdict::no("Ready", "Unreadable", "")));
        assert!(is_alarm(&Verdict::yes("Expiring", "Expired", "")));
        assert!(is_alarm(&Verdict::yes("Stale", "TooOld", "")));
        assert!(!is_alarm(&Verdict::no("Stale", "Fresh", "")));
        assert!(!is_alarm(&Verdict::yes("Ready", "InBundle", "")));
        assert!(!is_alarm(&Verdict::no("Ready", "Suspended", "")));
        assert!(!is_alarm(&Verdict::unknown("Distributed", "NoGateways", "")));
    }
}
