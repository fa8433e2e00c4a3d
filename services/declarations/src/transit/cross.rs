//! Use case of the officer of transit: record that goods have crossed a frontier (IE118).

use customs_declarations_contract::{
    CrossingKind, Movement as MovementView, RecordCrossing, problems::OUT_OF_SEQUENCE,
};
use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    Decision, MovementEvent,
    crossing::{Crossing, RecordEvent, RecordState, Stop, decide},
};
use crate::{App, store};

impl Acts<RecordCrossing> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordCrossing,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let unknown =
            || problem::NOT_FOUND.because("no movement with this MRN is known at the office").at("/mrn");
        if !actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        let mut movement = store::by_mrn(work, &ask.mrn).await?.ok_or_else(unknown)?;
        movement.possible(MovementEvent::Cross)?;
        let mut stops = store::load_stops(work.txn(), movement.id).await?;
        let origin = movement.departure_office.get(..2).unwrap_or_default().to_owned();
        match decide(&stops, &origin, &ask.office, ask.kind) {
            Crossing::Refused(why) => return Err(OUT_OF_SEQUENCE.because(why).at("/office").into()),
            Crossing::NewExit { position } => {
                let (office, state) = (ask.office.clone(), RecordState::Crossed);
                store::add_stop(work, movement.id, &Stop { position, office, role: "exit", state }).await?;
            }
            Crossing::Recorded { at, closes } => {
                record(work, movement.id, stops.get_mut(at), RecordEvent::Cross).await?;
                for index in closes {
                    record(work, movement.id, stops.get_mut(index), RecordEvent::Close).await?;
                }
            }
        }
        let direction = match ask.kind {
            CrossingKind::Exit => "exit",
            CrossingKind::Entry => "entry",
        };
        let seals = if ask.seals_intact { "seals intact" } else { "seals not intact" };
        let why = Decision::officer(&actor.subject, &ask.office, format!("{direction}, {seals}"));
        movement.happen(MovementEvent::Cross, why, work.now())?;
        store::save(work, &mut movement)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

async fn record(
    work: &Work,
    movement: uuid::Uuid,
    stop: Option<&mut Stop>,
    event: RecordEvent,
) -> Result<(), Failure> {
    let Some(stop) = stop else { return Ok(()) };
    stop.state = stop.state.on(event).ok_or_else(|| {
        OUT_OF_SEQUENCE.because(format!("the record of {} is {}", stop.office, stop.state.as_str()))
    })?;
    store::save_stop(work, movement, stop).await
}
