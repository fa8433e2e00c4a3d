//! The register of economic operators: who they are, what they are authorised for, whether they may file.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an economic operator has its seat.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "PartyAddressInput")]
pub struct PartyAddress {
    /// Street and number.
    #[schema(min_length = 1, max_length = 70)]
    pub street_and_number: String,
    /// Postal code, where the country has them.
    #[schema(max_length = 17)]
    pub postcode: Option<String>,
    /// Town.
    #[schema(min_length = 1, max_length = 35)]
    pub city: String,
    /// Country, two letters.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: String,
}

/// What an economic operator is authorised for.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "PartyRoleInput")]
pub struct PartyRole {
    /// Role: `AEO`, `HOLDER`, `BROKER`, `CARRIER`, `INSURER` or an authorisation type such as `C521`.
    #[schema(min_length = 1, max_length = 10, pattern = "^[A-Z0-9]{1,10}$")]
    pub role: String,
    /// Number of the authorisation, where there is one.
    #[schema(max_length = 35)]
    pub reference: Option<String>,
}

impl PartyRole {
    /// Whether it simplifies transit: the status of an authorised economic operator (`AEO`), or the type of an
    /// authorisation such as `C521`. Validation looks these up.
    #[must_use]
    pub fn simplifies_transit(&self) -> bool {
        let digits = self.role.strip_prefix('C');
        let is_type =
            digits.is_some_and(|rest| rest.len() == 3 && rest.bytes().all(|one| one.is_ascii_digit()));
        is_type || self.role == AEO
    }
}

/// The status of an authorised economic operator among the roles of the register.
pub const AEO: &str = "AEO";

/// An economic operator in the register.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredParty {
    /// Identification: country and up to 15 characters (R0850).
    #[schema(min_length = 3, max_length = 17)]
    pub eori: String,
    /// Name.
    #[schema(max_length = 70)]
    pub name: String,
    /// Seat.
    pub address: PartyAddress,
    /// What it is authorised for.
    #[schema(max_items = 20)]
    pub roles: Vec<PartyRole>,
    /// First day of the registration.
    pub valid_from: NaiveDate,
    /// First day after the registration; open if absent.
    pub valid_to: Option<NaiveDate>,
    /// State: `registered` or `suspended`.
    #[schema(max_length = 20)]
    pub state: String,
    /// Whether it may file at this instant: registered, not suspended, within its days.
    pub may_file: bool,
    /// Since when it is suspended, if it is.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Why it is suspended, if it is.
    #[schema(max_length = 512)]
    pub suspended_because: Option<String>,
    /// Number of the version that brought this state.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub number: i64,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

/// Asks for one economic operator.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindParty {
    /// Identification.
    #[schema(min_length = 3, max_length = 17)]
    pub eori: String,
}

impl UseCase for FindParty {
    type Output = RegisteredParty;
    const NAME: &'static str = "references.find-party";
    const NEEDS: &'static str = "reference:read";
}

/// Asks for several economic operators at once.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindParties {
    /// Identifications.
    #[schema(min_items = 1, max_items = 100)]
    pub eoris: Vec<String>,
}

/// The economic operators that exist among those asked for.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundParties {
    /// Who was found; who is missing here is not in the register.
    #[schema(max_items = 100)]
    pub items: Vec<RegisteredParty>,
}

impl UseCase for FindParties {
    type Output = FoundParties;
    const NAME: &'static str = "references.find-parties";
    const NEEDS: &'static str = "reference:read";
}

/// Asks for economic operators by role and name.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListParties {
    /// Only with this role.
    #[schema(min_length = 1, max_length = 10, pattern = "^[A-Z0-9]{1,10}$")]
    pub role: Option<String>,
    /// Only whose identification begins with this or whose name contains it.
    #[schema(max_length = 80)]
    pub search: Option<String>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of economic operators.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyPage {
    /// The operators, in the order of their identifications.
    #[schema(max_items = 100)]
    pub items: Vec<RegisteredParty>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListParties {
    type Output = PartyPage;
    const NAME: &'static str = "references.list-parties";
    const NEEDS: &'static str = "reference:read";
}

/// Enters an economic operator into the register, or changes its entry.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterParty {
    /// Identification: country and up to 15 characters (R0850).
    #[schema(min_length = 3, max_length = 17)]
    pub eori: String,
    /// Name.
    #[schema(min_length = 1, max_length = 70)]
    pub name: String,
    /// Seat.
    pub address: PartyAddress,
    /// What it is authorised for.
    #[schema(max_items = 20)]
    pub roles: Vec<PartyRole>,
    /// First day of the registration; today unless named.
    pub valid_from: Option<NaiveDate>,
    /// First day after the registration; open if absent.
    pub valid_to: Option<NaiveDate>,
}

impl UseCase for RegisterParty {
    type Output = RegisteredParty;
    const NAME: &'static str = "references.register-party";
    const NEEDS: &'static str = "reference:write";
}

/// Bars an economic operator from filing, from this instant on.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuspendParty {
    /// Identification.
    #[schema(min_length = 3, max_length = 17)]
    pub eori: String,
    /// Why.
    #[schema(min_length = 1, max_length = 512)]
    pub reason: String,
}

impl UseCase for SuspendParty {
    type Output = RegisteredParty;
    const NAME: &'static str = "references.suspend-party";
    const NEEDS: &'static str = "reference:write";
}

/// Lets a suspended economic operator file again.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReinstateParty {
    /// Identification.
    #[schema(min_length = 3, max_length = 17)]
    pub eori: String,
}

impl UseCase for ReinstateParty {
    type Output = RegisteredParty;
    const NAME: &'static str = "references.reinstate-party";
    const NEEDS: &'static str = "reference:write";
}
