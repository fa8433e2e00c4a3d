//! What every use case of declarations stands on.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use customs_kernel::{Actor, Caller, Clock};
use customs_platform::{Desk, Store};
use customs_signatures::EvidenceKey;

use crate::{config::Settings, reference::Reference};

/// The ground that the use cases share.
pub(crate) struct Shared {
    /// The service's own database.
    pub(crate) store: Store,
    /// Other services.
    pub(crate) desk: Desk,
    /// The clock of business.
    pub(crate) clock: Arc<dyn Clock>,
    /// Opens the evidence that the edge has sealed.
    pub(crate) evidence_key: EvidenceKey,
    /// Deadlines and names of this administration.
    pub(crate) settings: Settings,
    /// Reference data in memory.
    pub(crate) reference: Reference,
}

impl Shared {
    /// The present instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// This service as a caller of others, within the call of `caller`.
    pub(crate) fn myself(caller: &Caller) -> Caller {
        Caller::new(Actor::service(crate::NAME), caller.correlation_id.clone())
    }
}
