//! The procedures that need other services, as sagas.

mod discharge;
mod transit_release;

pub(crate) use discharge::{Discharge, DischargeSteps};
pub(crate) use transit_release::{ReleaseSteps, TransitRelease, movement_fact};
