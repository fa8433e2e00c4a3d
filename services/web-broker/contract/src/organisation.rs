//! Organisations: registering them, closing them, seeing one's own.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{NationalNumber, PartyKind};

/// Enter an organisation into the register of participants.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterOrganisation {
    /// Its EORI: country and up to 15 characters.
    #[schema(min_length = 3, max_length = 17)]
    pub eori: String,
    /// Name as registered.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Address, from street to town; at most 5 lines.
    #[schema(max_items = 5)]
    pub address_lines: Vec<String>,
    /// Country of its seat, ISO 3166 two letters.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// The number under which its state knows it.
    pub national_number: NationalNumber,
    /// What it does before customs; at least one kind.
    #[schema(min_items = 1, max_items = 5)]
    pub kinds: Vec<PartyKind>,
    /// From when it may act; from now on where nothing is said.
    #[serde(default)]
    pub active_from: Option<DateTime<Utc>>,
    /// Until when it may act, exclusive.
    #[serde(default)]
    pub active_to: Option<DateTime<Utc>>,
}

impl UseCase for RegisterOrganisation {
    type Output = Organisation;
    const NAME: &'static str = "web-broker.register-organisation";
    const NEEDS: &'static str = "organisation:write";
}

/// End an organisation's right to act, from an instant on.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseOrganisation {
    /// The organisation.
    pub organisation_id: Uuid,
    /// The version that was seen; a closed period is changed only by who has seen it.
    pub expected_version: i32,
    /// From when it may not act any more; now where nothing is said.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
}

impl UseCase for CloseOrganisation {
    type Output = Organisation;
    const NAME: &'static str = "web-broker.close-organisation";
    const NEEDS: &'static str = "organisation:write";
}

/// See the organisation on whose behalf the caller acts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MyOrganisation {}

impl UseCase for MyOrganisation {
    type Output = Organisation;
    const NAME: &'static str = "web-broker.my-organisation";
    const NEEDS: &'static str = "organisation:own";
}

/// See every organisation of the register, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListOrganisations {
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListOrganisations {
    type Output = OrganisationPage;
    const NAME: &'static str = "web-broker.list-organisations";
    const NEEDS: &'static str = "organisation:write";
}

/// A participant in the register.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    /// The organisation.
    pub id: Uuid,
    /// Its EORI.
    pub eori: String,
    /// Name as registered.
    pub name: String,
    /// Address, from street to town.
    pub address_lines: Vec<String>,
    /// Country of its seat.
    pub country: String,
    /// The number under which its state knows it.
    pub national_number: NationalNumber,
    /// What it does before customs.
    pub kinds: Vec<PartyKind>,
    /// From when it may act.
    pub active_from: DateTime<Utc>,
    /// Until when it may act, exclusive.
    pub active_to: Option<DateTime<Utc>>,
    /// Raised by every change, from 1.
    pub version: i32,
}

/// A part of the register.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationPage {
    /// The organisations.
    pub items: Vec<Organisation>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}
