//! The election of a leader by a Lease: every write names the version that was read, and a lost race is lost.
//!
//! Whether a Lease has run out is told by how long it was seen not to change, on the own clock that only goes forward;
//! the instants inside it are for people. The leader gives up before its Lease can run out for others, so that two
//! never act at the same time; who loses it ends.

use std::sync::Arc;

use customs_kernel::Clock;
use customs_platform::metrics;
use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::MicroTime,
    jiff::Timestamp,
};
use kube::{
    Api, Client,
    api::{ObjectMeta, PostParams},
};
use tokio::time::{Instant, error::Elapsed, sleep, timeout};

use crate::{cluster::is_status, resource::MANAGER, settings::Timing};

/// A Lease as it was seen, and since when it has been so.
#[derive(Clone, Debug, Default)]
struct Seen {
    spec: LeaseSpec,
    version: Option<String>,
    since: Option<Instant>,
}

impl Seen {
    /// Takes note of the Lease as it is at `now`; it ages as long as it does not change.
    fn note(&mut self, lease: Lease, now: Instant) {
        let spec = lease.spec.unwrap_or_default();
        let is_same = self.spec == spec && self.version.is_some();
        self.version = lease.metadata.resource_version;
        self.spec = spec;
        if !is_same {
            self.since = Some(now);
        }
    }

    /// Whether `identity` may take the Lease at `now`.
    fn may_be_taken_by(&self, identity: &str, now: Instant, timing: Timing) -> bool {
        let holder = self.spec.holder_identity.as_deref().unwrap_or_default();
        let has_run_out = self.since.is_some_and(|since| now.duration_since(since) >= timing.lease);
        holder.is_empty() || holder == identity || has_run_out
    }
}

/// The seat that is contended for, and by whom.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    /// The namespace of the Lease.
    pub namespace: String,
    /// The name of the Lease.
    pub name: String,
    /// Who contends: another name for each process.
    pub identity: String,
}

/// One who stands for election.
pub(crate) struct Elector {
    api: Api<Lease>,
    name: String,
    namespace: String,
    identity: String,
    timing: Timing,
    clock: Arc<dyn Clock>,
    seen: Seen,
    /// When the last write began that made or kept this one the leader. Others count from when it arrived, so not from
    /// when its answer came.
    renewed: Instant,
}

impl Elector {
    pub(crate) fn new(client: Client, seat: &Seat, timing: Timing, clock: Arc<dyn Clock>) -> Self {
        let Seat { namespace, name, identity } = seat.clone();
        Self {
            api: Api::namespaced(client, &namespace),
            name,
            namespace,
            identity,
            timing,
            clock,
            seen: Seen::default(),
            renewed: Instant::now(),
        }
    }

    /// Returns when this one is elected. An API server that cannot be asked elects nobody. `standing` learns that the
    /// election could be held, whoever won.
    pub(crate) async fn win(&mut self, standing: impl Fn()) {
        metrics::leads(false);
        loop {
            self.renewed = Instant::now();
            let held = heard(timeout(self.timing.give_up, self.attempt()).await);
            if held.is_some() {
                standing();
            }
            if held == Some(true) {
                metrics::leads(true);
                tracing::info!(identity = self.identity, "this one leads");
                return;
            }
            sleep(self.timing.retry).await;
        }
    }

    /// Returns when this one does not lead any more, and why.
    pub(crate) async fn hold(&mut self) -> String {
        loop {
            sleep(self.timing.retry).await;
            let left = self.timing.give_up.saturating_sub(self.renewed.elapsed());
            let began = Instant::now();
            match timeout(left, self.renew()).await {
                Ok(Ok(true)) => self.renewed = began,
                Ok(Ok(false)) => return self.lost("somebody else holds the Lease"),
                Ok(Err(error)) => tracing::warn!(%error, "the Lease could not be renewed"),
                Err(_) => return self.lost("the Lease could not be renewed in time"),
            }
            if self.renewed.elapsed() >= self.timing.give_up {
                return self.lost("the Lease could not be renewed in time");
            }
        }
    }

    fn lost(&self, why: &str) -> String {
        metrics::leads(false);
        tracing::error!(identity = self.identity, why, "this one does not lead any more");
        why.to_owned()
    }

    /// Gives the Lease back, so that somebody else need not wait until it runs out.
    pub(crate) async fn release(&mut self) {
        metrics::leads(false);
        let released = LeaseSpec {
            holder_identity: Some(String::new()),
            lease_duration_seconds: Some(1),
            renew_time: Some(self.now()),
            ..self.seen.spec.clone()
        };
        match timeout(self.timing.give_up, self.put(released)).await {
            Ok(Ok(true)) => tracing::info!("the Lease is given back"),
            // It runs out by itself.
            other => tracing::warn!(?other, "the Lease could not be given back"),
        }
    }

    /// Takes the Lease, if it may be taken.
    async fn attempt(&mut self) -> kube::Result<bool> {
        let Some(lease) = self.api.get_opt(&self.name).await? else { return self.create().await };
        self.seen.note(lease, Instant::now());
        if !self.seen.may_be_taken_by(&self.identity, Instant::now(), self.timing) {
            return Ok(false);
        }
        let (old, now) = (&self.seen.spec, self.now());
        let was_mine = old.holder_identity.as_deref() == Some(self.identity.as_str());
        let taken = LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: Some(self.seconds()),
            acquire_time: if was_mine { old.acquire_time.clone() } else { Some(now.clone()) },
            renew_time: Some(now),
            lease_transitions: Some(old.lease_transitions.unwrap_or_default() + i32::from(!was_mine)),
            ..LeaseSpec::default()
        };
        self.put(taken).await
    }

    /// Renews the Lease; false when somebody else has touched it.
    async fn renew(&mut self) -> kube::Result<bool> {
        let renewed = LeaseSpec { renew_time: Some(self.now()), ..self.seen.spec.clone() };
        if self.put(renewed).await? {
            return Ok(true);
        }
        // The write before may have arrived although its answer did not: then the Lease is still ours.
        let Some(lease) = self.api.get_opt(&self.name).await? else { return Ok(false) };
        self.seen.note(lease, Instant::now());
        if self.seen.spec.holder_identity.as_deref() != Some(self.identity.as_str()) {
            return Ok(false);
        }
        let renewed = LeaseSpec { renew_time: Some(self.now()), ..self.seen.spec.clone() };
        self.put(renewed).await
    }

    async fn create(&mut self) -> kube::Result<bool> {
        let now = self.now();
        let spec = LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: Some(self.seconds()),
            acquire_time: Some(now.clone()),
            renew_time: Some(now),
            lease_transitions: Some(0),
            ..LeaseSpec::default()
        };
        let made = self.api.create(&how(), &self.lease(spec, None)).await;
        self.took(made)
    }

    /// Writes the Lease over the version that was seen; false when it is another one by now.
    async fn put(&mut self, spec: LeaseSpec) -> kube::Result<bool> {
        let lease = self.lease(spec, self.seen.version.clone());
        let written = self.api.replace(&self.name, &how(), &lease).await;
        self.took(written)
    }

    fn took(&mut self, written: kube::Result<Lease>) -> kube::Result<bool> {
        match written {
            Ok(lease) => {
                self.seen.note(lease, Instant::now());
                Ok(true)
            }
            Err(error) if is_status(&error, 409) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn lease(&self, spec: LeaseSpec, version: Option<String>) -> Lease {
        Lease {
            metadata: ObjectMeta {
                name: Some(self.name.clone()),
                namespace: Some(self.namespace.clone()),
                resource_version: version,
                ..ObjectMeta::default()
            },
            spec: Some(spec),
        }
    }

    fn seconds(&self) -> i32 {
        i32::try_from(self.timing.lease.as_secs().max(1)).unwrap_or(i32::MAX)
    }

    /// The present instant, for people who look at the Lease.
    fn now(&self) -> MicroTime {
        MicroTime(Timestamp::from_microsecond(self.clock.now().timestamp_micros()).unwrap_or_default())
    }
}

/// Whether an election was won; none when it could not be held.
fn heard(outcome: Result<kube::Result<bool>, Elapsed>) -> Option<bool> {
    match outcome {
        Ok(Ok(won)) => return Some(won),
        Ok(Err(error)) => tracing::warn!(%error, "the election cannot be held"),
        Err(_) => tracing::warn!("the election cannot be held: no answer in time"),
    }
    None
}

fn how() -> PostParams {
    PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const TIMING: Timing = Timing {
        lease: Duration::from_secs(4),
        give_up: Duration::from_secs(3),
        retry: Duration::from_secs(1),
    };

    fn lease(holder: &str, renewed: i64, version: &str) -> Lease {
        Lease {
            metadata: ObjectMeta { resource_version: Some(version.to_owned()), ..ObjectMeta::default() },
            spec: Some(LeaseSpec {
                holder_identity: Some(holder.to_owned()),
                renew_time: Some(MicroTime(Timestamp::from_second(renewed).unwrap())),
                ..LeaseSpec::default()
            }),
        }
    }

    #[test]
    fn a_lease_runs_out_when_it_was_not_seen_to_change_whatever_time_stands_in_it() {
        let (start, mut seen) = (Instant::now(), Seen::default());
        let after = |seconds| start + Duration::from_secs(seconds);
        // Its holder's clock goes a day behind: that is nobody's business.
        seen.note(lease("a", -86_400, "1"), start);
        seen.note(lease("a", -86_400, "1"), after(3));
        assert!(!seen.may_be_taken_by("b", after(3), TIMING));
        assert!(seen.may_be_taken_by("b", after(4), TIMING));
        seen.note(lease("a", -86_399, "2"), after(4));
        assert!(!seen.may_be_taken_by("b", after(7), TIMING));
        assert!(seen.may_be_taken_by("b", after(8), TIMING));
    }

    #[test]
    fn a_lease_that_was_given_back_or_is_ones_own_may_be_taken_at_once() {
        let (start, mut seen) = (Instant::now(), Seen::default());
        seen.note(lease("", 0, "1"), start);
        assert!(seen.may_be_taken_by("b", start, TIMING));
        seen.note(lease("b", 0, "2"), start);
        assert!(seen.may_be_taken_by("b", start, TIMING) && !seen.may_be_taken_by("c", start, TIMING));
    }
}
