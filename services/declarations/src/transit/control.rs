//! Use cases of the officer of departure: order a control, record its result.

use customs_declarations_contract::{ControlResult, Movement as MovementView, OrderControl, RecordControl};
use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};

use super::{Decision, MovementEvent, instant, issue, release::load_for_officer};
use crate::{App, store, timers};

impl Acts<OrderControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: OrderControl,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason);
        movement.happen(MovementEvent::OrderControl, why, at)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let mrn = movement.mrn.clone();
        issue(&self.shared, &mut movement, "CC060C", &declaration, at, |facts| {
            facts
                .with_some("TransitOperation/MRN", mrn)
                .with("TransitOperation/controlNotificationDateAndTime", instant(at))
                .with("TransitOperation/notificationType", "0")
                .with("TypeOfControls/sequenceNumber", "1")
                .with("TypeOfControls/type", ask.control_type)
        })?;
        work.cancel_timer(timers::SIMPLIFIED_RELEASE, &movement.id.to_string()).await?;
        store::save(work, &mut movement).await?;
        store::movement_view(work.txn(), movement.id).await
    }
}

impl Acts<RecordControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordControl,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let remarks = ask.remarks.unwrap_or_else(|| "no remarks".to_owned());
        let why = Decision::officer(&actor.subject, &movement.departure_office, remarks.as_str());
        match ask.result {
            ControlResult::Satisfactory => {
                movement.happen(MovementEvent::PassControl, why, work.now())?;
                store::save(work, &mut movement).await?;
            }
            ControlResult::Unsatisfactory => {
                movement.happen(MovementEvent::FailControl, why, work.now())?;
                timers::not_released(self, work, &mut movement, "the control was not satisfactory").await?;
            }
        }
        store::movement_view(work.txn(), movement.id).await
    }
}
