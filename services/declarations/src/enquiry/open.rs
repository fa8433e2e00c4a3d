//! Use case of the officer of departure: ask the holder where the goods are (IE140).

use customs_declarations_contract::{Movement as MovementView, OpenEnquiry};
use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};

use crate::{
    App,
    config::Settings,
    deadline, store,
    transit::{Decision, Movement, MovementEvent, day, issue, load_for_officer},
};

impl Acts<OpenEnquiry> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: OpenEnquiry) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason);
        open_enquiry(self, work, &mut movement, MovementEvent::OpenEnquiry, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// Lets `event` happen, asks the holder (IE140) and waits for the answer.
pub(crate) async fn open_enquiry(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    event: MovementEvent,
    why: Decision,
) -> Result<(), Failure> {
    let at = work.now();
    movement.happen(event, why, at)?;
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let due = at + Settings::seconds(app.shared.settings.enquiry_answer_s);
    let (mrn, office) = (movement.mrn.clone(), movement.departure_office.clone());
    issue(&app.shared, movement, "CC140C", &declaration, at, |facts| {
        facts
            .with_some("TransitOperation/MRN", mrn)
            .with("TransitOperation/requestOnNonArrivedMovementDate", day(at))
            .with("TransitOperation/limitForResponseDate", day(due))
            .with("CustomsOfficeOfEnquiryAtDeparture/referenceNumber", office)
    })?;
    deadline::set(work, movement, deadline::ENQUIRY_ANSWER, due);
    store::save(work, movement)
}
