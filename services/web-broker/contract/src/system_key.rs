//! System keys: with which keys the systems of an organisation sign their requests (RFC 9421), as whom, and how long.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::MemberRole;

/// Register a key with which a system of one's own organisation signs its requests; an organisation has at most 50 in
/// force. A key can be registered once, by one organisation, and never again.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterSystemKey {
    /// How the people of the organisation call the system.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// The public key: a JSON Web Key, or PEM of a public key or of a certificate. Ed25519, P-256, P-384, RSA from 2048
    /// bits.
    #[schema(min_length = 20, max_length = 16_384)]
    pub key: String,
    /// As what the system acts: some of the roles of whoever registers it, all of them where none is named.
    #[serde(default)]
    #[graphql(default)]
    #[schema(max_items = 8)]
    pub roles: Vec<MemberRole>,
    /// From when; from now on where nothing is said.
    #[serde(default)]
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when, exclusive: at most three years after the beginning, and not longer than the certificate; a year where
    /// nothing is said.
    #[serde(default)]
    pub valid_to: Option<DateTime<Utc>>,
}

impl UseCase for RegisterSystemKey {
    type Output = SystemKey;
    const NAME: &'static str = "web-broker.register-system-key";
    const NEEDS: &'static str = "system-key:write";
}

/// Revoke a key of one's own organisation: no request that it has signed is taken any more, from now on.
#[derive(Clone, Copy, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokeSystemKey {
    /// The key, as the register knows it.
    pub system_key_id: Uuid,
}

impl UseCase for RevokeSystemKey {
    type Output = SystemKey;
    const NAME: &'static str = "web-broker.revoke-system-key";
    const NEEDS: &'static str = "system-key:write";
}

/// See the keys of the systems of one's own organisation, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListSystemKeys {
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListSystemKeys {
    type Output = SystemKeyPage;
    const NAME: &'static str = "web-broker.list-system-keys";
    const NEEDS: &'static str = "system-key:write";
}

/// A key with which a system of an organisation signs its requests.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemKey {
    /// The key, as the register knows it.
    pub id: Uuid,
    /// How the people of the organisation call the system.
    #[schema(max_length = 100)]
    pub name: String,
    /// The identifier that signatures name as `keyid`: the thumbprint of the key (RFC 7638), or the SHA-256 of its
    /// certificate in hexadecimal.
    #[schema(max_length = 64)]
    pub key_id: String,
    /// What kind of key it is: `RSA`, `P-256`, `P-384` or `Ed25519`.
    #[schema(max_length = 10)]
    pub kind: String,
    /// As what the system acts.
    pub roles: Vec<MemberRole>,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when, exclusive.
    pub valid_to: DateTime<Utc>,
    /// Who registered it, an opaque id.
    #[schema(max_length = 100)]
    pub registered_by: String,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The last day on which a request that it had signed was taken.
    pub last_used_on: Option<NaiveDate>,
}

/// A part of the keys.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemKeyPage {
    /// The keys.
    pub items: Vec<SystemKey>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}

/// Read the public key of an identifier; for the gateway, before it verifies a signature. Whether the key may be used is
/// another question.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindSystemKey {
    /// The identifier that the signature names.
    pub key_id: String,
}

impl UseCase for FindSystemKey {
    type Output = SystemKeyRead;
    const NAME: &'static str = "web-broker.find-system-key";
    const NEEDS: &'static str = "identity:resolve";
}

/// A public key. What an identifier stands for never changes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemKeyRead {
    /// `SubjectPublicKeyInfo` (DER), in Base64.
    pub spki: String,
}

/// Admit a request whose signature holds: for the gateway, before it acts on the request. The nonce is used up, and who
/// the system is comes from the register as it stands at this instant.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdmitSystem {
    /// The identifier that the signature names.
    pub key_id: String,
    /// The nonce of the signature.
    pub nonce: String,
    /// When the signature expires; its nonce may be forgotten afterwards.
    pub expires_at: DateTime<Utc>,
}

impl UseCase for AdmitSystem {
    type Output = System;
    const NAME: &'static str = "web-broker.admit-system";
    const NEEDS: &'static str = "identity:resolve";
}

/// A system of an organisation, at this instant.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct System {
    /// Its key, as the register knows it.
    pub id: Uuid,
    /// EORI of the organisation whose system it is.
    pub eori: String,
    /// As what it acts.
    pub roles: Vec<MemberRole>,
}
