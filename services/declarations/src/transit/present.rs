//! Presenting the goods of a pre-lodged declaration (IE170).

use std::sync::Arc;

use customs_kernel::Finding;
use customs_messages::presented;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{
    Decision, DeclarationFacts, Movement, MovementEvent, Received,
    cancel::out_of_sequence,
    submit::{begin_procedure, refuse},
};
use crate::{App, store};

/// Takes a presentation in; `findings` are those of its own form and rules.
pub(crate) async fn present(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    received: &Received,
    mut findings: Vec<Finding>,
    ruleset: &str,
) -> Result<Uuid, Failure> {
    let at = work.now();
    let presentation = &received.document;
    findings.extend(out_of_sequence(movement, MovementEvent::Present, presentation));
    let message = movement.file(received.letter(work, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, presentation, &findings, at)?;
        store::save(work, movement)?;
        return Ok(message);
    }
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let next = presented(&declaration, presentation)
        .map_err(|error| Failure::Broken(anyhow::anyhow!("the presentation does not fit: {error}")))?;
    movement.declaration_version += 1;
    let next = Arc::new(next);
    store::add_version(work, movement, &next).await?;
    let why = format!("signed content {}", received.signed_hash());
    let why = Decision::participant(&received.subject, why).under(ruleset);
    let presented = (MovementEvent::Present, why);
    begin_procedure(app, work, movement, &DeclarationFacts::of(&next), &next, presented).await?;
    Ok(message)
}
