//! Dead letters: selected and replayed by Jobs, each letter once, after approval where that is asked for.

mod job;
mod plan;
mod reconcile;

pub(crate) use reconcile::ReplayController;
