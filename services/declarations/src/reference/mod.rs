//! Reference data in memory: one snapshot, taken anew when a version is activated.

mod authority;
mod judge;

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use chrono::NaiveDate;
use customs_kernel::{Actor, Caller};
use customs_platform::{Cache, Desk, Failure};
use customs_references_contract::{Lookup, TakeSnapshot, bus::WHISPER};
use tokio::sync::broadcast::error::RecvError;

use crate::shared::Shared;

pub(crate) use judge::{functional_errors, judge, office_day, office_instant, ruleset};

/// Holds the newest snapshot of reference data.
#[derive(Debug, Default)]
pub(crate) struct Reference {
    held: RwLock<Option<Arc<Lookup>>>,
    /// Raised whenever a newer version counts: a snapshot that was begun before is not kept.
    generation: AtomicU64,
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
        let generation = self.generation.load(Ordering::SeqCst);
        let myself = Caller::new(Actor::service(crate::NAME), "reference");
        let snapshot = desk.ask(&myself, TakeSnapshot { at: Some(day) }).await?;
        let lookup = Arc::new(Lookup::from(snapshot));
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if generation == self.generation.load(Ordering::SeqCst) {
            *held = Some(Arc::clone(&lookup));
        }
        Ok(lookup)
    }

    /// Forgets the snapshot: a newer version counts.
    pub(crate) fn forget(&self) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::SeqCst);
        *held = None;
    }
}

/// Forgets the snapshot whenever another process says that a newer version counts; ends with the process.
///
/// Only one replica hears the event on the bus; the whisper reaches all. Should it get lost, the next event
/// or the end of the snapshot's day mends it.
pub(crate) fn listen(shared: &Arc<Shared>, cache: &dyn Cache) {
    let (mut ear, shared) = (cache.listen(), Arc::downgrade(shared));
    tokio::spawn(async move {
        loop {
            let whisper = match ear.recv().await {
                Ok(whisper) => Some(whisper.topic),
                Err(RecvError::Lagged(_)) => None,
                Err(RecvError::Closed) => return,
            };
            let Some(shared) = shared.upgrade() else { return };
            if whisper.is_none_or(|topic| topic == WHISPER) {
                shared.reference.forget();
            }
        }
    });
}
