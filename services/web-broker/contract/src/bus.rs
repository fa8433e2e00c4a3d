//! The facts that web-broker tells, as they travel on the bus.

use chrono::{DateTime, Utc};
use customs_kernel::Eori;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{DelegationScope, PartyKind};

/// Fact: an organisation was entered into the register, or its period changed.
pub const ORGANISATION_CHANGED: &str = "web-broker.organisation-changed";
/// Fact: an organisation let another act for it.
pub const DELEGATION_GRANTED: &str = "web-broker.delegation-granted";
/// Fact: an organisation took a delegation back.
pub const DELEGATION_REVOKED: &str = "web-broker.delegation-revoked";

/// The content of [`ORGANISATION_CHANGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationChanged {
    /// The organisation.
    pub organisation: Uuid,
    /// Its EORI.
    pub eori: Eori,
    /// What it does before customs.
    pub kinds: Vec<PartyKind>,
    /// From when it may act.
    pub active_from: DateTime<Utc>,
    /// Until when it may act, exclusive.
    pub active_to: Option<DateTime<Utc>>,
    /// Raised by every change, from 1.
    pub version: i32,
}

/// The content of [`DELEGATION_GRANTED`] and [`DELEGATION_REVOKED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegationChanged {
    /// The delegation.
    pub delegation: Uuid,
    /// Who is acted for.
    pub principal: Eori,
    /// Who acts.
    pub representative: Eori,
    /// What is delegated.
    pub scope: Vec<DelegationScope>,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when, exclusive.
    pub valid_to: DateTime<Utc>,
    /// When it was granted or taken back.
    pub at: DateTime<Utc>,
}
