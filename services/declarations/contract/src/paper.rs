//! The accompanying document of a movement: what it is made of.

use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The release of a movement (IE029) as it was issued, for whoever may see the movement.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindRelease {
    /// The movement.
    pub movement: Uuid,
}

impl UseCase for FindRelease {
    type Output = Release;
    const NAME: &'static str = "declarations.find-release";
    const NEEDS: &'static str = "movement:read";
}

/// A release for transit.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The movement.
    pub movement: Uuid,
    /// Movement reference number.
    #[schema(max_length = 18)]
    pub mrn: String,
    /// When the goods were released.
    pub released_at: DateTime<Utc>,
    /// The message (IE029) in XML.
    #[schema(max_length = 5_000_000)]
    pub body: String,
}
