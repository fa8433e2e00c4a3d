//! Withdrawing a declaration before release (IE014, IE009), and its invalidation by customs at any time before arrival.

use customs_declarations_contract::{
    AnswerWithdrawal, InvalidateMovement, Movement as MovementView, problems::OUT_OF_SEQUENCE,
};
use customs_guarantees_contract::bus as guarantees;
use customs_kernel::{Caller, Finding, saga::Command};
use customs_platform::{Acts, Failure, Work};
use uuid::Uuid;

use super::{
    Decision, Movement, MovementEvent, MovementState, Received, RecordEvent,
    notice::{instant, issue},
    release::load_for_officer,
    state::{Withdrawals, asks_for},
    submit::refuse,
};
use crate::{App, deadline, store};

/// Takes a request for invalidation in; `findings` are those of its own form and rules.
pub(crate) async fn cancel(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    received: &Received,
    mut findings: Vec<Finding>,
    ruleset: &str,
) -> Result<Uuid, Failure> {
    let (at, request) = (work.now(), &received.document);
    let by_officer = app.shared.settings.officers_decide_at(&movement.departure_office);
    let withdrawals = if by_officer { Withdrawals::ByOfficer } else { Withdrawals::Granted };
    let event = asks_for(movement.state, request.message_type(), true, withdrawals);
    findings.extend(out_of_sequence(movement, event, request));
    if findings.is_empty() && event == MovementEvent::RequestWithdrawal && waits(work, movement).await? {
        let why = "a withdrawal was asked for already and waits for the office";
        findings.push(Finding::new("92", format!("/{}", request.message_type()), why).by_rule("SEQ"));
    }
    let message = movement.file(received.letter(work, !findings.is_empty()));
    if !findings.is_empty() {
        refuse(&app.shared, movement, request, &findings, at)?;
        store::save(work, movement)?;
        return Ok(message);
    }
    let why = format!("signed content {}", received.signed_hash());
    let why = Decision::participant(&received.subject, why).under(ruleset);
    if event == MovementEvent::RequestWithdrawal {
        movement.happen(event, why, at)?;
        // The goods do not go while the office has yet to decide.
        if movement.deadline.as_ref().is_some_and(|deadline| deadline.name == deadline::SIMPLIFIED_RELEASE) {
            deadline::clear(work, movement);
        }
        store::save(work, movement)?;
        return Ok(message);
    }
    movement.happen(event, why, at)?;
    let decided = Told { requested: Some(at), granted: true, reason: None };
    tell(app, movement, request, at, &decided)?;
    end(app, work, movement).await?;
    Ok(message)
}

/// Error 92 with the name of the state, if `event` is not possible for `movement` now.
pub(crate) fn out_of_sequence(
    movement: &Movement,
    event: MovementEvent,
    message: &customs_messages::Document,
) -> Option<Finding> {
    let refused = movement.possible(event).err()?;
    Some(Finding::new("92", format!("/{}", message.message_type()), refused.detail).by_rule("SEQ"))
}

/// Whether a withdrawal of `movement` waits for an officer.
async fn waits(work: &Work, movement: &Movement) -> Result<bool, Failure> {
    let last = [MovementEvent::RequestWithdrawal, MovementEvent::DenyWithdrawal];
    let last = store::last_event(work, movement.id, &last).await?;
    Ok(last.is_some_and(|(event, _)| event == MovementEvent::RequestWithdrawal.as_str()))
}

/// What IE009 says.
struct Told {
    /// When the declarant asked; customs decides by itself otherwise.
    requested: Option<chrono::DateTime<chrono::Utc>>,
    granted: bool,
    reason: Option<String>,
}

/// Issues IE009.
fn tell(
    app: &App,
    movement: &mut Movement,
    source: &customs_messages::Document,
    at: chrono::DateTime<chrono::Utc>,
    told: &Told,
) -> Result<(), Failure> {
    let (lrn, mrn) = (movement.lrn.clone(), movement.mrn.clone());
    issue(&app.shared, movement, "CC009C", source, at, |facts| {
        let facts = match mrn {
            Some(mrn) => facts.with("TransitOperation/MRN", mrn),
            None => facts.with("TransitOperation/LRN", lrn),
        };
        facts
            .with_some("Invalidation/requestDateAndTime", told.requested.map(instant))
            .with("Invalidation/decisionDateAndTime", instant(at))
            .with("Invalidation/decision", if told.granted { "1" } else { "0" })
            .with("Invalidation/initiatedByCustoms", if told.requested.is_some() { "0" } else { "1" })
            .with_some("Invalidation/justification", told.reason.clone())
    })
}

/// The movement is over: nothing is waited for, whatever is held is freed, no office expects the goods any more.
async fn end(app: &App, work: &mut Work, movement: &mut Movement) -> Result<(), Failure> {
    deadline::clear(work, movement);
    store::save(work, movement)?;
    if movement.released_at.is_none() {
        return match movement.saga {
            Some(saga) => app.transit_release.unwind(work, saga).await,
            None => Ok(()),
        };
    }
    let stops = store::load_stops(work.txn(), movement.id).await?;
    for mut stop in stops {
        if let Some(state) = stop.state.on(RecordEvent::Withdraw) {
            stop.state = state;
            store::save_stop(work, movement.id, &stop).await?;
        }
    }
    let mrn = movement.mrn.clone().unwrap_or_default();
    let free = guarantees::Free { movement: movement.id, mrn, reason: "cancelled".to_owned() };
    work.send(&Command::new(guarantees::FREE, &free), &movement.id.to_string(), None)?;
    Ok(())
}

impl Acts<AnswerWithdrawal> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: AnswerWithdrawal,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let reason = ask.reason.clone().unwrap_or_else(|| "no reason given".to_owned());
        let why = Decision::officer(&actor.subject, &movement.departure_office, reason);
        let event = if ask.granted { MovementEvent::Cancel } else { MovementEvent::DenyWithdrawal };
        movement.possible(event)?;
        let last = [MovementEvent::RequestWithdrawal, MovementEvent::DenyWithdrawal];
        let last = store::last_event(work, movement.id, &last).await?;
        let requested = last.filter(|(event, _)| event == MovementEvent::RequestWithdrawal.as_str());
        let Some((_, requested)) = requested else {
            return Err(OUT_OF_SEQUENCE.because("nobody has asked to withdraw this declaration").into());
        };
        movement.happen(event, why, at)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let told = Told { requested: Some(requested), granted: ask.granted, reason: ask.reason };
        tell(self, &mut movement, &declaration, at, &told)?;
        if ask.granted {
            end(self, work, &mut movement).await?;
        } else {
            if movement.state == MovementState::AwaitingRelease {
                deadline::await_release(&self.shared, work, &mut movement);
            }
            store::save(work, &mut movement)?;
        }
        store::movement_view(work.settled().await?, movement.id).await
    }
}

impl Acts<InvalidateMovement> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: InvalidateMovement,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason.as_str());
        movement.happen(MovementEvent::Invalidate, why, at)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let told = Told { requested: None, granted: true, reason: Some(ask.reason) };
        tell(self, &mut movement, &declaration, at, &told)?;
        end(self, work, &mut movement).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
