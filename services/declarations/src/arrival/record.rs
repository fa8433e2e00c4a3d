//! Use cases of the officer of destination: an arrival that nobody has notified, permission to unload (IE043).

use customs_declarations_contract::{
    Movement as MovementView, PermitUnloading, RecordArrival, bus::MOVEMENT_ARRIVED,
    problems::OUT_OF_SEQUENCE,
};
use customs_kernel::{Caller, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    Arrival, ArrivalEvent, ArrivalState,
    notify::{arrive_at, permit_unloading},
};
use crate::{
    App,
    config::Settings,
    deadline,
    saga::movement_fact,
    store,
    transit::{Decision, MovementEvent},
};

impl Acts<RecordArrival> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordArrival,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        if !actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        let unknown = || problem::NOT_FOUND.because("no movement with this MRN is known").at("/mrn");
        let mut movement = store::by_mrn(work, &ask.mrn).await?.ok_or_else(unknown)?;
        if store::arrival_of(work, movement.id).await?.is_some() {
            let why = "the arrival of this movement is known already";
            return Err(OUT_OF_SEQUENCE.because(why).at("/mrn").into());
        }
        let why = Decision::officer(&actor.subject, &ask.office, format!("arrival seen at {}", ask.office));
        movement.happen(MovementEvent::Arrive, why, at)?;
        let id = uuid_at(at);
        let mut arrival = Arrival {
            id,
            movement: Some(movement.id),
            mrn: ask.mrn,
            trader: movement.declarant.clone(),
            office: ask.office,
            state: ArrivalState::Submitted,
            simplified: false,
            unloading: 0,
            notification: id,
            by_officer: true,
            messages: 0,
            notified_at: at,
            changed_at: at,
            letters: Vec::new(),
            fresh: true,
        };
        arrival.happen(ArrivalEvent::Notify)?;
        arrive_at(work, &mut movement, &arrival.office).await?;
        deadline::clear(work, &mut movement);
        store::save(work, &mut movement)?;
        store::save_arrival(work, &mut arrival).await?;
        let fact = movement_fact(&self.shared, work, &movement, &movement.destination_office).await?;
        work.tell(MOVEMENT_ARRIVED, &movement.id.to_string(), &fact)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

impl Acts<PermitUnloading> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: PermitUnloading,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let unknown =
            || problem::NOT_FOUND.because("no arrival with this MRN is known at the office").at("/mrn");
        if !actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        let movement = store::by_mrn(work, &ask.mrn).await?.ok_or_else(unknown)?;
        let arrival = store::arrival_of(work, movement.id).await?;
        let mut arrival = arrival.filter(|arrival| arrival.office == ask.office).ok_or_else(unknown)?;
        if arrival.by_officer {
            let why = "nobody has notified this arrival: there is no trader who could unload";
            return Err(OUT_OF_SEQUENCE.because(why).at("/mrn").into());
        }
        arrival.happen(ArrivalEvent::PermitUnloading)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        permit_unloading(&self.shared, &mut arrival, &movement, &declaration, None, at)?;
        let due = at + Settings::seconds(self.shared.settings.unloading_remarks_s);
        work.set_timer(deadline::UNLOADING_REMARKS, &arrival.id.to_string(), due);
        store::save_arrival(work, &mut arrival).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
