//! Customs offices: one by its number, several at once, or by country, role and name.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use customs_kernel::{UseCase, role::ANYONE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ReferenceLabel;

/// One customs office.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomsOffice {
    /// Reference number: country and 6 characters.
    #[schema(min_length = 8, max_length = 8)]
    pub id: String,
    /// Country, two letters.
    #[schema(min_length = 2, max_length = 2)]
    pub country: String,
    /// Names, one a language.
    #[schema(max_items = 30)]
    pub names: Vec<ReferenceLabel>,
    /// What the office does in the procedures: `DEP`, `DES`, `TRA`, `EXT`, `GUA` and others, as published.
    #[schema(max_items = 60)]
    pub roles: Vec<String>,
    /// Time zone by the IANA data base, where known.
    #[schema(max_length = 60)]
    pub zone: Option<String>,
    /// When the office is open, in its own time; unknown if empty.
    #[schema(max_items = 60)]
    pub hours: Vec<OfficeHours>,
    /// Telephone number, where known.
    #[schema(max_length = 80)]
    pub phone: Option<String>,
    /// First day on which the office may be named.
    pub valid_from: NaiveDate,
    /// First day on which it may not be named any more; open if absent.
    pub valid_to: Option<NaiveDate>,
    /// The dataset that brought it.
    #[schema(max_length = 40)]
    pub dataset: String,
    /// Number of the version that brought it: the same number, the same answer.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub number: i64,
}

/// A time within the week when an office is open, in its own zone.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfficeHours {
    /// First day of the week, 1 is Monday.
    #[schema(minimum = 1, maximum = 7)]
    pub first_day: i32,
    /// Last day of the week, included.
    #[schema(minimum = 1, maximum = 7)]
    pub last_day: i32,
    /// Opens at, `HH:MM`.
    #[schema(min_length = 5, max_length = 5)]
    pub opens: String,
    /// Closes at, `HH:MM`; `24:00` is the end of the day.
    #[schema(min_length = 5, max_length = 5)]
    pub closes: String,
}

/// Asks for one customs office.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindOffice {
    /// Reference number.
    #[schema(min_length = 8, max_length = 8)]
    pub id: String,
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
}

impl UseCase for FindOffice {
    type Output = CustomsOffice;
    const NAME: &'static str = "references.find-office";
    const NEEDS: &'static str = ANYONE;
}

/// Asks for several customs offices at once.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindOffices {
    /// Reference numbers.
    #[schema(min_items = 1, max_items = 100)]
    pub ids: Vec<String>,
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
}

/// The offices that exist among those asked for.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundOffices {
    /// What was found; what is missing here does not exist on that day.
    #[schema(max_items = 100)]
    pub items: Vec<CustomsOffice>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for FindOffices {
    type Output = FoundOffices;
    const NAME: &'static str = "references.find-offices";
    const NEEDS: &'static str = ANYONE;
}

/// Asks for customs offices by country, role and name.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListOffices {
    /// Only of this country, two letters.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    /// Only with this role, such as `TRA`.
    #[schema(min_length = 1, max_length = 10, pattern = "^[A-Z0-9]{1,10}$")]
    pub role: Option<String>,
    /// Only whose number begins with this or whose name contains it.
    #[schema(max_length = 80)]
    pub search: Option<String>,
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of customs offices.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomsOfficePage {
    /// The offices, in the order of their numbers.
    #[schema(max_items = 100)]
    pub items: Vec<CustomsOffice>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListOffices {
    type Output = CustomsOfficePage;
    const NAME: &'static str = "references.list-offices";
    const NEEDS: &'static str = ANYONE;
}
