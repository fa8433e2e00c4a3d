//! The door of statistics.

mod graphql;
mod rest;

pub(crate) use graphql::StatisticsQuery;
pub(crate) use rest::operations;
