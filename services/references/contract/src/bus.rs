//! The facts that references tells, as they travel on the bus.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Fact: reference data changed; whoever holds look-ups in memory takes a new snapshot.
pub const VERSION_ACTIVATED: &str = "references.version-activated";
/// Fact: an economic operator was registered or its entry changed.
pub const PARTY_REGISTERED: &str = "references.party-registered";
/// Fact: an economic operator may not file from this instant on.
pub const PARTY_SUSPENDED: &str = "references.party-suspended";
/// Fact: a suspended economic operator may file again.
pub const PARTY_REINSTATED: &str = "references.party-reinstated";

/// The topic under which a new version is whispered to every process.
pub const WHISPER: &str = "references.version";
/// The aggregate within which the order of versions is kept.
pub const AGGREGATE: &str = "references";

/// The content of [`VERSION_ACTIVATED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionActivated {
    /// Number of the version, from 1, one sequence for all datasets.
    pub number: i64,
    /// Which dataset changed, such as `code-lists` or `restricted-goods`.
    pub dataset: String,
    /// Number and chain hash: with these the version begins in a snapshot.
    pub version: String,
    /// Since when it counts.
    pub activated_at: DateTime<Utc>,
}

/// The content of [`PARTY_REGISTERED`], [`PARTY_SUSPENDED`] and [`PARTY_REINSTATED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartyChanged {
    /// Identification of the economic operator.
    pub eori: String,
    /// Number of the version that brought the change.
    pub number: i64,
    /// Since when it counts.
    pub since: DateTime<Utc>,
}
