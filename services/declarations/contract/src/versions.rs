//! The declaration of a movement, in force or as it was.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::asks::MessageFormat;

/// Read a version of the declaration of a movement: as lodged (1), or as amended or presented; the one in force unless said.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindDeclaration {
    /// The movement.
    pub movement: Uuid,
    /// Which version.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub version: Option<i32>,
    /// In which form; XML unless said.
    #[serde(default)]
    pub format: Option<MessageFormat>,
}

impl UseCase for FindDeclaration {
    type Output = DeclarationVersion;
    const NAME: &'static str = "declarations.find-declaration";
    const NEEDS: &'static str = "movement:read";
}

/// One version of a declaration.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeclarationVersion {
    /// The movement.
    pub movement: Uuid,
    /// Which version, from 1.
    pub version: i32,
    /// The version in force.
    pub in_force: i32,
    /// How the body is written: `xml` or `json`.
    pub format: String,
    /// The declaration.
    #[schema(max_length = 100_000_000)]
    pub body: String,
}
