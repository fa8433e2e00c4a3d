//! Log-in: a challenge is signed with a certificate and exchanged for a short-lived access token.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Ask for a challenge.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestChallenge {}

/// A text to be signed; good for one log-in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// The text whose bytes are signed.
    #[schema(max_length = 200)]
    pub challenge: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Exchange a signed challenge for an access token.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenSession {
    /// The challenge as it was given.
    #[schema(min_length = 1, max_length = 200)]
    pub challenge: String,
    /// CMS (DER, detached) over the bytes of the challenge, in Base64.
    #[schema(min_length = 4, max_length = 90_000, pattern = "^[A-Za-z0-9+/]+={0,2}$")]
    pub signature: String,
    /// EORI of the organisation to act for; not needed where the person acts for one only.
    #[serde(default)]
    #[schema(min_length = 3, max_length = 17)]
    pub organisation: Option<String>,
}

/// An access token and what it stands for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Token for the header `Authorization: Bearer`.
    #[schema(max_length = 4096)]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 6)]
    pub token_type: String,
    /// For how many seconds the token is good.
    pub expires_in: i64,
    /// Until when it can be renewed without another signature.
    pub renewable_until: DateTime<Utc>,
    /// The person, an opaque id.
    #[schema(max_length = 100)]
    pub subject: String,
    /// EORI of the organisation that the person acts for.
    #[schema(max_length = 17)]
    pub party: String,
    /// What the person is there.
    #[schema(max_items = 20)]
    pub roles: Vec<String>,
    /// Customs offices where the person serves.
    #[schema(max_items = 100)]
    pub offices: Vec<String>,
}

/// That a token is worth nothing any more.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionClosed {
    /// The token that was withdrawn.
    pub token: Uuid,
}
