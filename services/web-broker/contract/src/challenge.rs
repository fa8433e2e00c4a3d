//! Challenges of the log-in: each is answered once, whichever gateway was asked.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Use a challenge up; for the gateway, before it makes a token of a good answer.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SpendChallenge {
    /// SHA-256 of the challenge, hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// Until when the challenge is good; it may be forgotten afterwards.
    pub expires_at: DateTime<Utc>,
}

impl UseCase for SpendChallenge {
    type Output = SpentChallenge;
    const NAME: &'static str = "web-broker.spend-challenge";
    const NEEDS: &'static str = "identity:resolve";
}

/// What came of a challenge.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpentChallenge {
    /// Whether it is used for the first time.
    pub first: bool,
}
