//! Before the goods are there: what the lists of the countries on the way say of a declaration that was released.

use customs_platform::{Failure, Work};

use super::ReleaseSteps;
use crate::{
    risk,
    store::{self, Act},
    transit::{DeclarationFacts, Movement, RecordEvent, Stop},
};

impl ReleaseSteps {
    /// The declaration is held against the lists of each country on the way before the goods are there: what they say is on
    /// record for its officers, and at the entry the goods are chosen for a control.
    pub(super) async fn validate(
        &self,
        work: &Work,
        movement: &Movement,
        known: &DeclarationFacts,
        stops: &mut [Stop],
    ) -> Result<(), Failure> {
        let lookup = self.0.reference.on(&self.0.desk, work.now().date_naive()).await?;
        let home = known.departure_office.get(..2);
        let abroad = stops.iter_mut().filter(|stop| stop.role != "exit" && stop.office.get(..2) != home);
        for stop in abroad {
            let reasons = risk::by_own_lists(known, &lookup, &stop.office);
            if reasons.is_empty() {
                continue;
            }
            let mut act = Act { text: Some(reasons.join("; ")), ..Act::default() };
            let mut kind = "validated";
            if let Some(chosen) = stop.state.on(RecordEvent::OrderControl).filter(|_| stop.role == "transit")
            {
                stop.state = chosen;
                act.code = Some(risk::control_type(known, &lookup).to_owned());
                kind = "control-ordered";
            }
            store::keep_act_of_system(work, movement.id, kind, &stop.office, &act).await?;
        }
        Ok(())
    }
}
