//! Statistics over REST.

use customs_statistics_contract as contract;

use crate::rest::{Face::Query, Operation};

const TAG: &str = "Statistics";

/// The operations of statistics.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::question::<contract::ListMonths>("/statistics/months", "statisticsMonths", TAG)
            .face(Query("statisticsMonths")),
        Operation::question::<contract::TransitCounters>(
            "/statistics/transit/{month}",
            "transitCounters",
            TAG,
        )
        .face(Query("transitCounters")),
    ]
}
