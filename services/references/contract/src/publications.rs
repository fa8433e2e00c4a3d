//! What customs tells everybody: regulations and notices, and the rates of currencies of a day.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::{UseCase, role::ANYONE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is published.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PublicationKind {
    /// A rule that binds: a law, a decree, an order.
    Regulation,
    /// News: a closed office, a new procedure.
    Notice,
}

/// A title and a text in one language.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(input_name = "PublicationTextInput")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicationText {
    /// Language: `en`, `ru` or `kk`.
    #[schema(min_length = 2, max_length = 2, pattern = "^(en|ru|kk)$")]
    pub language: String,
    /// The title.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// The text.
    #[schema(min_length = 1, max_length = 8000)]
    pub text: String,
}

/// A regulation or a notice.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Publication {
    /// The publication.
    pub id: Uuid,
    /// What it is.
    pub kind: PublicationKind,
    /// Number of the regulation, where it has one.
    #[schema(max_length = 80)]
    pub number: Option<String>,
    /// Title and text in each language.
    #[schema(max_items = 3)]
    pub texts: Vec<PublicationText>,
    /// First day on which it counts.
    pub valid_from: NaiveDate,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// Asks for what is published, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListPublications {
    /// Only what is this.
    pub kind: Option<PublicationKind>,
    /// What counts on which day; today unless named.
    pub at: Option<NaiveDate>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of publications.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicationPage {
    /// The publications.
    #[schema(max_items = 100)]
    pub items: Vec<Publication>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
}

impl UseCase for ListPublications {
    type Output = PublicationPage;
    const NAME: &'static str = "references.list-publications";
    const NEEDS: &'static str = ANYONE;
}

/// Publishes a regulation or a notice, in the three languages; it is withdrawn by its end and never changed.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Publish {
    /// What it is.
    pub kind: PublicationKind,
    /// Number of the regulation, where it has one.
    #[schema(max_length = 80)]
    pub number: Option<String>,
    /// Title and text in English, Russian and Kazakh.
    #[schema(min_items = 3, max_items = 3)]
    pub texts: Vec<PublicationText>,
    /// First day on which it counts; today unless named.
    pub valid_from: Option<NaiveDate>,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
}

impl UseCase for Publish {
    type Output = Publication;
    const NAME: &'static str = "references.publish";
    const NEEDS: &'static str = "reference:write";
}

/// Ends a publication.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndPublication {
    /// The publication.
    pub id: Uuid,
    /// First day on which it does not count any more; today unless named.
    pub valid_to: Option<NaiveDate>,
}

impl UseCase for EndPublication {
    type Output = Publication;
    const NAME: &'static str = "references.end-publication";
    const NEEDS: &'static str = "reference:write";
}

/// How much one currency is worth in the currency of the nation.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(input_name = "ExchangeRateInput")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExchangeRate {
    /// Currency, three letters.
    #[schema(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// For how many units of it: 1, 10, 100 or 1000.
    pub units: i32,
    /// What they are worth, a decimal number with at most 6 digits after the point.
    #[schema(min_length = 1, max_length = 20, pattern = "^[0-9]{1,12}(\\.[0-9]{1,6})?$")]
    pub rate: String,
}

/// Asks for the rates that count on a day: those of the last day that has any.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListRates {
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
}

impl UseCase for ListRates {
    type Output = DayRates;
    const NAME: &'static str = "references.list-rates";
    const NEEDS: &'static str = ANYONE;
}

/// The rates of a day.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayRates {
    /// The day for which they were set; absent where none were set until then.
    pub on: Option<NaiveDate>,
    /// The currency in which they are told.
    #[schema(min_length = 3, max_length = 3)]
    pub base: Option<String>,
    /// The rates, by currency.
    #[schema(max_items = 200)]
    pub rates: Vec<ExchangeRate>,
}

/// Sets the rates of a day that has none yet, all at once.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetRates {
    /// The day from which on they count.
    pub on: NaiveDate,
    /// The currency in which they are told.
    #[schema(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$")]
    pub base: String,
    /// The rates, each currency once.
    #[schema(min_items = 1, max_items = 200)]
    pub rates: Vec<ExchangeRate>,
}

impl UseCase for SetRates {
    type Output = DayRates;
    const NAME: &'static str = "references.set-rates";
    const NEEDS: &'static str = "reference:write";
}
