//! Use case of the officers of transit and destination: let another office take the place of a declared one.

use customs_declarations_contract::{
    DivertMovement, DivertedRole, Movement as MovementView, problems::OUT_OF_SEQUENCE,
};
use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    Decision, DeclarationFacts, MovementEvent,
    crossing::{RecordEvent, RecordState, Stop},
};
use crate::{
    App,
    store::{self, Act},
};

impl Acts<DivertMovement> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: DivertMovement,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        if !actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        let unknown = || problem::NOT_FOUND.because("no movement with this MRN is known").at("/mrn");
        let mut movement = store::by_mrn(work, &ask.mrn).await?.ok_or_else(unknown)?;
        movement.possible(MovementEvent::Divert)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let facts = DeclarationFacts::of(&declaration);
        let stops = store::load_stops(work.txn(), movement.id).await?;
        let stop =
            replaced(&stops, &facts, &ask).map_err(|why| OUT_OF_SEQUENCE.because(why).at("/office"))?;
        let left = Stop { state: RecordState::Diverted, position: stop.position + PAST, ..stop.clone() };
        let taken = Stop { office: ask.office.clone(), ..stop.clone() };
        store::save_stop(work, movement.id, &taken).await?;
        store::add_stop(work, movement.id, &left).await?;
        if ask.role == DivertedRole::Destination {
            movement.destination_office.clone_from(&ask.office);
        }
        let why = format!("{} takes the place of {}: {}", ask.office, stop.office, ask.reason);
        let act = Act { code: Some(stop.office.clone()), text: Some(ask.reason), ..Act::default() };
        store::keep_act(work, movement.id, "diversion", (actor, &ask.office), &act).await?;
        movement.happen(
            MovementEvent::Divert,
            Decision::officer(&actor.subject, &ask.office, why),
            work.now(),
        )?;
        store::save(work, &mut movement)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// Where the records of offices that were left aside are kept, behind the journey.
const PAST: i32 = 10_000;

/// The declared office whose place is taken, or why there is none.
fn replaced<'s>(
    stops: &'s [Stop],
    facts: &DeclarationFacts,
    ask: &DivertMovement,
) -> Result<&'s Stop, String> {
    let country = ask.office.get(..2).unwrap_or_default();
    if stops.iter().any(|stop| stop.office == ask.office && stop.state != RecordState::Diverted) {
        return Err(format!("{} is an office of this journey already", ask.office));
    }
    match ask.role {
        DivertedRole::Transit => stops
            .iter()
            .filter(|stop| stop.role == "transit" && stop.state.on(RecordEvent::Divert).is_some())
            .min_by_key(|stop| stop.position)
            .filter(|stop| stop.office.get(..2) == Some(country))
            .ok_or_else(|| format!("no office of transit of {country} is the next one expected")),
        DivertedRole::Destination => {
            if !facts.guarantee_countries().iter().any(|known| known == country) {
                return Err(format!("the guarantees were not held for {country}"));
            }
            stops
                .iter()
                .find(|stop| stop.role == "destination" && stop.state.on(RecordEvent::Divert).is_some())
                .ok_or_else(|| "the destination expects the goods no more".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(position: i32, office: &str, role: &'static str, state: RecordState) -> Stop {
        Stop { position, office: office.to_owned(), role, state }
    }

    fn ask(role: DivertedRole, office: &str) -> DivertMovement {
        DivertMovement {
            mrn: "26KZ".to_owned(),
            office: office.to_owned(),
            role,
            reason: "road closed".to_owned(),
        }
    }

    #[test]
    fn an_office_takes_the_place_of_the_next_one_of_its_country_only() {
        let stops = [
            stop(1, "KGAKZ001", "transit", RecordState::Crossed),
            stop(3, "UZDST001", "transit", RecordState::Expected),
            stop(1000, "UZTAS001", "destination", RecordState::Expected),
        ];
        let facts = DeclarationFacts {
            transits: vec!["KGAKZ001".to_owned(), "UZDST001".to_owned()],
            destination_office: "UZTAS001".to_owned(),
            ..DeclarationFacts::default()
        };
        let office =
            |role, office: &str| replaced(&stops, &facts, &ask(role, office)).map(|stop| stop.office.clone());
        assert_eq!(office(DivertedRole::Transit, "UZGST001"), Ok("UZDST001".to_owned()));
        assert!(office(DivertedRole::Transit, "KGTOR001").is_err(), "the entry into KG is behind");
        assert_eq!(office(DivertedRole::Destination, "UZSAM001"), Ok("UZTAS001".to_owned()));
        assert!(office(DivertedRole::Destination, "TJDYU001").is_err(), "nothing is held for TJ");
        assert!(office(DivertedRole::Transit, "UZDST001").is_err(), "it is the declared one");
    }
}
