//! Use case: notify an arrival (IE007); in the simplified procedure unloading is permitted at once (IE043).

use customs_declarations_contract::{NotifyArrival, Submitted, bus::MOVEMENT_ARRIVED};
use customs_kernel::{Caller, Finding, UseCase, id::uuid_at};
use customs_messages::{Context, Document};
use customs_platform::{Failure, Plans, Work};

use super::{Arrival, ArrivalEvent, ArrivalState, incident::report};
use crate::{
    App,
    config::Settings,
    deadline,
    reference::{functional_errors, judge, ruleset},
    saga::movement_fact,
    shared::Shared,
    store,
    transit::{
        Decision, Intake, Movement, MovementEvent, Nack, Notice, Received, RecordEvent, instant, receive,
    },
};

/// A notification that was read and judged.
pub(crate) struct Notified {
    received: Received,
    findings: Vec<Finding>,
    ruleset: String,
}

impl Plans<NotifyArrival> for App {
    type Plan = Result<Notified, Box<Nack>>;

    async fn plan(&self, caller: &Caller, ask: NotifyArrival) -> Result<Self::Plan, Failure> {
        let shared = &self.shared;
        let (content, format, evidence) = (ask.content, ask.format, ask.evidence);
        let intake = Intake { content, format, evidence, purpose: NotifyArrival::NAME };
        let received = match receive(shared, caller, intake, &["CC007C"]).await? {
            Ok(received) => received,
            Err(nack) => return Ok(Err(nack)),
        };
        let lookup = shared.reference.on(&shared.desk, shared.now().date_naive()).await?;
        let mut findings = judge(&received.document, &lookup, &Context::default());
        findings.extend(other_trader(&received));
        Ok(Ok(Notified { ruleset: ruleset(&lookup), received, findings }))
    }

    async fn carry_out(&self, work: &mut Work, _: &Caller, plan: Self::Plan) -> Result<Submitted, Failure> {
        let Notified { received, mut findings, ruleset } = match plan {
            Ok(notified) => notified,
            Err(nack) => return nack.refuse(work, &self.shared, "arrival"),
        };
        received.claim(work).await?;
        let (shared, at) = (&self.shared, work.now());
        let document = &received.document;
        let mrn = document.text("TransitOperation/MRN").unwrap_or_default().to_owned();
        let movement = store::by_mrn(work, &mrn).await?;
        let known = match &movement {
            Some(movement) => store::arrival_of(work, movement.id).await?.is_some(),
            None => false,
        };
        findings.extend(judge_movement(movement.as_ref(), known, &mrn));
        let mut arrival = arrival(&received, &mrn, work.now());
        let message = arrival.file(received.letter(work, !findings.is_empty()));
        arrival.notification = message;
        match movement {
            Some(mut movement) if findings.is_empty() => {
                arrival.movement = Some(movement.id);
                report(work, &mut movement, &received, &arrival.office).await?;
                let why = Decision::participant(&received.subject, format!("arrival at {}", arrival.office));
                movement.happen(MovementEvent::Arrive, why.under(&ruleset), at)?;
                deadline::clear(work, &mut movement);
                arrive(shared, work, &mut movement, &mut arrival, document).await?;
                store::save(work, &mut movement)?;
                store::save_arrival(work, &mut arrival).await?;
                let fact = movement_fact(shared, work, &movement, &movement.destination_office).await?;
                work.tell(MOVEMENT_ARRIVED, &movement.id.to_string(), &fact)?;
            }
            _ => {
                arrival.happen(ArrivalEvent::Reject)?;
                refuse(shared, &mut arrival, document, &findings, at)?;
                store::save_arrival(work, &mut arrival).await?;
            }
        }
        Ok(Submitted {
            movement: arrival.id,
            message,
            message_type: document.message_type().to_owned(),
            lrn: None,
            mrn: Some(mrn),
        })
    }
}

fn arrival(received: &Received, mrn: &str, at: chrono::DateTime<chrono::Utc>) -> Arrival {
    let document = &received.document;
    let id = uuid_at(at);
    Arrival {
        id,
        movement: None,
        mrn: mrn.to_owned(),
        trader: received.party.clone(),
        office: document
            .text("CustomsOfficeOfDestinationActual/referenceNumber")
            .unwrap_or_default()
            .to_owned(),
        state: ArrivalState::Submitted,
        simplified: document.text("TransitOperation/simplifiedProcedure") == Some("1"),
        unloading: 0,
        notification: id,
        by_officer: false,
        messages: 0,
        notified_at: at,
        changed_at: at,
        letters: Vec::new(),
        fresh: true,
    }
}

/// The trader at destination named in the message is the one who sends it.
fn other_trader(received: &Received) -> Option<Finding> {
    let named = received.document.text("TraderAtDestination/identificationNumber")?;
    (named != received.party.as_str()).then(|| {
        let pointer =
            format!("/{}/TraderAtDestination/identificationNumber", received.document.message_type());
        Finding::new("14", pointer, "the trader at destination is not the one who sends the message")
            .by_rule("BR20004")
            .with_value(named)
            .with_fix(received.party.as_str())
    })
}

/// The movement is known, on its way and has not arrived before (errors 90 and 92).
fn judge_movement(movement: Option<&Movement>, arrived: bool, mrn: &str) -> Option<Finding> {
    let pointer = "/CC007C/TransitOperation/MRN";
    match movement {
        None => Some(
            Finding::new("90", pointer, "no movement with this MRN is known").by_rule("MRN").with_value(mrn),
        ),
        Some(movement) => {
            let known = || format!("the movement has arrived already, it is {}", movement.state.as_str());
            let refused = match movement.possible(MovementEvent::Arrive) {
                Err(refused) => refused.detail,
                Ok(_) if arrived => known(),
                Ok(_) => return None,
            };
            Some(Finding::new("92", pointer, refused).by_rule("SEQ").with_value(mrn))
        }
    }
}

/// The goods are there: the office's record says so, and an authorised consignee may unload.
async fn arrive(
    shared: &Shared,
    work: &mut Work,
    movement: &mut Movement,
    arrival: &mut Arrival,
    document: &Document,
) -> Result<(), Failure> {
    arrive_at(work, movement, &arrival.office).await?;
    if arrival.simplified {
        arrival.happen(ArrivalEvent::PermitUnloading)?;
        let declaration = store::current_declaration(work.txn(), movement).await?;
        permit_unloading(shared, arrival, movement, &declaration, Some(document), work.now())?;
        let due = work.now() + Settings::seconds(shared.settings.unloading_remarks_s);
        work.set_timer(deadline::UNLOADING_REMARKS, &arrival.id.to_string(), due);
    } else {
        arrival.happen(ArrivalEvent::Notify)?;
    }
    Ok(())
}

/// The record of the destination says that the goods are there, at `office`.
pub(super) async fn arrive_at(work: &mut Work, movement: &mut Movement, office: &str) -> Result<(), Failure> {
    let mut stops = store::load_stops(work.txn(), movement.id).await?;
    if let Some(stop) = stops.iter_mut().find(|stop| stop.role == "destination")
        && let Some(state) = stop.state.on(RecordEvent::Arrive)
    {
        stop.state = state;
        office.clone_into(&mut stop.office);
        store::save_stop(work, movement.id, stop).await?;
    }
    office.clone_into(&mut movement.destination_office);
    Ok(())
}

/// Issues IE043, made from the declaration for the trader at destination.
pub(crate) fn permit_unloading(
    shared: &Shared,
    arrival: &mut Arrival,
    movement: &Movement,
    declaration: &Document,
    notification: Option<&Document>,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Failure> {
    let recipient = arrival.trader.clone();
    let answers = Some(arrival.notification);
    let notice = Notice { message_type: "CC043C", source: declaration, recipient: &recipient, answers, at };
    let letter = notice.letter(shared, |facts| {
        let facts = facts
            .with("TransitOperation/MRN", arrival.mrn.as_str())
            .with("TransitOperation/declarationAcceptanceDate", crate::transit::day(movement.submitted_at))
            .with("CustomsOfficeOfDestinationActual/referenceNumber", arrival.office.as_str())
            .with("TraderAtDestination/identificationNumber", recipient.as_str())
            .with_some(
                "correlationIdentifier",
                notification.and_then(|one| one.text("messageIdentification")),
            );
        match arrival.unloading {
            0 => facts,
            times => facts.with("CTLControl/continueUnloading", times.min(9).to_string()),
        }
    })?;
    arrival.file(letter);
    Ok(())
}

/// Issues IE057 about `document`, naming everything that is wrong.
pub(crate) fn refuse(
    shared: &Shared,
    arrival: &mut Arrival,
    document: &Document,
    findings: &[Finding],
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Failure> {
    let recipient = arrival.trader.clone();
    let rejected = document.message_type().get(2..5).unwrap_or("007").to_owned();
    let answers = Some(arrival.notification);
    let notice = Notice { message_type: "CC057C", source: document, recipient: &recipient, answers, at };
    let letter = notice.letter(shared, |facts| {
        let facts = facts
            .with("TransitOperation/MRN", arrival.mrn.as_str())
            .with("TransitOperation/businessRejectionType", rejected)
            .with("TransitOperation/rejectionDateAndTime", instant(at))
            .with("TransitOperation/rejectionCode", "12")
            .with("CustomsOfficeOfDestinationActual/referenceNumber", arrival.office.as_str())
            .with("TraderAtDestination/identificationNumber", recipient.as_str());
        functional_errors(facts, findings)
    })?;
    arrival.file(letter);
    Ok(())
}
