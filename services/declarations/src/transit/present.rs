//! Presenting the goods of a pre-lodged declaration (IE170).

use customs_kernel::Finding;
use customs_messages::presented;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{
    Decision, DeclarationFacts, Movement, MovementEvent, Received,
    submit::{begin_procedure, refuse},
};
use crate::{App, store, timers};

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
    if let Err(refused) = movement.possible(MovementEvent::Accept) {
        let pointer = format!("/{}", presentation.message_type());
        findings.push(Finding::new("92", pointer, refused.detail).by_rule("SEQ"));
    }
    let message = movement.file(received.letter(at, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, presentation, &findings, at)?;
        store::save(work, movement).await?;
        return Ok(message);
    }
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let next = presented(&declaration, presentation)
        .map_err(|error| Failure::Broken(anyhow::anyhow!("the presentation does not fit: {error}")))?;
    movement.declaration_version += 1;
    store::add_version(work, movement, &next).await?;
    work.cancel_timer(timers::PRESENTATION, &movement.id.to_string()).await?;
    let why = format!("signed content {}", received.signed_hash());
    let why = Decision::participant(&received.subject, why).under(ruleset);
    begin_procedure(app, work, movement, &DeclarationFacts::of(&next), &next, why).await?;
    Ok(message)
}
