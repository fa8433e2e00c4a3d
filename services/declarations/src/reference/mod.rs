//! Reference data in memory: one snapshot, taken anew when a version is activated.

mod judge;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use customs_kernel::{Actor, Caller};
use customs_platform::{Desk, Failure};
use customs_references_contract::{Lookup, TakeSnapshot};

pub(crate) use judge::{functional_errors, judge, kernel_finding, office_day, ruleset};

/// Holds the newest snapshot of reference data.
#[derive(Debug, Default)]
pub(crate) struct Reference {
    held: RwLock<Option<Arc<Lookup>>>,
    taking: tokio::sync::Mutex<()>,
}

impl Reference {
    fn held(&self, day: NaiveDate) -> Option<Arc<Lookup>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|lookup| lookup.holds_on(day)).map(Arc::clone)
    }

    /// The look-ups that count on `day`, taken from references if need be.
    pub(crate) async fn on(&self, desk: &Desk, day: NaiveDate) -> Result<Arc<Lookup>, Failure> {
        if let Some(lookup) = self.held(day) {
            return Ok(lookup);
        }
        let _turn = self.taking.lock().await;
        if let Some(lookup) = self.held(day) {
            return Ok(lookup);
        }
        let myself = Caller::new(Actor::service(crate::NAME), "reference");
        let snapshot = desk.ask(&myself, TakeSnapshot { at: Some(day) }).await?;
        let lookup = Arc::new(Lookup::from(snapshot));
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&lookup));
        Ok(lookup)
    }

    /// Forgets the snapshot: a newer version counts.
    pub(crate) fn forget(&self) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
