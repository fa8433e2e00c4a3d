//! Amending a declaration (IE013) before release; while a guarantee is under amendment only guarantees (R0520).

use std::sync::Arc;

use customs_kernel::Finding;
use customs_messages::amended;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{
    Decision, DeclarationFacts, Movement, MovementState, Received,
    cancel::out_of_sequence,
    notice::{instant, issue},
    state::{Withdrawals, asks_for},
    submit::refuse,
};
use crate::{App, deadline, saga::HOLD, store};

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
    let amendment = &received.document;
    let event = asks_for(movement.state, amendment.message_type(), true, Withdrawals::Granted);
    findings.extend(out_of_sequence(movement, event, amendment));
    let message = movement.file(received.letter(work, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, amendment, &findings, at)?;
        store::save(work, movement)?;
        return Ok(message);
    }
    let next = amended(&declaration, amendment).map_err(|error| {
        Failure::Broken(anyhow::anyhow!("the amendment does not make a declaration: {error}"))
    })?;
    let facts = DeclarationFacts::of(&next);
    movement.declaration = message;
    movement.declaration_version += 1;
    let next = Arc::new(next);
    store::add_version(work, movement, &next).await?;
    let before = movement.carrier.clone();
    take_over(movement, &facts);
    store::change_carrier(work, movement, before.as_ref()).await?;
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
    if movement.state != MovementState::GuaranteeUnderRegistration {
        store::save(work, movement)?;
        return Ok(message);
    }
    // What the guarantees cover may have changed: they are held anew.
    deadline::clear(work, movement);
    movement.attempt += 1;
    let (attempt, saga) = (movement.attempt, movement.saga);
    store::save(work, movement)?;
    if let Some(saga) = saga {
        app.transit_release.back_to(work, saga, HOLD, move |known| known.ask_again(attempt, &facts)).await?;
    }
    Ok(message)
}

/// The movement's own copy of what the declaration now says.
pub(crate) fn take_over(movement: &mut Movement, facts: &DeclarationFacts) {
    movement.destination_office.clone_from(&facts.destination_office);
    movement.transit_countries = facts.transit_countries();
    movement.carrier.clone_from(&facts.carrier);
    movement.goods.clone_from(&facts.goods);
    movement.vehicle.clone_from(&facts.vehicle);
    movement.items = facts.items;
    movement.gross_mass_micro = facts.gross_mass_micro;
    movement.simplified = facts.simplified;
}
