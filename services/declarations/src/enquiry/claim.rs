//! Use case of the officer of departure: claim the unpaid debt from the guarantor.

use customs_declarations_contract::{ClaimGuarantor, Movement as MovementView};
use customs_kernel::{Caller, Currency, Money};
use customs_platform::{Acts, Failure, Work};

use super::recovery::RECOVERY;
use crate::{
    App, deadline,
    saga::Claim,
    store,
    transit::{Decision, Movement, MovementEvent, load_for_officer},
};

impl Acts<ClaimGuarantor> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: ClaimGuarantor,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, "the holder has not paid");
        claim(self, work, &mut movement, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// The guarantor is to be called for the debt that was told to the holder.
pub(crate) async fn claim(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    why: Decision,
) -> Result<(), Failure> {
    movement.happen(MovementEvent::RaiseClaim, why, work.now())?;
    deadline::clear(work, movement);
    let debt = store::latest_act(work.txn(), movement.id, RECOVERY).await?.and_then(|act| {
        let currency: Currency = act.code?.parse().ok()?;
        Money::parse(&act.amount?, currency).ok()
    });
    let debt = debt.ok_or_else(|| {
        Failure::Broken(anyhow::anyhow!("the debt of movement {} was not kept", movement.id))
    })?;
    let facts = Claim::of(movement, debt);
    store::save(work, movement)?;
    let saga = app.claim.start(work, &movement.id.to_string(), facts).await?;
    store::remember_saga(work, movement, saga);
    Ok(())
}
