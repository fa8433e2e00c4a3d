//! Delegations: what a representative may do for a principal.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{DelegationCap, DelegationScope};

/// Tell whether a representative may act for a principal at an instant.
///
/// A registered organisation always acts for itself, in every scope. An unknown or closed organisation is
/// no problem but an answer: not granted.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmMandate {
    /// EORI of who is acted for.
    #[schema(min_length = 3, max_length = 17)]
    pub principal: String,
    /// EORI of who acts.
    #[schema(min_length = 3, max_length = 17)]
    pub representative: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl UseCase for ConfirmMandate {
    type Output = Mandate;
    const NAME: &'static str = "web-broker.confirm-mandate";
    const NEEDS: &'static str = "identity:resolve";
}

/// Whether somebody may act for somebody else, and how far.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mandate {
    /// Whether there is a mandate at all.
    pub granted: bool,
    /// What it covers; empty where nothing is granted.
    pub scope: Vec<DelegationScope>,
    /// The most that may be used of guarantees in one declaration; no bound where absent.
    pub cap: Option<DelegationCap>,
    /// The delegation it rests on; absent where an organisation acts for itself.
    pub delegation_id: Option<Uuid>,
}

/// Let another organisation act for one's own.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantDelegation {
    /// EORI of who shall act.
    #[schema(pattern = "^[A-Z]{2}[!-~]{1,15}$")]
    pub representative: String,
    /// What is delegated; at least one scope.
    #[schema(min_items = 1, max_items = 3)]
    pub scope: Vec<DelegationScope>,
    /// From when; from now on where nothing is said.
    #[serde(default)]
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when, exclusive.
    pub valid_to: DateTime<Utc>,
    /// The most that may be used of guarantees in one declaration.
    #[serde(default)]
    pub cap: Option<DelegationCap>,
}

impl UseCase for GrantDelegation {
    type Output = Delegation;
    const NAME: &'static str = "web-broker.grant-delegation";
    const NEEDS: &'static str = "delegation:write";
}

/// Take a delegation of one's own organisation back, from now on.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokeDelegation {
    /// The delegation.
    pub delegation_id: Uuid,
}

impl UseCase for RevokeDelegation {
    type Output = Delegation;
    const NAME: &'static str = "web-broker.revoke-delegation";
    const NEEDS: &'static str = "delegation:write";
}

/// See the delegations in which one's own organisation is principal or representative, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDelegations {
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListDelegations {
    type Output = DelegationPage;
    const NAME: &'static str = "web-broker.list-delegations";
    const NEEDS: &'static str = "delegation:read";
}

/// That an organisation may act for another.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delegation {
    /// The delegation.
    pub id: Uuid,
    /// EORI of who is acted for.
    pub principal: String,
    /// Name of who is acted for.
    pub principal_name: String,
    /// EORI of who acts.
    pub representative: String,
    /// Name of who acts.
    pub representative_name: String,
    /// What is delegated.
    pub scope: Vec<DelegationScope>,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when, exclusive.
    pub valid_to: DateTime<Utc>,
    /// The most that may be used of guarantees in one declaration.
    pub cap: Option<DelegationCap>,
    /// When it was granted.
    pub granted_at: DateTime<Utc>,
    /// When it was taken back, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A part of the delegations.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DelegationPage {
    /// The delegations.
    pub items: Vec<Delegation>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}
