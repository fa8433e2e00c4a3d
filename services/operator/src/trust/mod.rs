//! Trust: one bundle of all `TrustAnchor`s of a namespace, handed to the gateways, which prove that they have it.

mod bundle;
mod edges;
mod files;
mod material;
mod reconcile;

pub(crate) use reconcile::{TrustController, of_config_map};
