//! Code lists: reading them, whole or code by code, at a day.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name in one language.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceLabel {
    /// Language, ISO 639-1 in small letters.
    #[schema(min_length = 2, max_length = 3)]
    pub language: String,
    /// The name.
    #[schema(max_length = 2000)]
    pub text: String,
}

/// A further fact about a code, such as the digits after the point of a currency.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeProperty {
    /// What is told.
    #[schema(max_length = 80)]
    pub name: String,
    /// What it is.
    #[schema(max_length = 500)]
    pub value: String,
}

/// One code of a list, as it stands for some time.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeEntry {
    /// Name of the list, as in the published exports (`GuaranteeType`).
    #[schema(max_length = 80)]
    pub list: String,
    /// The code.
    #[schema(max_length = 80)]
    pub code: String,
    /// Names, one a language; none where the list has only codes.
    #[schema(max_items = 20)]
    pub labels: Vec<ReferenceLabel>,
    /// Further facts.
    #[schema(max_items = 30)]
    pub properties: Vec<CodeProperty>,
    /// First day on which the code may be used.
    pub valid_from: NaiveDate,
    /// First day on which it may not be used any more; open if absent.
    pub valid_to: Option<NaiveDate>,
    /// State as published: `valid` or `invalid`.
    #[schema(max_length = 20)]
    pub state: String,
    /// The dataset that brought it.
    #[schema(max_length = 40)]
    pub dataset: String,
    /// Number of the version that brought it: the same number, the same answer.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub number: i64,
}

/// Asks for the codes of one list.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListCodes {
    /// Name of the list.
    #[schema(min_length = 1, max_length = 80)]
    pub list: String,
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
    /// Only names in this language, or in English where there is none.
    #[schema(min_length = 2, max_length = 3, pattern = "^[a-z]{2,3}$")]
    pub language: Option<String>,
    /// Only codes that begin with this or whose name contains it.
    #[schema(max_length = 80)]
    pub search: Option<String>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of codes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeEntryPage {
    /// The codes, in the order of their characters.
    #[schema(max_items = 100)]
    pub items: Vec<CodeEntry>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListCodes {
    type Output = CodeEntryPage;
    const NAME: &'static str = "references.list-codes";
    const NEEDS: &'static str = "reference:read";
}

/// Asks for one code of a list.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindCode {
    /// Name of the list.
    #[schema(min_length = 1, max_length = 80)]
    pub list: String,
    /// The code.
    #[schema(min_length = 1, max_length = 80)]
    pub code: String,
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
}

impl UseCase for FindCode {
    type Output = CodeEntry;
    const NAME: &'static str = "references.find-code";
    const NEEDS: &'static str = "reference:read";
}

/// Asks for several codes of one list at once.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindCodes {
    /// Name of the list.
    #[schema(min_length = 1, max_length = 80)]
    pub list: String,
    /// The codes.
    #[schema(min_items = 1, max_items = 100)]
    pub codes: Vec<String>,
    /// On which day; today unless named.
    pub at: Option<NaiveDate>,
}

/// The codes that exist among those asked for.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundCodes {
    /// What was found; what is missing here does not exist on that day.
    #[schema(max_items = 100)]
    pub items: Vec<CodeEntry>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for FindCodes {
    type Output = FoundCodes;
    const NAME: &'static str = "references.find-codes";
    const NEEDS: &'static str = "reference:read";
}

/// Asks which code lists there are.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListCodeLists {
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// One code list.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeListSummary {
    /// Name of the list.
    #[schema(max_length = 80)]
    pub name: String,
    /// How many codes may be used today.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub codes: i64,
}

/// A page of code lists.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeListPage {
    /// The lists, in the order of their names.
    #[schema(max_items = 100)]
    pub items: Vec<CodeListSummary>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
    /// Entity tag: the same as long as the answer is the same.
    #[schema(max_length = 80)]
    pub etag: String,
}

impl UseCase for ListCodeLists {
    type Output = CodeListPage;
    const NAME: &'static str = "references.list-code-lists";
    const NEEDS: &'static str = "reference:read";
}
