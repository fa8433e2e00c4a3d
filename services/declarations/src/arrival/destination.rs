//! Use case of the officer of destination: the control result (IE018), goods released (IE025), discharge begun.

use customs_declarations_contract::{
    Movement as MovementView, RecordDestinationControl, problems::OUT_OF_SEQUENCE,
};
use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};

use super::{Arrival, ArrivalEvent};
use crate::{
    App,
    saga::Discharge,
    store,
    transit::{Decision, Movement, MovementEvent, Notice, day},
};

/// The control results that discharge: satisfactory, considered satisfactory, minor discrepancies.
const DISCHARGING: &[&str] = &["A1", "A2", "A5"];

impl Acts<RecordDestinationControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordDestinationControl,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let unknown =
            || problem::NOT_FOUND.because("no arrival with this MRN is known at the office").at("/mrn");
        if !actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        if !DISCHARGING.contains(&ask.code.as_str()) {
            let detail = format!("the control result is one of {}", DISCHARGING.join(", "));
            return Err(problem::INPUT_INVALID.because(detail).at("/code").into());
        }
        let mut movement = store::by_mrn(work, &ask.mrn).await?.ok_or_else(unknown)?;
        let mut arrival = store::arrival_of(work, movement.id).await?.ok_or_else(unknown)?;
        if arrival.office != ask.office {
            return Err(unknown().into());
        }
        if movement.possible(MovementEvent::Discharge).is_err() {
            let state = movement.state.as_str();
            return Err(OUT_OF_SEQUENCE.because(format!("the movement is {state}")).at("/mrn").into());
        }
        arrival.happen(ArrivalEvent::ReleaseGoods)?;
        release_goods(self, work, &mut arrival, &movement).await?;
        let remarks = ask.remarks.unwrap_or_else(|| "no remarks".to_owned());
        let why = Decision::officer(&actor.subject, &ask.office, format!("{} {remarks}", ask.code));
        movement.happen(MovementEvent::Discharge, why, work.now())?;
        store::save_arrival(work, &mut arrival).await?;
        store::save(work, &mut movement).await?;
        let facts = Discharge { movement: movement.id, mrn: ask.mrn };
        let saga = self.discharge.start(work, &movement.id.to_string(), facts).await?;
        store::remember_saga(work, movement.id, saga).await?;
        store::movement_view(work.txn(), movement.id).await
    }
}

/// Issues IE025 to the trader at destination.
async fn release_goods(
    app: &App,
    work: &Work,
    arrival: &mut Arrival,
    movement: &Movement,
) -> Result<(), Failure> {
    let at = work.now();
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let recipient = arrival.trader.clone();
    let answers = Some(arrival.notification);
    let notice = Notice { message_type: "CC025C", source: &declaration, recipient: &recipient, answers, at };
    let letter = notice.letter(&app.shared, |facts| {
        facts
            .with("TransitOperation/MRN", arrival.mrn.as_str())
            .with("TransitOperation/releaseDate", day(at))
            .with("TransitOperation/releaseIndicator", "1")
            .with("CustomsOfficeOfDestinationActual/referenceNumber", arrival.office.as_str())
            .with("TraderAtDestination/identificationNumber", recipient.as_str())
    })?;
    arrival.file(letter);
    Ok(())
}
