//! Use cases of the officers on the way and at destination: choose goods for a control, record its result.

use customs_declarations_contract::{
    Movement as MovementView, OfficeControlResult, OrderOfficeControl, RecordOfficeControl,
    problems::OUT_OF_SEQUENCE,
};
use customs_kernel::{Actor, Caller, Problem, problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    Movement, MovementEvent,
    crossing::{RecordEvent, Stop},
};
use crate::{
    App,
    arrival::ArrivalEvent,
    store::{self, Act},
};

impl Acts<OrderOfficeControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: OrderOfficeControl,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let movement = known_at(work, actor, &ask.mrn, &ask.office).await?;
        let arrival = store::arrival_of(work, movement.id).await?;
        if let Some(mut arrival) = arrival.filter(|arrival| arrival.office == ask.office) {
            arrival.happen(ArrivalEvent::OrderControl)?;
            store::save_arrival(work, &mut arrival).await?;
        } else {
            self.record(work, &movement, &ask.office, RecordEvent::OrderControl).await?;
        }
        let act = Act { code: Some(ask.control_type), text: Some(ask.reason), ..Act::default() };
        store::keep_act(work, movement.id, "control-ordered", (actor, &ask.office), &act).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

impl Acts<RecordOfficeControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordOfficeControl,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let movement = known_at(work, actor, &ask.mrn, &ask.office).await?;
        let (event, code) = match ask.result {
            OfficeControlResult::Satisfactory => (RecordEvent::PassControl, "A1"),
            OfficeControlResult::Unsatisfactory => (RecordEvent::FailControl, "B1"),
        };
        self.record(work, &movement, &ask.office, event).await?;
        let act = Act {
            code: Some(code.to_owned()),
            text: ask.remarks,
            seals: ask.seals.unwrap_or_default(),
            documents: ask.documents.unwrap_or_default(),
            ..Act::default()
        };
        store::keep_act(work, movement.id, "control", (actor, &ask.office), &act).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// The movement with `mrn`, whose record stands at `office`, where the officer serves.
async fn known_at(work: &Work, actor: &Actor, mrn: &str, office: &str) -> Result<Movement, Failure> {
    if !actor.serves_at(office) {
        return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
    }
    let movement = store::by_mrn(work, mrn).await?;
    Ok(movement.ok_or_else(|| unknown().at("/mrn"))?)
}

fn unknown() -> Problem {
    problem::NOT_FOUND.because("no movement with this MRN is known at the office")
}

impl App {
    /// Lets `event` happen to the record of the office on the way.
    async fn record(
        &self,
        work: &Work,
        movement: &Movement,
        office: &str,
        event: RecordEvent,
    ) -> Result<(), Failure> {
        let stops = store::load_stops(work.txn(), movement.id).await?;
        let mine = |stop: &&Stop| stop.office == office && stop.role != "destination";
        let mut stop = stops.iter().find(mine).cloned().ok_or_else(|| unknown().at("/mrn"))?;
        movement.possible(MovementEvent::Cross)?;
        let (word, state) = (event.as_str(), stop.state.as_str());
        stop.state = stop.state.on(event).ok_or_else(|| {
            OUT_OF_SEQUENCE.because(format!("{word} is not possible, the record of {office} is {state}"))
        })?;
        store::save_stop(work, movement.id, &stop).await
    }
}
