//! Monthly counters of transit, reproducible by watermark.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::{Permission, UseCase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Read the transit counters of one month, as they stand or as they stood at a watermark.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransitCounters {
    /// The month by the calendar of the offices, such as `2026-11`.
    #[schema(min_length = 7, max_length = 7, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    pub month: String,
    /// Only this country of departure.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    /// Only this declaration type, such as `T1`.
    #[schema(min_length = 1, max_length = 5, pattern = "^[A-Z0-9-]{1,5}$")]
    pub declaration_type: Option<String>,
    /// Only this country of destination.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub partner: Option<String>,
    /// Only what went through this country of transit.
    #[schema(min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$")]
    pub transit_country: Option<String>,
    /// As it stood at this watermark; as it stands now without it.
    #[schema(minimum = 0)]
    pub watermark: Option<i64>,
    /// How many at most, 1 to 100; 50 without it.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Only what stands behind this cursor; the watermark of the first page goes on.
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for TransitCounters {
    type Output = TransitCounterPage;
    const NAME: &'static str = "statistics.transit-counters";
    const NEEDS: Permission = "statistics:read";
}

/// A part of the counters of one month at one watermark.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransitCounterPage {
    /// The month.
    #[schema(max_length = 7)]
    pub month: String,
    /// How far the journal of facts is counted: asked again with it, the answer is the same to the byte.
    pub watermark: i64,
    /// SHA-256, in hexadecimal, of all rows that fit the question, on every page the same.
    ///
    /// Each row is one line of compact JSON with the fields of [`TransitCounter`] in their order, ended by a
    /// line feed, the lines in the order of the list.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// The rows, ordered by country, declaration type, partner and country of transit.
    #[schema(max_items = 100)]
    pub items: Vec<TransitCounter>,
    /// Where to go on, if there is more.
    #[schema(max_length = 200)]
    pub next: Option<String>,
}

/// One row of the transit counters.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransitCounter {
    /// The month.
    #[schema(max_length = 7)]
    pub month: String,
    /// Country of departure.
    #[schema(max_length = 2)]
    pub country: String,
    /// Declaration type.
    #[schema(max_length = 5)]
    pub declaration_type: String,
    /// Country of destination: as declared, from arrival on the actual one.
    #[schema(max_length = 2)]
    pub partner: String,
    /// Country of transit; the rows without one count each movement once, the others once for each country
    /// on its way, so the two kinds are never added up.
    #[schema(max_length = 2)]
    pub transit_country: Option<String>,
    /// Movements released in the month.
    pub released: i64,
    /// Movements arrived in the month.
    pub arrived: i64,
    /// Movements discharged in the month.
    pub discharged: i64,
    /// Goods items of the released movements.
    pub items: i64,
    /// Gross mass of the released movements in kilograms, with six decimal places.
    #[schema(max_length = 40, pattern = "^[0-9]+\\.[0-9]{6}$")]
    pub gross_mass: String,
}

/// List the months for which there are counters, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListMonths {
    /// How many at most, 1 to 100; 50 without it.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Only what stands behind this cursor.
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListMonths {
    type Output = StatisticsMonthPage;
    const NAME: &'static str = "statistics.list-months";
    const NEEDS: Permission = "statistics:read";
}

/// A part of the list of months.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsMonthPage {
    /// The months.
    #[schema(max_items = 100)]
    pub items: Vec<StatisticsMonth>,
    /// Where to go on, if there is more.
    #[schema(max_length = 200)]
    pub next: Option<String>,
}

/// One month for which there are counters.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsMonth {
    /// The month, such as `2026-11`.
    #[schema(max_length = 7)]
    pub month: String,
    /// How many facts it counts.
    pub facts: i64,
    /// The watermark of the newest fact it counts.
    pub watermark: i64,
}
