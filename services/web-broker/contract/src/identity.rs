//! Who somebody with a national number is, for the log-in at the gateway.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{MemberRole, NationalNumber};

/// Tell who the person with a national number is and for which organisations they act now.
///
/// An organisation's number, as a certificate of an employee names it, narrows the answer to that one.
/// Refused with `person-unknown`, `person-barred` or `membership-unknown`.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentifyPerson {
    /// The person's number.
    pub person: NationalNumber,
    /// The number of the organisation the certificate was issued for.
    #[serde(default)]
    pub organisation: Option<NationalNumber>,
}

impl UseCase for IdentifyPerson {
    type Output = Identity;
    const NAME: &'static str = "web-broker.identify-person";
    const NEEDS: &'static str = "identity:resolve";
}

/// A person and the organisations they act for at this instant.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The person, an opaque id: the subject of tokens.
    pub person_id: Uuid,
    /// Name as registered.
    pub name: String,
    /// Memberships in force, by the name of the organisation; at least one, at most 100.
    pub memberships: Vec<IdentityMembership>,
}

/// One organisation that a person acts for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityMembership {
    /// The organisation.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation: String,
    /// Its EORI: the party of tokens.
    pub eori: String,
    /// What the person is there.
    pub roles: Vec<MemberRole>,
    /// Customs offices where the person serves.
    pub offices: Vec<String>,
}
