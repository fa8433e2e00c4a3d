//! Use case: notify an arrival (IE007); in the simplified procedure unloading is permitted at once (IE043).

use customs_declarations_contract::{NotifyArrival, Submitted, bus::MOVEMENT_ARRIVED};
use customs_kernel::{Caller, Finding, id::uuid_at};
use customs_messages::{Context, Document};
use customs_platform::{Failure, Plans, Work};

use super::{Arrival, ArrivalEvent, ArrivalState};
use crate::{
    App,
    reference::{functional_errors, judge, ruleset},
    saga::movement_fact,
    shared::Shared,
    store,
    transit::{Decision, Intake, Movement, MovementEvent, Notice, Received, RecordEvent, instant, receive},
};

/// A notification that was read and judged.
pub(crate) struct Notified {
    received: Received,
    findings: Vec<Finding>,
    ruleset: String,
}

impl Plans<NotifyArrival> for App {
    type Plan = Notified;

    async fn plan(&self, caller: &Caller, ask: NotifyArrival) -> Result<Notified, Failure> {
        let shared = &self.shared;
        let intake = Intake { content: ask.content, format: ask.format, evidence: ask.evidence };
        let received = receive(shared, caller, intake, &["CC007C"]).await?;
        let lookup = shared.reference.on(&shared.desk, shared.now().date_naive()).await?;
        let mut findings = judge(&received.document, &lookup, &Context::default());
        findings.extend(other_trader(&received));
        Ok(Notified { ruleset: ruleset(&lookup), received, findings })
    }

    async fn carry_out(&self, work: &mut Work, _: &Caller, plan: Notified) -> Result<Submitted, Failure> {
        let Notified { received, mut findings, ruleset } = plan;
        let (shared, at) = (&self.shared, work.now());
        let document = &received.document;
        let mrn = document.text("TransitOperation/MRN").unwrap_or_default().to_owned();
        let movement = store::by_mrn(work, &mrn).await?;
        findings.extend(judge_movement(movement.as_ref(), &mrn));
        let mut arrival = arrival(&received, &mrn, work.now());
        let message = arrival.file(received.letter(at, !findings.is_empty()));
        arrival.notification = message;
        match movement {
            Some(mut movement) if findings.is_empty() => {
                arrival.movement = Some(movement.id);
                let why = Decision::participant(&received.subject, format!("arrival at {}", arrival.office));
                movement.happen(MovementEvent::Arrive, why.under(&ruleset), at)?;
                movement.destination_office.clone_from(&arrival.office);
                arrive(shared, work, &mut movement, &mut arrival, document).await?;
                store::save(work, &mut movement).await?;
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

/// The movement is known and on its way (errors 90 and 92).
fn judge_movement(movement: Option<&Movement>, mrn: &str) -> Option<Finding> {
    let pointer = "/CC007C/TransitOperation/MRN";
    match movement {
        None => Some(
            Finding::new("90", pointer, "no movement with this MRN is known").by_rule("MRN").with_value(mrn),
        ),
        Some(movement) => {
            let refused = movement.possible(MovementEvent::Arrive).err()?;
            Some(Finding::new("92", pointer, refused.detail).by_rule("SEQ").with_value(mrn))
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
    let mut stops = store::load_stops(work.txn(), movement.id).await?;
    if let Some(stop) = stops.iter_mut().find(|stop| stop.role == "destination")
        && let Some(state) = stop.state.on(RecordEvent::Arrive)
    {
        stop.state = state;
        stop.office.clone_from(&arrival.office);
        store::save_stop(work, movement.id, stop).await?;
    }
    if arrival.simplified {
        arrival.happen(ArrivalEvent::PermitUnloading)?;
        let declaration = store::current_declaration(work.txn(), movement).await?;
        permit_unloading(shared, arrival, movement, &declaration, document, work.now())
    } else {
        arrival.happen(ArrivalEvent::Notify)?;
        Ok(())
    }
}

/// Issues IE043, made from the declaration for the trader at destination.
pub(crate) fn permit_unloading(
    shared: &Shared,
    arrival: &mut Arrival,
    movement: &Movement,
    declaration: &Document,
    notification: &Document,
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
            .with_some("correlationIdentifier", notification.text("messageIdentification"));
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
