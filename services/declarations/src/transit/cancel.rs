//! Withdrawing a declaration before release (IE014, IE009); afterwards it is out of sequence.

use customs_kernel::Finding;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{
    Decision, Movement, MovementEvent, Received,
    notice::{instant, issue},
    submit::refuse,
};
use crate::{App, store, timers};

/// Takes a request for invalidation in; `findings` are those of its own form and rules.
pub(crate) async fn cancel(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    received: &Received,
    mut findings: Vec<Finding>,
    ruleset: &str,
) -> Result<Uuid, Failure> {
    let at = work.now();
    let request = &received.document;
    if let Err(refused) = movement.possible(MovementEvent::Cancel) {
        findings
            .push(Finding::new("92", format!("/{}", request.message_type()), refused.detail).by_rule("SEQ"));
    }
    let message = movement.file(received.letter(at, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, request, &findings, at)?;
        store::save(work, movement).await?;
        return Ok(message);
    }
    let why = format!("signed content {}", received.signed_hash());
    movement.happen(
        MovementEvent::Cancel,
        Decision::participant(&received.subject, why).under(ruleset),
        at,
    )?;
    let (lrn, mrn) = (movement.lrn.clone(), movement.mrn.clone());
    issue(&app.shared, movement, "CC009C", request, at, |facts| {
        let facts = match mrn {
            Some(mrn) => facts.with("TransitOperation/MRN", mrn),
            None => facts.with("TransitOperation/LRN", lrn),
        };
        facts
            .with("Invalidation/requestDateAndTime", instant(at))
            .with("Invalidation/decisionDateAndTime", instant(at))
            .with("Invalidation/decision", "1")
            .with("Invalidation/initiatedByCustoms", "0")
    })?;
    let (saga, id) = (movement.saga, movement.id.to_string());
    store::save(work, movement).await?;
    for timer in [timers::PRESENTATION, timers::GUARANTEE_AMENDMENT, timers::SIMPLIFIED_RELEASE] {
        work.cancel_timer(timer, &id).await?;
    }
    if let Some(saga) = saga {
        app.transit_release.unwind(work, saga).await?;
    }
    Ok(message)
}
