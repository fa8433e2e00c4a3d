//! Jobs that do for a resource what is done outside the cluster, as an administrator of the suite.

mod errand;
mod run;

pub(crate) use errand::{Errand, REPORT, name};
pub(crate) use run::{Outcome, Run, Task, by_owner};
