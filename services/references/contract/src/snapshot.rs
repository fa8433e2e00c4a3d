//! The snapshot: everything that validation looks up, compact, as it stands on one day.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{PartyRole, RestrictedGoods};

/// Asks which version of the reference data counts now.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TellSnapshotVersion {
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
}

/// Which version of the reference data counts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotVersion {
    /// Number of the newest version; 0 before the first.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub number: i64,
    /// Number, chain hash and day: the same text, the same data.
    #[schema(max_length = 80)]
    pub version: String,
}

impl UseCase for TellSnapshotVersion {
    type Output = SnapshotVersion;
    const NAME: &'static str = "references.snapshot-version";
    const NEEDS: &'static str = "reference:read";
}

/// Asks for everything that validation looks up.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeSnapshot {
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
}

impl UseCase for TakeSnapshot {
    type Output = ReferenceSnapshot;
    const NAME: &'static str = "references.snapshot";
    const NEEDS: &'static str = "reference:read";
}

/// Everything that validation looks up, as it stands on one day; see [`crate::Lookup`].
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceSnapshot {
    /// Number of the newest version; 0 before the first.
    pub number: i64,
    /// Number, chain hash and day: the same text, the same data.
    pub version: String,
    /// The day for which it holds.
    pub at: NaiveDate,
    /// The next day on which something begins or ends by itself; then take another snapshot.
    pub stale_on: Option<NaiveDate>,
    /// The code lists, by name.
    pub lists: Vec<SnapshotList>,
    /// The customs offices, by number.
    pub offices: Vec<SnapshotOffice>,
    /// Goods under a restriction.
    pub restricted: Vec<RestrictedGoods>,
    /// Countries through which transit may pass.
    pub route_countries: Vec<String>,
    /// Identifications of the economic operators that may not file at present.
    pub suspended: Vec<String>,
    /// The economic operators with an authorisation that simplifies transit.
    #[serde(default)]
    pub authorised: Vec<AuthorisedParty>,
}

/// What an economic operator is authorised for, as far as it simplifies transit.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorisedParty {
    /// Identification.
    pub eori: String,
    /// `AEO` and authorisations of transit such as `C521`.
    pub roles: Vec<PartyRole>,
}

/// The codes of one list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotList {
    /// Name of the list.
    pub name: String,
    /// The codes that may be used, in order, one a line; no code contains a line feed.
    pub codes: String,
}

/// What validation asks about a customs office.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotOffice {
    /// Reference number.
    pub id: String,
    /// Country, two letters.
    pub country: String,
    /// Roles, such as `DEP`, with a space between.
    pub roles: String,
    /// Time zone by the IANA data base, where known.
    pub zone: Option<String>,
}
