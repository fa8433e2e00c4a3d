//! Log-in: a challenge is signed with a certificate, or an outside provider vouches for the person (OIDC); either
//! is exchanged for a short-lived access token.

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
    /// Name of the person as registered.
    #[schema(max_length = 200)]
    pub name: String,
    /// How the person has shown who they are (RFC 8176): `pop`, by the key of a certificate; `fed`, by an outside provider.
    #[schema(max_items = 5)]
    pub amr: Vec<String>,
}

/// In which ways people can sign in here.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInWays {
    /// Sign-in by an outside provider, where there is one; by certificate goes always.
    pub provider: Option<SignInProvider>,
}

/// An outside provider that people can sign in by (OIDC).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInProvider {
    /// Path at which a browser begins.
    #[schema(max_length = 100)]
    pub start: String,
    /// What stands on the button, by language; nothing for a language in which the page has its own words.
    #[schema(max_items = 3)]
    pub labels: Vec<SignInLabel>,
}

/// What stands on the button of a provider.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInLabel {
    /// Language: `en`, `ru` or `kk`.
    #[schema(max_length = 2)]
    pub language: String,
    /// The words.
    #[schema(max_length = 80)]
    pub text: String,
}

/// Exchange the ticket of a sign-in by the outside provider for an access token. A ticket is good for five minutes and for one
/// session, for the page alone in which the sign-in began.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenProviderSession {
    /// The ticket as it stood behind the `#` of the address.
    #[schema(min_length = 1, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    pub ticket: String,
    /// The secret whose SHA-256 was the `binding` with which the sign-in began.
    #[schema(min_length = 43, max_length = 128, pattern = "^[A-Za-z0-9_-]+$")]
    pub verifier: String,
    /// EORI of the organisation to act for; not needed where the person acts for one only.
    #[serde(default)]
    #[schema(min_length = 3, max_length = 17)]
    pub organisation: Option<String>,
}

/// That a token is worth nothing any more.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionClosed {
    /// The token that was withdrawn.
    pub token: Uuid,
    /// Where a browser ends the session at the outside provider as well, after a sign-in by it.
    #[schema(max_length = 2000)]
    pub end_session_url: Option<String>,
}
