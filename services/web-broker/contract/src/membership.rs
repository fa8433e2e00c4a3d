//! Memberships: who acts for which organisation, as what, and where.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::MemberRole;

/// Let a person act for an organisation.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantMembership {
    /// The person.
    pub person_id: Uuid,
    /// The organisation.
    pub organisation_id: Uuid,
    /// What the person is there; each role must fit a kind of the organisation.
    #[schema(min_items = 1, max_items = 8)]
    pub roles: Vec<MemberRole>,
    /// Customs offices where an officer serves; none for everybody else.
    #[serde(default)]
    #[graphql(default)]
    #[schema(max_items = 50)]
    pub offices: Vec<String>,
    /// From when; from now on where nothing is said.
    #[serde(default)]
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when, exclusive.
    #[serde(default)]
    pub valid_to: Option<DateTime<Utc>>,
}

impl UseCase for GrantMembership {
    type Output = Membership;
    const NAME: &'static str = "web-broker.grant-membership";
    const NEEDS: &'static str = "organisation:write";
}

/// End a membership, from an instant on.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndMembership {
    /// The membership.
    pub membership_id: Uuid,
    /// From when the person does not act any more; now where nothing is said.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
}

impl UseCase for EndMembership {
    type Output = Membership;
    const NAME: &'static str = "web-broker.end-membership";
    const NEEDS: &'static str = "organisation:write";
}

/// That a person acts for an organisation.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// The membership.
    pub id: Uuid,
    /// The person.
    pub person_id: Uuid,
    /// The organisation.
    pub organisation_id: Uuid,
    /// What the person is there.
    pub roles: Vec<MemberRole>,
    /// Customs offices where the person serves.
    pub offices: Vec<String>,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when, exclusive.
    pub valid_to: Option<DateTime<Utc>>,
}
