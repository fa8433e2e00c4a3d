//! Bringing a published dataset in: announce the file, send it in chunks, finish.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ReferenceChange;

/// How many bytes of the file one chunk holds at most, before Base64.
pub const CHUNK_BYTES_MAX: usize = 512 * 1024;
/// How many bytes a file holds at most, as sent.
pub const FILE_BYTES_MAX: i64 = 64 * 1024 * 1024;
/// How long finishing may take: give the caller this patience, in milliseconds.
pub const FINISH_PATIENCE_MS: u64 = 300_000;

/// Announces a file with reference data, as published (JSON, CSV, plain or gzip).
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BeginImport {
    /// The dataset; found out from the content unless named.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9-]*$")]
    pub dataset: Option<String>,
    /// Name of the file, for the record.
    #[schema(min_length = 1, max_length = 255)]
    pub file_name: String,
    /// SHA-256 of the file as sent, in hexadecimal.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// Size of the file as sent, in bytes.
    #[schema(minimum = 1, maximum = 67_108_864)]
    pub size: i64,
}

/// An import that awaits its chunks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportBegun {
    /// The import.
    pub import: Uuid,
    /// How many bytes of the file one chunk holds at most, before Base64.
    #[schema(minimum = 1, maximum = 524_288)]
    pub chunk_bytes_max: i32,
}

impl UseCase for BeginImport {
    type Output = ImportBegun;
    const NAME: &'static str = "references.begin-import";
    const NEEDS: &'static str = "reference:write";
}

/// Sends the next chunk of an announced file; the same chunk may be sent again.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddImportChunk {
    /// The import.
    pub import: Uuid,
    /// Number of the chunk, from 0.
    #[schema(minimum = 0, maximum = 65_535)]
    pub position: i32,
    /// The bytes, Base64 with padding.
    #[schema(min_length = 4, max_length = 699_052)]
    pub base64: String,
}

/// How much of an announced file has arrived.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportChunkAdded {
    /// The import.
    pub import: Uuid,
    /// How many bytes are here.
    #[schema(minimum = 0, maximum = 67_108_864)]
    pub received: i64,
    /// How many bytes were announced.
    #[schema(minimum = 1, maximum = 67_108_864)]
    pub size: i64,
}

impl UseCase for AddImportChunk {
    type Output = ImportChunkAdded;
    const NAME: &'static str = "references.add-import-chunk";
    const NEEDS: &'static str = "reference:write";
}

/// Makes the announced file a new version, whole or not at all.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinishImport {
    /// The import.
    pub import: Uuid,
}

/// What an import changed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// The import.
    pub import: Uuid,
    /// The dataset, found out or as named.
    #[schema(max_length = 40)]
    pub dataset: String,
    /// Number of the version that counts now; the one before where nothing changed.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub number: i64,
    /// SHA-256 of the file as sent, in hexadecimal.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// How many entries are new.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub added: i64,
    /// How many entries read differently now.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub changed: i64,
    /// How many entries ended because the file does not name them any more.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub removed: i64,
    /// How many entries stay as they were.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unchanged: i64,
    /// The lists of the file, in its order.
    #[schema(max_items = 1000)]
    pub lists: Vec<ImportedList>,
    /// The first changes, for a look.
    #[schema(max_items = 50)]
    pub first_changes: Vec<ReferenceChange>,
}

/// One list of an imported file.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportedList {
    /// Name of the list.
    #[schema(max_length = 80)]
    pub name: String,
    /// How many entries the file has for it.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub entries: i64,
}

impl UseCase for FinishImport {
    type Output = ImportReport;
    const NAME: &'static str = "references.finish-import";
    const NEEDS: &'static str = "reference:write";
}
