//! Queries on guarantees in the form of the procedure's own messages.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asks::MessageFormat;

/// Ask about guarantees by IE034: answered at once by IE037, or by IE906 or IE917 with everything that is wrong.
///
/// Nothing is kept, and nobody but who knows the access code learns anything.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryGuarantees {
    /// The message; at most 5 MB.
    #[schema(max_length = 5_000_000)]
    pub content: String,
    /// How it is written.
    pub format: MessageFormat,
}

impl UseCase for QueryGuarantees {
    type Output = GuaranteeAnswer;
    const NAME: &'static str = "declarations.query-guarantees";
    const NEEDS: &'static str = "guarantee:balance";
}

/// The answer to a query on guarantees.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeAnswer {
    /// Type: `CC037C`, or `CC906C` or `CC917C` where the query is refused.
    #[schema(max_length = 6)]
    pub message_type: String,
    /// The message in XML.
    #[schema(max_length = 100_000_000)]
    pub body: String,
}
