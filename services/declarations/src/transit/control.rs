//! Use cases of the officer of departure: announce and order a control (IE060), record its result.

use chrono::{DateTime, Utc};
use customs_declarations_contract::{
    AnnounceControl, ControlDocument, ControlResult, Movement as MovementView, OrderControl, RecordControl,
};
use customs_kernel::Caller;
use customs_messages::{Document, outgoing::Facts};
use customs_platform::{Acts, Failure, Work};

use super::{Decision, Movement, MovementEvent, instant, issue, release::load_for_officer};
use crate::{
    App,
    config::Settings,
    deadline,
    shared::Shared,
    store::{self, Act},
};

impl Acts<AnnounceControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: AnnounceControl,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason);
        movement.possible(MovementEvent::AnnounceControl)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        announce(&self.shared, &mut movement, &declaration, why, at)?;
        store::save(work, &mut movement)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// Tells the declarant of a pre-lodged declaration that a control is intended (IE060 of type 2).
pub(super) fn announce(
    shared: &Shared,
    movement: &mut Movement,
    declaration: &Document,
    why: Decision,
    at: DateTime<Utc>,
) -> Result<(), Failure> {
    movement.happen(MovementEvent::AnnounceControl, why, at)?;
    issue(shared, movement, "CC060C", declaration, at, |facts| {
        facts
            .with("TransitOperation/controlNotificationDateAndTime", instant(at))
            .with("TransitOperation/notificationType", "2")
    })
}

impl Acts<OrderControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: OrderControl,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let office = movement.departure_office.clone();
        let why = Decision::officer(&actor.subject, &office, ask.reason.as_str());
        movement.happen(MovementEvent::OrderControl, why, at)?;
        let documents = ask.documents.unwrap_or_default();
        self.tell_control(work, &mut movement, &ask.control_type, &documents).await?;
        let act = Act { code: Some(ask.control_type), text: Some(ask.reason), documents, ..Act::default() };
        store::keep_act(work, movement.id, "control-ordered", (actor, &office), &act).await?;
        deadline::clear(work, &mut movement);
        store::save(work, &mut movement)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

impl App {
    /// Issues IE060: the goods are controlled, these documents are to be shown.
    async fn tell_control(
        &self,
        work: &Work,
        movement: &mut Movement,
        control_type: &str,
        documents: &[ControlDocument],
    ) -> Result<(), Failure> {
        let at = work.now();
        let declaration = store::current_declaration(work.txn(), movement).await?;
        let mrn = movement.mrn.clone();
        issue(&self.shared, movement, "CC060C", &declaration, at, |facts| {
            let facts = facts
                .with_some("TransitOperation/MRN", mrn)
                .with("TransitOperation/controlNotificationDateAndTime", instant(at))
                .with("TransitOperation/notificationType", "0")
                .with("TypeOfControls/sequenceNumber", "1")
                .with("TypeOfControls/type", control_type);
            requested(facts, documents)
        })
    }
}

fn requested(mut facts: Facts, documents: &[ControlDocument]) -> Facts {
    for (place, document) in documents.iter().enumerate() {
        let at = |name: &str| format!("RequestedDocument[{}]/{name}", place + 1);
        facts = facts
            .with(at("sequenceNumber"), (place + 1).to_string())
            .with(at("documentType"), document.document_type.as_str())
            .with_some(at("description"), document.description.clone());
    }
    facts
}

impl Acts<RecordControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordControl,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let remarks = ask.remarks.unwrap_or_else(|| "no remarks".to_owned());
        let office = movement.departure_office.clone();
        let why = Decision::officer(&actor.subject, &office, remarks.as_str());
        let (event, code) = match ask.result {
            ControlResult::Satisfactory => (MovementEvent::PassControl, "A1"),
            ControlResult::Minor => (MovementEvent::FindMinor, "A5"),
            ControlResult::Unsatisfactory => (MovementEvent::FailControl, "B1"),
        };
        movement.happen(event, why, at)?;
        let act = Act {
            code: Some(code.to_owned()),
            text: Some(remarks),
            seals: ask.seals.unwrap_or_default(),
            documents: ask.documents.unwrap_or_default(),
            ..Act::default()
        };
        store::keep_act(work, movement.id, "control", (actor, &office), &act).await?;
        match ask.result {
            ControlResult::Satisfactory => {
                deadline::await_decision(&self.shared, work, &mut movement);
            }
            ControlResult::Minor => {
                let due = at + Settings::seconds(self.shared.settings.release_request_s);
                deadline::set(work, &mut movement, deadline::RELEASE_REQUEST, due);
            }
            ControlResult::Unsatisfactory => {
                deadline::not_released(self, work, &mut movement, "the control was not satisfactory").await?;
                return store::movement_view(work.settled().await?, movement.id).await;
            }
        }
        store::save(work, &mut movement)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
