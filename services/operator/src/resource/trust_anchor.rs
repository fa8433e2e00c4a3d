//! `TrustAnchor`: certificates that signatures are held against, with the time in which they count.

#![expect(unreachable_pub, reason = "the derive of schemas makes public structs within functions")]
#![expect(clippy::duplicated_attributes, reason = "each column of a table has the same attributes")]

use chrono::{DateTime, Utc};
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    KeyRef,
    condition::{Condition, conditions, instant},
};

/// What is trusted, from when until when, and on which conditions.
#[derive(Clone, CustomResource, Debug, Deserialize, KubeSchema, PartialEq, Serialize)]
#[kube(
    group = "ecustoms.dev",
    version = "v1alpha1",
    kind = "TrustAnchor",
    namespaced,
    status = "TrustAnchorStatus",
    derive = "PartialEq",
    shortname = "ecta",
    category = "ecustoms",
    doc = "Certificates that signatures are held against. The operator makes one bundle of all TrustAnchors of a namespace; the gateways follow it without a restart and prove which one they have.",
    printcolumn(name = "Usage", type_ = "string", json_path = ".spec.usage"),
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Ready\")].status"
    ),
    printcolumn(
        name = "Distributed",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Distributed\")].status"
    ),
    printcolumn(name = "Expires", type_ = "string", json_path = ".status.nearestExpiry"),
    printcolumn(name = "Edges", type_ = "integer", json_path = ".status.edges.current", priority = 1),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[x_kube(
    validation = Rule::new("!has(self.activeFrom) || !has(self.retireAfter) || self.activeFrom < self.retireAfter")
        .message("retireAfter must be after activeFrom")
        .field_path(".retireAfter")
)]
#[serde(rename_all = "camelCase")]
pub struct TrustAnchorSpec {
    /// What is held against it.
    #[x_kube(validation = Rule::new("self == oldSelf").message("usage is immutable"))]
    pub usage: Usage,
    /// The anchors: certificates of authorities (PEM, several in one file if need be; or DER).
    #[schemars(length(min = 1, max = 16))]
    pub sources: Vec<TrustSource>,
    /// Issuing authorities below the anchors, which signers may leave out of their signatures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub intermediates: Vec<TrustSource>,
    /// Lists of revoked certificates of these authorities (PEM or DER).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub crls: Vec<TrustSource>,
    /// Certificates of the timestamp authorities whose stamps on signatures count (PEM, several in one file if need be;
    /// or DER). That they were issued below an anchor is verified with each stamp.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub timestampers: Vec<TrustSource>,
    /// Before this instant it does not count; at once unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub active_from: Option<DateTime<Utc>>,
    /// From this instant on it does not count any more; for ever unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub retire_after: Option<DateTime<Utc>>,
    /// Which certificates are taken.
    #[serde(default)]
    pub constraints: Constraints,
    /// Leave its part of the bundle as it is, whatever changes here or in its sources.
    #[serde(default)]
    pub suspend: bool,
}

/// What is held against an anchor.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Usage {
    /// Signatures of participants: log-in and documents.
    ParticipantSignature,
}

/// Where a certificate or a list is taken from; exactly one.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[x_kube(
    validation = Rule::new("has(self.secretRef) != has(self.configMapRef)").message("exactly one of secretRef, configMapRef")
)]
#[serde(rename_all = "camelCase")]
pub struct TrustSource {
    /// A key of a `ConfigMap` in this namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_map_ref: Option<KeyRef>,
    /// A key of a Secret in this namespace; the operator must be allowed to read it (`trust.secrets` of its chart).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<KeyRef>,
}

/// Which certificates are taken.
#[derive(Clone, Debug, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Constraints {
    /// The least size of an RSA key, in bits. Keys on elliptic curves must have 256.
    #[serde(default = "rsa_bits")]
    #[schemars(range(min = 2048, max = 8192))]
    pub min_rsa_bits: u32,
}

impl Default for Constraints {
    fn default() -> Self {
        Self { min_rsa_bits: rsa_bits() }
    }
}

const fn rsa_bits() -> u32 {
    2048
}

/// What became of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustAnchorStatus {
    /// The certificates that were found in its sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64))]
    pub certificates: Vec<CertificateStatus>,
    /// When the first of them ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub nearest_expiry: Option<DateTime<Utc>>,
    /// The bundle of the namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<BundleStatus>,
    /// How many gateways have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edges: Option<EdgesStatus>,
    /// The generation that was looked at last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// What is the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
}

/// A certificate in the bundle.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateStatus {
    /// SHA-256 of the certificate, in hexadecimal.
    #[schemars(length(max = 64))]
    pub sha256: String,
    /// Its subject.
    #[schemars(length(max = 1024))]
    pub subject: String,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub not_after: Option<DateTime<Utc>>,
}

/// The bundle of a namespace.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleStatus {
    /// What the names of its `ConfigMap`s begin with: `-anchors`, `-intermediates`, `-crls` and `-timestampers` follow.
    #[schemars(length(max = 253))]
    pub config_maps: String,
    /// SHA-256 over its files, as the gateways tell it.
    #[schemars(length(max = 64))]
    pub sha256: String,
}

/// How many gateways have the bundle.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EdgesStatus {
    /// How many there are.
    pub desired: u32,
    /// How many have told that they have this bundle.
    pub current: u32,
}
