//! What office and declarant ask of each other before release: to amend (IE022), to release all the same (IE054).

use customs_declarations_contract::{Movement as MovementView, RequestAmendment};
use customs_kernel::{Caller, Finding};
use customs_platform::{Acts, Failure, Work};
use uuid::Uuid;

use super::{
    Decision, Movement, MovementEvent, MovementState, Received,
    cancel::out_of_sequence,
    notice::{instant, issue},
    release::load_for_officer,
    state::{Withdrawals, asks_for},
    submit::refuse,
};
use crate::{App, config::Settings, deadline, reference::functional_errors, store};

impl Acts<RequestAmendment> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RequestAmendment,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason.as_str());
        movement.happen(MovementEvent::AskAmendment, why, at)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let pointers =
            ask.pointers.filter(|list| !list.is_empty()).unwrap_or_else(|| vec!["/CC015C".to_owned()]);
        let findings: Vec<Finding> = pointers
            .into_iter()
            .map(|pointer| Finding::new("14", pointer, ask.reason.as_str()).by_rule("OFFICE"))
            .collect();
        let mrn = movement.mrn.clone();
        issue(&self.shared, &mut movement, "CC022C", &declaration, at, |facts| {
            let mut facts = facts
                .with_some("TransitOperation/MRN", mrn)
                .with("TransitOperation/amendmentNotificationDateAndTime", instant(at));
            for number in 1..=findings.len() {
                facts = facts.with(format!("FunctionalError[{number}]/sequenceNumber"), number.to_string());
            }
            functional_errors(facts, &findings)
        })?;
        let due = at + Settings::seconds(self.shared.settings.amendment_request_s);
        deadline::set(work, &mut movement, deadline::AMENDMENT_REQUEST, due);
        store::save(work, &mut movement)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// Takes the holder's word on the release in (IE054); `findings` are those of its own form and rules.
pub(crate) async fn release_request(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    received: &Received,
    mut findings: Vec<Finding>,
    ruleset: &str,
) -> Result<Uuid, Failure> {
    let (at, request) = (work.now(), &received.document);
    let agreed = request.text("TransitOperation/releaseRequested") == Some("1");
    let event = asks_for(movement.state, request.message_type(), agreed, Withdrawals::Granted);
    findings.extend(out_of_sequence(movement, event, request));
    let message = movement.file(received.letter(work, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, request, &findings, at)?;
        store::save(work, movement)?;
        return Ok(message);
    }
    let why = format!("signed content {}", received.signed_hash());
    let was = movement.state;
    movement.happen(event, Decision::participant(&received.subject, why).under(ruleset), at)?;
    if event == MovementEvent::DeclineRelease {
        deadline::not_released(app, work, movement, "the holder does not want the release").await?;
        return Ok(message);
    }
    if was == MovementState::MinorDiscrepancies {
        deadline::await_decision(&app.shared, work, movement);
    }
    store::save(work, movement)?;
    Ok(message)
}
