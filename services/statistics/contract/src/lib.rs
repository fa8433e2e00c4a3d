//! What crosses the border of statistics: use cases.

pub mod transit;

pub use transit::{
    ListMonths, StatisticsMonth, StatisticsMonthPage, TransitCounter, TransitCounterPage, TransitCounters,
};
