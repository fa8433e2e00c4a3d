//! The holder's answer (IE141), and what the officer of departure makes of it.

use customs_declarations_contract::{AcceptProof, Movement as MovementView, RejectAnswer};
use customs_kernel::{Caller, Finding};
use customs_platform::{Acts, Failure, Work};
use uuid::Uuid;

use super::open_enquiry;
use crate::{
    App,
    config::Settings,
    deadline, store,
    transit::{
        Decision, Movement, MovementEvent, Received, finish, load_for_officer, out_of_sequence, refuse,
    },
};

/// Takes the holder's answer in; `findings` are those of its own form and rules.
pub(crate) async fn answer_enquiry(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    received: &Received,
    mut findings: Vec<Finding>,
    ruleset: &str,
) -> Result<Uuid, Failure> {
    let (at, answer) = (work.now(), &received.document);
    findings.extend(out_of_sequence(movement, MovementEvent::AnswerEnquiry, answer));
    let message = movement.file(received.letter(work, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, answer, &findings, at)?;
        store::save(work, movement)?;
        return Ok(message);
    }
    let mut why =
        Decision::participant(&received.subject, format!("signed content {}", received.signed_hash()));
    if let Some(office) = answer.text("CustomsOfficeOfDestinationActual/referenceNumber") {
        why.reasons.push(format!("the goods are said to have been at {office}"));
    }
    movement.happen(MovementEvent::AnswerEnquiry, why.under(ruleset), at)?;
    // Whatever the officer makes of it: without a result the debt is recovered seven months after the enquiry.
    if let Some(asked_until) = movement.deadline.as_ref().map(|deadline| deadline.at) {
        let settings = &app.shared.settings;
        let rest = Settings::seconds(settings.recovery_s) - Settings::seconds(settings.enquiry_answer_s);
        let due = (asked_until + rest).max(at);
        deadline::set(work, movement, deadline::RECOVERY, due);
    }
    store::save(work, movement)?;
    Ok(message)
}

impl Acts<AcceptProof> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: AcceptProof) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.remarks);
        finish(self, work, &mut movement, MovementEvent::AcceptProof, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

impl Acts<RejectAnswer> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RejectAnswer,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason);
        open_enquiry(self, work, &mut movement, MovementEvent::RejectAnswer, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
