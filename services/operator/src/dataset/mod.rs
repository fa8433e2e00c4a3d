//! Reference data: imported by Jobs from its source, on a schedule, after approval where that is asked for.

mod job;
mod plan;
mod reconcile;
mod report;
mod schedule;

pub(crate) use reconcile::DatasetController;
