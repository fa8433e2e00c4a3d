//! Statistics over GraphQL.

use async_graphql::{Context, Object, Result};
use customs_statistics_contract as contract;

use crate::graphql::{
    ask::question,
    page::{Page, listed, page},
};

listed! {
    contract::StatisticsMonthPage => contract::StatisticsMonth,
}

/// Questions about statistics.
#[derive(Default)]
pub(crate) struct StatisticsQuery;

#[Object]
impl StatisticsQuery {
    /// The months for which there are counters, newest first.
    async fn statistics_months(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::StatisticsMonth>> {
        page(ctx, first, after, |first, after| contract::ListMonths { first, after }).await
    }

    /// The transit counters of one month, as they stand or as they stood at a watermark.
    async fn transit_counters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which counters.")] input: contract::TransitCounters,
    ) -> Result<contract::TransitCounterPage> {
        question(ctx, input).await
    }
}
