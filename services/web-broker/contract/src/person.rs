//! People, the colleagues of an organisation, and the history of changes of the register.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{MemberRole, NationalNumber};

/// Enter a person into the register.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterPerson {
    /// Name as in the identity document.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The number under which the state knows the person.
    pub national_number: NationalNumber,
}

impl UseCase for RegisterPerson {
    type Output = Person;
    const NAME: &'static str = "web-broker.register-person";
    const NEEDS: &'static str = "organisation:write";
}

/// Bar a person from acting at all, or let them act again.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetPersonActive {
    /// The person.
    pub person_id: Uuid,
    /// Whether the person may act.
    pub active: bool,
}

impl UseCase for SetPersonActive {
    type Output = Person;
    const NAME: &'static str = "web-broker.set-person-active";
    const NEEDS: &'static str = "organisation:write";
}

/// See who acts, acted or will act for an organisation.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListPeople {
    /// The organisation; the caller's own where nothing is said. Only an administrator may name another.
    #[serde(default)]
    pub organisation_id: Option<Uuid>,
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListPeople {
    type Output = ColleaguePage;
    const NAME: &'static str = "web-broker.list-people";
    const NEEDS: &'static str = "organisation:own";
}

/// See what was changed in the register, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListRegistryChanges {
    /// The organisation concerned; where nothing is said the caller's own, for an administrator all of them.
    /// Only an administrator may name another.
    #[serde(default)]
    pub organisation_id: Option<Uuid>,
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListRegistryChanges {
    type Output = RegistryChangePage;
    const NAME: &'static str = "web-broker.list-registry-changes";
    const NEEDS: &'static str = "organisation:own";
}

/// A person in the register, as an administrator sees them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The person.
    pub id: Uuid,
    /// Name as registered.
    pub name: String,
    /// The number under which the state knows the person.
    pub national_number: NationalNumber,
    /// Whether the person may act at all.
    pub active: bool,
}

/// A person as the people of the same organisation see them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Colleague {
    /// The person.
    pub person_id: Uuid,
    /// Name as registered.
    pub name: String,
    /// Whether the person may act at all.
    pub active: bool,
    /// The membership told of here; somebody may have several, one after another.
    pub membership_id: Uuid,
    /// What the person is in the organisation.
    pub roles: Vec<MemberRole>,
    /// Customs offices where the person serves.
    pub offices: Vec<String>,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when, exclusive.
    pub valid_to: Option<DateTime<Utc>>,
}

/// A part of an organisation's people.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ColleaguePage {
    /// The people.
    pub items: Vec<Colleague>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}

/// One change of the register; it is never changed itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistryChange {
    /// The change.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the opaque id of a person or service.
    pub actor: String,
    /// What was done, such as `delegation-granted`.
    pub what: String,
    /// What it was done to, by id.
    pub target: Uuid,
    /// The state afterwards as JSON text, without names and numbers of people.
    pub after: String,
}

/// A part of the history of changes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistryChangePage {
    /// The changes.
    pub items: Vec<RegistryChange>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}
