//! Use cases of the officer of departure: recover the debt (IE035), record that it is paid.

use customs_declarations_contract::{BeginRecovery, Movement as MovementView, RecordRecoveryPayment};
use customs_kernel::{Actor, Caller};
use customs_platform::{Acts, Failure, Work};

use super::Debt;
use crate::{
    App,
    config::Settings,
    deadline,
    store::{self, Act},
    transit::{Decision, DeclarationFacts, Movement, MovementEvent, day, finish, issue, load_for_officer},
};

/// The kind of act that a recovery leaves.
pub(super) const RECOVERY: &str = "recovery";

impl Acts<BeginRecovery> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: BeginRecovery,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.text.as_str());
        begin_recovery(self, work, &mut movement, Debt::named(&ask)?, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// The debt is recovered from the holder, who has a time to pay.
pub(crate) async fn begin_recovery(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    debt: Debt,
    why: Decision,
) -> Result<(), Failure> {
    let at = work.now();
    let subject = why.subject.clone();
    movement.happen(MovementEvent::BeginRecovery, why, at)?;
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let amount = debt.amount(&DeclarationFacts::of(&declaration));
    let (mrn, accepted, office) =
        (movement.mrn.clone(), movement.submitted_at, movement.departure_office.clone());
    issue(&app.shared, movement, "CC035C", &declaration, at, |facts| {
        facts
            .with_some("TransitOperation/MRN", mrn)
            .with("TransitOperation/declarationAcceptanceDate", day(accepted))
            .with("RecoveryNotification/recoveryNotificationDate", day(at))
            .with("RecoveryNotification/recoveryNotificationText", debt.text.as_str())
            .with("RecoveryNotification/amountClaimed", amount.decimal())
            .with("RecoveryNotification/currency", amount.currency.to_string())
            .with("CustomsOfficeOfRecoveryAtDeparture/referenceNumber", office.as_str())
    })?;
    let act = Act {
        code: Some(amount.currency.to_string()),
        text: Some(debt.text),
        amount: Some(amount.decimal()),
        ..Act::default()
    };
    let mut actor = Actor::service(crate::NAME);
    if let Some(subject) = subject {
        actor.subject = subject;
    }
    store::keep_act(work, movement.id, RECOVERY, (&actor, &office), &act).await?;
    let due = at + Settings::seconds(app.shared.settings.debt_s);
    deadline::set(work, movement, deadline::DEBT, due);
    store::save(work, movement)
}

impl Acts<RecordRecoveryPayment> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordRecoveryPayment,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = format!("paid under {}", ask.reference);
        let why = Decision::officer(&actor.subject, &movement.departure_office, why);
        finish(self, work, &mut movement, MovementEvent::Pay, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
