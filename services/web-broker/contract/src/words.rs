//! The words that several use cases of web-broker share.

use async_graphql::{Enum, InputObject, SimpleObject};
use customs_kernel::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which national register a number was taken from.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NumberScheme {
    /// Individual identification number of Kazakhstan, 12 digits.
    KzIin,
    /// Business identification number of Kazakhstan, 12 digits.
    KzBin,
    /// Personal identification number of Kyrgyzstan, 14 digits.
    KgPin,
    /// Taxpayer identification number of a legal person of Kyrgyzstan, 14 digits.
    KgTin,
    /// Personal identification number of Uzbekistan, 14 digits.
    UzPin,
    /// Taxpayer identification number of a legal person of Uzbekistan, 9 digits.
    UzTin,
}

/// A number under which a state knows a person or an organisation.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(input_name = "NationalNumberInput")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NationalNumber {
    /// The register it was taken from.
    pub scheme: NumberScheme,
    /// The number itself, digits only.
    #[schema(min_length = 9, max_length = 14, pattern = "^[0-9]+$")]
    pub number: String,
}

/// What an organisation does before customs.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// Declares goods of its own.
    Declarant,
    /// Declares for others under a delegation.
    Broker,
    /// Carries goods under customs control.
    Carrier,
    /// Guarantees the debts of others.
    Guarantor,
    /// Is the customs service of a country.
    Customs,
}

/// What a person may be for an organisation: the roles of people, without those of machines.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MemberRole {
    /// Declares goods of the organisation's own.
    Declarant,
    /// Declares for others.
    Broker,
    /// Carries goods under customs control.
    Carrier,
    /// Acts for a bank or insurer.
    Guarantor,
    /// Officer at an office of departure.
    OfficerOfDeparture,
    /// Officer at an office of transit or of exit for transit.
    OfficerOfTransit,
    /// Officer at an office of destination.
    OfficerOfDestination,
    /// Keeps users, offices and reference data.
    Administrator,
}

impl MemberRole {
    /// Every role a person may have, in the order of the kernel's table.
    pub const ALL: &'static [Self] = &[
        Self::Declarant,
        Self::Broker,
        Self::Carrier,
        Self::Guarantor,
        Self::OfficerOfDeparture,
        Self::OfficerOfTransit,
        Self::OfficerOfDestination,
        Self::Administrator,
    ];

    /// The role as the table of permissions knows it.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Declarant => Role::Declarant,
            Self::Broker => Role::Broker,
            Self::Carrier => Role::Carrier,
            Self::Guarantor => Role::Guarantor,
            Self::OfficerOfDeparture => Role::OfficerOfDeparture,
            Self::OfficerOfTransit => Role::OfficerOfTransit,
            Self::OfficerOfDestination => Role::OfficerOfDestination,
            Self::Administrator => Role::Administrator,
        }
    }
}

impl From<MemberRole> for Role {
    fn from(role: MemberRole) -> Self {
        role.role()
    }
}

/// What a representative may do for a principal.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DelegationScope {
    /// Submit, amend and cancel declarations.
    Declare,
    /// Notify arrivals and submit unloading remarks.
    Arrive,
    /// Use the principal's guarantees.
    GuaranteeUse,
}

/// The most that a representative may use of the principal's guarantees in one declaration.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(input_name = "DelegationCapInput")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DelegationCap {
    /// Decimal number with at most two places.
    #[schema(max_length = 19, pattern = r"^[0-9]{1,16}(\.[0-9]{1,2})?$")]
    pub amount: String,
    /// ISO 4217 letter code.
    #[schema(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

/// What a draft will become.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DraftKind {
    /// A transit declaration (IE015).
    Transit,
}
