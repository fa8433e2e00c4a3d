//! Evidence of signatures, for whoever judges them again.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything by which the signature of a message can be judged again, offline: `ecustoms verify evidence` does.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindEvidence {
    /// The message.
    pub message: Uuid,
}

impl UseCase for FindEvidence {
    type Output = MessageEvidence;
    const NAME: &'static str = "declarations.find-evidence";
    const NEEDS: &'static str = "movement:read";
}

/// What was signed, how it was judged, what it was held against, and since when that provably stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageEvidence {
    /// The message.
    pub message: Uuid,
    /// Exactly what was signed.
    pub content: String,
    /// How it is written: `xml` or `json`.
    #[schema(max_length = 10)]
    pub format: String,
    /// The signature with its validation report under the seal of the installation, as JSON text.
    pub evidence: String,
    /// The archive timestamps, as JSON text, once there are any: the way through the hash tree, and the tokens.
    pub archive: Option<String>,
    /// Certificates (DER, hexadecimal) of the authorities that were known when it was judged.
    #[schema(max_items = 10_000)]
    pub authorities: Vec<String>,
    /// Lists of revoked certificates (DER, hexadecimal) that counted when it was judged.
    #[schema(max_items = 10_000)]
    pub lists: Vec<String>,
}
