//! Files about a movement: documents that a declarant sends, photographs and papers of officers.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The most octets that one file has; in Base64 it still fits into a request.
pub const FILE_OCTETS_MAX: usize = 3_000_000;
/// The most files that one side attaches to a movement.
pub const FILES_MAX: u64 = 100;

/// Attach a file to a movement: PDF, JPEG, PNG or WebP, told by its octets and not by its name.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttachFile {
    /// The movement.
    pub movement: Uuid,
    /// The officer's office; declarants name none.
    #[serde(default)]
    #[schema(min_length = 8, max_length = 8, pattern = "^[A-Z]{2}[A-Z0-9]{6}$")]
    pub office: Option<String>,
    /// The number of the officer's act that the file belongs to, such as a control; only officers name one.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub act: Option<i64>,
    /// What it is called.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// The octets in Base64, at most 3 000 000 of them.
    #[schema(min_length = 4, max_length = 4_000_000)]
    pub base64: String,
}

impl UseCase for AttachFile {
    type Output = MovementFile;
    const NAME: &'static str = "declarations.attach-file";
    const NEEDS: &'static str = "movement:correspond";
}

/// The files about a movement that are the caller's to see, oldest first.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListFiles {
    /// The movement.
    pub movement: Uuid,
    /// How many, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Cursor of the page before.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListFiles {
    type Output = MovementFilePage;
    const NAME: &'static str = "declarations.list-files";
    const NEEDS: &'static str = "movement:read";
}

/// Read one file about a movement with its octets.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadFile {
    /// The file.
    pub file: Uuid,
}

impl UseCase for ReadFile {
    type Output = MovementFileContent;
    const NAME: &'static str = "declarations.read-file";
    const NEEDS: &'static str = "movement:read";
}

/// One file about a movement, without its octets.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementFile {
    /// The file.
    pub id: Uuid,
    /// The movement.
    pub movement: Uuid,
    /// What it is called.
    pub name: String,
    /// Media type, as its octets tell it.
    pub media_type: String,
    /// How many octets it has.
    pub octets: i64,
    /// SHA-256 of the octets, in hexadecimal.
    pub sha256: String,
    /// Who attached it: `officer` or `participant`.
    pub by: String,
    /// The officer's office.
    pub office: Option<String>,
    /// The number of the act that it belongs to.
    pub act: Option<i64>,
    /// The number of the note that it belongs to.
    pub note: Option<i64>,
    /// When it was attached.
    pub at: DateTime<Utc>,
}

/// A page of files.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementFilePage {
    /// The files.
    pub items: Vec<MovementFile>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// One file with its octets.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementFileContent {
    /// The file.
    pub file: MovementFile,
    /// Its octets in Base64.
    #[schema(max_length = 4_000_000)]
    pub base64: String,
}
