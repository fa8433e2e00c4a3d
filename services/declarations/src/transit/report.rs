//! Use case of who carries the goods: report an incident on the way to an office of the movement, which then registers it.

use customs_declarations_contract::{
    IncidentCircumstances, Movement as MovementView, ReportIncident,
    bus::{INCIDENT_REPORTED, IncidentReported},
};
use customs_kernel::{Actor, Caller, OfficeCode, Problem, problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    Decision, Movement, MovementEvent,
    incident::{described, judge},
};
use crate::{App, correspondence::offices, store};

impl Acts<ReportIncident> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: ReportIncident,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let missing = || problem::NOT_FOUND.because("there is no such movement");
        store::visible(work.txn(), actor, ask.movement).await?.ok_or_else(missing)?;
        let mut movement = store::load(work, ask.movement).await?;
        carries(actor, &movement)?;
        movement.possible(MovementEvent::ReportIncident)?;
        let circumstances = IncidentCircumstances {
            place: ask.place,
            equipment: ask.equipment.unwrap_or_default(),
            transhipment: ask.transhipment,
        };
        judge(&ask.code, &circumstances)?;
        let elsewhere =
            || problem::INPUT_INVALID.because("the movement does not pass this office").at("/office");
        let concerned = offices(work, &movement).await?.contains(&ask.office);
        let office: OfficeCode = ask.office.parse().map_err(|_| elsewhere())?;
        if !concerned {
            return Err(elsewhere().into());
        }
        let why = Decision {
            office: Some(ask.office.clone()),
            ..Decision::participant(&actor.subject, format!("code {}: {}", ask.code, ask.text))
        };
        movement.happen(MovementEvent::ReportIncident, why, at)?;
        let act = described(&ask.code, &ask.text, circumstances);
        store::keep_act(work, movement.id, "incident-report", (actor, &ask.office), &act).await?;
        let (lrn, mrn) = (movement.lrn.clone(), movement.mrn.clone().unwrap_or_default());
        store::save(work, &mut movement)?;
        let fact = IncidentReported { movement: movement.id, lrn, mrn, code: ask.code, office, at };
        work.tell(INCIDENT_REPORTED, &movement.id.to_string(), &fact)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// Refuses whoever sees the movement but does not answer for the goods on the way.
fn carries(actor: &Actor, movement: &Movement) -> Result<(), Problem> {
    let own = actor.party.as_ref().is_some_and(|party| movement.is_carried_by(party));
    if own {
        return Ok(());
    }
    Err(problem::FORBIDDEN
        .because("an incident is reported by the carrier of the goods or the holder of the procedure"))
}
