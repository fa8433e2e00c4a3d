//! Measures of the nation: goods that are refused or controlled, countries that transit may pass.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::NaiveDate;
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What follows when restricted goods are declared.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestrictionEffect {
    /// The declaration is refused.
    Refuse,
    /// The goods are controlled: the risk lane is red.
    Control,
}

/// Goods under a restriction.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedGoods {
    /// The measure.
    pub id: Uuid,
    /// First digits of the commodity code, 2 to 8.
    #[schema(min_length = 2, max_length = 8)]
    pub prefix: String,
    /// Country of dispatch or destination; every country if absent.
    #[schema(min_length = 2, max_length = 2)]
    pub country: Option<String>,
    /// What follows.
    pub effect: RestrictionEffect,
    /// Why, for the people who read the refusal.
    #[schema(max_length = 512)]
    pub reason: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
}

/// Asks for the goods under a restriction.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListRestrictions {
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
    /// Only measures that concern this commodity code.
    #[schema(min_length = 2, max_length = 10, pattern = "^[0-9]{2,10}$")]
    pub commodity_code: Option<String>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of restrictions.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedGoodsPage {
    /// The measures, in the order of their commodity codes.
    #[schema(max_items = 100)]
    pub items: Vec<RestrictedGoods>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListRestrictions {
    type Output = RestrictedGoodsPage;
    const NAME: &'static str = "references.list-restrictions";
    const NEEDS: &'static str = "reference:read";
}

/// Puts goods under a restriction.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddRestriction {
    /// First digits of the commodity code, 2 to 8.
    #[schema(min_length = 2, max_length = 8, pattern = "^[0-9]{2,8}$")]
    pub prefix: String,
    /// Country of dispatch or destination; every country if absent.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    /// What follows.
    pub effect: RestrictionEffect,
    /// Why, for the people who read the refusal.
    #[schema(min_length = 1, max_length = 512)]
    pub reason: String,
    /// First day; today unless named.
    pub valid_from: Option<NaiveDate>,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
}

impl UseCase for AddRestriction {
    type Output = RestrictedGoods;
    const NAME: &'static str = "references.add-restriction";
    const NEEDS: &'static str = "reference:write";
}

/// Ends a restriction.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndRestriction {
    /// The measure.
    pub id: Uuid,
    /// First day on which it does not count any more; today unless named.
    pub valid_to: Option<NaiveDate>,
}

impl UseCase for EndRestriction {
    type Output = RestrictedGoods;
    const NAME: &'static str = "references.end-restriction";
    const NEEDS: &'static str = "reference:write";
}

/// A country through which transit may pass.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteCountry {
    /// Country, two letters.
    #[schema(min_length = 2, max_length = 2)]
    pub country: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
}

/// Asks for the countries through which transit may pass.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListRouteCountries {
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of route countries.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteCountryPage {
    /// The countries, in the order of their codes.
    #[schema(max_items = 100)]
    pub items: Vec<RouteCountry>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListRouteCountries {
    type Output = RouteCountryPage;
    const NAME: &'static str = "references.list-route-countries";
    const NEEDS: &'static str = "reference:read";
}

/// Lets transit pass through a country.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddRouteCountry {
    /// Country, two letters.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// First day; today unless named.
    pub valid_from: Option<NaiveDate>,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
}

impl UseCase for AddRouteCountry {
    type Output = RouteCountry;
    const NAME: &'static str = "references.add-route-country";
    const NEEDS: &'static str = "reference:write";
}

/// Ends the passage of transit through a country.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndRouteCountry {
    /// Country, two letters.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// First day on which transit may not pass any more; today unless named.
    pub valid_to: Option<NaiveDate>,
}

impl UseCase for EndRouteCountry {
    type Output = RouteCountry;
    const NAME: &'static str = "references.end-route-country";
    const NEEDS: &'static str = "reference:write";
}
