//! The procedures that need other services, as sagas.

mod abroad;
mod claim;
mod discharge;
mod transit_release;

pub(crate) use claim::{Claim, ClaimSteps};
pub(crate) use discharge::{Discharge, DischargeSteps};
pub(crate) use transit_release::{HOLD, ReleaseSteps, TransitRelease, movement_fact};
