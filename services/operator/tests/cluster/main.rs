//! The operator against an API server: one in memory, or a real one when `KUBECONFIG` and `ECUSTOMS_KUBE_TEST=1` are set.
//!
//! A real one is a control plane (API server and controller manager) without kubelets; what kubelets would do is done
//! by the tests. What needs a server that fails on command runs against the one in memory only, and says so.

#[cfg(test)]
mod chart;
#[cfg(test)]
mod datasets;
#[cfg(test)]
mod definitions;
#[cfg(test)]
mod election;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod object;
#[cfg(test)]
mod replays;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod trust;
