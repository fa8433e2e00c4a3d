//! Use cases of the officer of departure: accept a declaration of the normal procedure, or not.

use customs_declarations_contract::{AcceptDeclaration, Movement as MovementView, RejectDeclaration};
use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};

use super::{
    Decision, DeclarationFacts, MovementEvent, MovementState, begin_procedure, instant, issue,
    release::load_for_officer,
};
use crate::{App, store};

impl Acts<AcceptDeclaration> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: AcceptDeclaration,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, "accepted by an officer");
        movement.possible(MovementEvent::Accept)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let facts = DeclarationFacts::of(&declaration);
        begin_procedure(self, work, &mut movement, &facts, &declaration, (MovementEvent::Accept, why))
            .await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

impl Acts<RejectDeclaration> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RejectDeclaration,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason.as_str());
        if movement.state != MovementState::AwaitingAcceptance {
            movement.possible(MovementEvent::Accept)?;
        }
        movement.happen(MovementEvent::Reject, why, at)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        issue(&self.shared, &mut movement, "CC056C", &declaration, at, |facts| {
            facts
                .with("TransitOperation/businessRejectionType", "015")
                .with("TransitOperation/rejectionDateAndTime", instant(at))
                .with("TransitOperation/rejectionCode", "4")
                .with("TransitOperation/rejectionReason", ask.reason)
        })?;
        store::save(work, &mut movement)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
