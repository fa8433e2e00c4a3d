//! Versions of the reference data and what changed from one to the next.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ReferenceLabel;

/// One version: an import or a change by an administrator.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceVersion {
    /// Number, from 1, one sequence for all datasets.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub number: i64,
    /// Which dataset changed.
    #[schema(max_length = 40)]
    pub dataset: String,
    /// What it came from: the name of a file, or `administrator`.
    #[schema(max_length = 255)]
    pub source: String,
    /// SHA-256 of the file or of the change, in hexadecimal.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// SHA-256 over this version and the one before, in hexadecimal: what a declaration is pinned to.
    #[schema(min_length = 64, max_length = 64)]
    pub chain: String,
    /// When it came into force.
    pub imported_at: DateTime<Utc>,
    /// Who brought it, an opaque id.
    #[schema(max_length = 80)]
    pub imported_by: String,
    /// How many entries were new.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub added: i64,
    /// How many entries read differently from then on.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub changed: i64,
    /// How many entries ended.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub removed: i64,
}

/// Asks for the versions, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListVersions {
    /// Only of this dataset.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9-]*$")]
    pub dataset: Option<String>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of versions.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceVersionPage {
    /// The versions, newest first.
    #[schema(max_items = 100)]
    pub items: Vec<ReferenceVersion>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListVersions {
    type Output = ReferenceVersionPage;
    const NAME: &'static str = "references.list-versions";
    const NEEDS: &'static str = "reference:read";
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It reads differently.
    Changed,
    /// It ended.
    Removed,
}

/// One entry that changed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceChange {
    /// Number of the version that brought the change.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub number: i64,
    /// What became of the entry.
    pub kind: ChangeKind,
    /// Name of the list; `CustomsOffices` for offices.
    #[schema(max_length = 80)]
    pub list: String,
    /// The code, or the reference number of the office.
    #[schema(max_length = 80)]
    pub code: String,
    /// Names, one a language.
    #[schema(max_items = 30)]
    pub labels: Vec<ReferenceLabel>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
}

/// Asks what changed in the code lists and offices since a version.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListChanges {
    /// After the version of this number; 0 for everything.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub since: i64,
    /// Only of this list.
    #[schema(max_length = 80)]
    pub list: Option<String>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of changes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceChangePage {
    /// The changes, oldest version first; an entry that changed twice stands here once, as it is now.
    #[schema(max_items = 100)]
    pub items: Vec<ReferenceChange>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Number of the version that counts now: what to ask `since` the next time.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub number: i64,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListChanges {
    type Output = ReferenceChangePage;
    const NAME: &'static str = "references.list-changes";
    const NEEDS: &'static str = "reference:read";
}
