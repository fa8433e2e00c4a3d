//! `ReferenceDataset`: reference data that is imported from a source, on a schedule, checked and approved.

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

/// What is imported, from where, when, and on whose word.
#[derive(Clone, CustomResource, Debug, Deserialize, KubeSchema, PartialEq, Serialize)]
#[kube(
    group = "ecustoms.dev",
    version = "v1alpha1",
    kind = "ReferenceDataset",
    namespaced,
    status = "ReferenceDatasetStatus",
    derive = "PartialEq",
    shortname = "ecrd",
    category = "ecustoms",
    doc = "Reference data that the operator imports into the suite: from a ConfigMap whenever it changes, or from an address or a volume on a schedule; after a second person's approval where that is asked for.",
    printcolumn(name = "Dataset", type_ = "string", json_path = ".spec.dataset"),
    printcolumn(name = "Version", type_ = "integer", json_path = ".status.activeNumber"),
    printcolumn(name = "Records", type_ = "integer", json_path = ".status.records"),
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Ready\")].status"
    ),
    printcolumn(
        name = "Stale",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Stale\")].status"
    ),
    printcolumn(name = "Imported", type_ = "date", json_path = ".status.lastImportTime"),
    printcolumn(name = "Candidate", type_ = "string", json_path = ".status.candidateVersion", priority = 1),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[x_kube(
    validation = Rule::new("!has(self.schedule) || !has(self.source.configMapRef)")
        .message("schedule is for sources that are fetched; a ConfigMap is watched")
        .field_path(".schedule"),
    validation = Rule::new("!has(self.timeZone) || has(self.schedule)")
        .message("timeZone belongs to a schedule")
        .field_path(".timeZone"),
    validation = Rule::new("!has(self.integrity) || !has(self.schedule)")
        .message("a pinned sha256 lets nothing new in: leave schedule or integrity out")
        .field_path(".integrity")
)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceDatasetSpec {
    /// Which dataset; content of another kind is refused.
    #[x_kube(validation = Rule::new("self == oldSelf").message("dataset is immutable"))]
    pub dataset: Dataset,
    /// Where it is taken from.
    pub source: DatasetSource,
    /// When it is fetched: five fields of cron (minute, hour, day, month, day of the week). Without it, once for each
    /// change of this resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 9, max = 128))]
    pub schedule: Option<String>,
    /// The time zone of the schedule, as in Asia/Almaty; UTC unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[A-Za-z0-9_+/-]+$"))]
    pub time_zone: Option<String>,
    /// Import nothing for the time being.
    #[serde(default)]
    pub suspend: bool,
    /// What the content must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Integrity>,
    /// When and on whose word it is imported.
    #[serde(default)]
    pub activation: Activation,
    /// After how long without an import the data is called stale: hours and minutes, as in 36h or 1h30m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 2, max = 16), regex(pattern = r"^([1-9][0-9]{0,5}h)?([1-9][0-9]{0,5}m)?$"))]
    pub stale_after: Option<String>,
}

/// The datasets into which a file may be imported.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Dataset {
    /// The code lists of transit, as published.
    CodeLists,
    /// The customs offices, as published.
    CustomsOffices,
    /// The Harmonized System.
    HarmonizedSystem,
    /// Countries and their parts.
    Countries,
    /// Currencies.
    Currencies,
    /// What the nation adds to the published lists.
    National,
}

impl Dataset {
    /// The name by which the references service knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CodeLists => "code-lists",
            Self::CustomsOffices => "customs-offices",
            Self::HarmonizedSystem => "harmonized-system",
            Self::Countries => "countries",
            Self::Currencies => "currencies",
            Self::National => "national",
        }
    }
}

/// Where a dataset is taken from; exactly one.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[x_kube(
    validation = Rule::new("[has(self.configMapRef), has(self.http), has(self.volume)].filter(x, x).size() == 1")
        .message("exactly one of configMapRef, http, volume")
)]
#[serde(rename_all = "camelCase")]
pub struct DatasetSource {
    /// A key of a `ConfigMap` in this namespace (up to 1 MiB, gzip counts as packed); imported whenever it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_map_ref: Option<KeyRef>,
    /// An address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpSource>,
    /// A file on a volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<VolumeSource>,
}

/// An address from which a file is fetched.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpSource {
    /// The address.
    #[schemars(length(max = 2048), regex(pattern = r"^https://[^\s/?#@]+([/?#]\S*)?$"))]
    pub url: String,
    /// A certificate (PEM) in a `ConfigMap` that the server's certificate is held against, beside those of the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_ref: Option<KeyRef>,
}

/// A file on a volume.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VolumeSource {
    /// The claim of the volume.
    #[schemars(length(min = 1, max = 253))]
    pub claim_name: String,
    /// The file on it, from its root.
    #[schemars(length(min = 1, max = 1024), regex(pattern = r"^[^/].*$"))]
    #[x_kube(validation = Rule::new("!self.split('/').exists(part, part == '..')").message("path stays on the volume"))]
    pub path: String,
}

/// What the content must be.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Integrity {
    /// SHA-256 of the file as it lies at its source, in hexadecimal.
    #[schemars(length(min = 64, max = 64), regex(pattern = r"^[0-9a-f]{64}$"))]
    pub sha256: String,
}

/// When and on whose word a dataset is imported.
#[derive(Clone, Debug, Default, Deserialize, Eq, KubeSchema, PartialEq, Serialize)]
#[x_kube(
    validation = Rule::new("!has(self.approvedVersion) || self.mode == 'Manual'").message("approvedVersion needs mode Manual")
)]
#[serde(rename_all = "camelCase")]
pub struct Activation {
    /// Whether a second person decides.
    #[serde(default)]
    pub mode: ActivationMode,
    /// Nothing is imported before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub effective_from: Option<DateTime<Utc>>,
    /// The candidate that may be imported: the SHA-256 in `status.candidateVersion`. Who may set it is a role of its
    /// own (`approve` on this resource).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 64, max = 64), regex(pattern = r"^[0-9a-f]{64}$"))]
    pub approved_version: Option<String>,
}

/// Whether a second person decides.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum ActivationMode {
    /// What the source holds is imported.
    #[default]
    Automatic,
    /// What the source holds waits until its SHA-256 is approved; exactly those bytes are imported.
    Manual,
}

/// What became of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceDatasetStatus {
    /// SHA-256 of the file that was imported last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub active_version: Option<String>,
    /// The number of that version in the suite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_number: Option<i64>,
    /// SHA-256 of the file that waits for its approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub candidate_version: Option<String>,
    /// How many entries the file has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<i64>,
    /// When an import last succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub last_import_time: Option<DateTime<Utc>>,
    /// When the next is due, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub next_import_time: Option<DateTime<Utc>>,
    /// The Job that ran last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub last_job: Option<String>,
    /// The last Job whose outcome is in this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub settled_job: Option<String>,
    /// How often in a row it failed.
    #[serde(default)]
    pub failures: u32,
    /// When it last failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "instant")]
    pub last_failure_time: Option<DateTime<Utc>>,
    /// For what it last failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub failed_trigger: Option<String>,
    /// What was dealt with last: a content, an instant of the schedule, a source, or an approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub handled: Option<String>,
    /// What was fetched last to be shown for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub checked: Option<String>,
    /// The generation that was looked at last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// What is the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
}
