//! Amending a declaration (IE013): before presentation anything, then only guarantees (R0520).

use customs_kernel::Finding;
use customs_messages::amended;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{
    Decision, DeclarationFacts, Movement, MovementEvent, MovementState, Received,
    notice::{instant, issue},
    submit::refuse,
};
use crate::{App, store, timers};

/// Takes an amendment in; `findings` are those of its own form and rules.
pub(crate) async fn amend(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    received: &Received,
    mut findings: Vec<Finding>,
    ruleset: &str,
) -> Result<Uuid, Failure> {
    let at = work.now();
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let event = match movement.state {
        MovementState::GuaranteeUnderAmendment => MovementEvent::AmendGuarantee,
        _ => MovementEvent::Amend,
    };
    let amendment = &received.document;
    if let Err(refused) = movement.possible(event) {
        findings.push(
            Finding::new("92", format!("/{}", amendment.message_type()), refused.detail).by_rule("SEQ"),
        );
    }
    let message = movement.file(received.letter(at, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, amendment, &findings, at)?;
        store::save(work, movement).await?;
        return Ok(message);
    }
    let next = amended(&declaration, amendment).map_err(|error| {
        Failure::Broken(anyhow::anyhow!("the amendment does not make a declaration: {error}"))
    })?;
    let facts = DeclarationFacts::of(&next);
    movement.declaration = message;
    movement.declaration_version += 1;
    store::add_version(work, movement, &next).await?;
    take_over(movement, &facts);
    let why = format!("signed content {}", received.signed_hash());
    movement.happen(event, Decision::participant(&received.subject, why).under(ruleset), at)?;
    let (lrn, mrn) = (movement.lrn.clone(), movement.mrn.clone());
    issue(&app.shared, movement, "CC004C", amendment, at, |facts| {
        let facts = match mrn {
            Some(mrn) => facts.with("TransitOperation/MRN", mrn),
            None => facts.with("TransitOperation/LRN", lrn),
        };
        facts
            .with("TransitOperation/amendmentSubmissionDateAndTime", instant(at))
            .with("TransitOperation/amendmentAcceptanceDateAndTime", instant(at))
    })?;
    if event == MovementEvent::AmendGuarantee {
        movement.attempt += 1;
    }
    let (attempt, saga, id) = (movement.attempt, movement.saga, movement.id);
    store::save(work, movement).await?;
    if let (MovementEvent::AmendGuarantee, Some(saga)) = (event, saga) {
        work.cancel_timer(timers::GUARANTEE_AMENDMENT, &id.to_string()).await?;
        let guarantees = facts.guarantees;
        app.transit_release.resume(work, saga, move |facts| facts.ask_again(attempt, guarantees)).await?;
    }
    Ok(message)
}

/// The movement's own copy of what the declaration now says.
pub(crate) fn take_over(movement: &mut Movement, facts: &DeclarationFacts) {
    movement.destination_office.clone_from(&facts.destination_office);
    movement.transit_countries = facts.transit_countries();
    movement.items = facts.items;
    movement.gross_mass_micro = facts.gross_mass_micro;
    movement.simplified = facts.simplified;
}
