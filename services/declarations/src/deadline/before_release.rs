//! Deadlines before the goods are released.

use customs_kernel::Finding;
use customs_platform::{Failure, Work};
use uuid::Uuid;

use crate::{
    App, store,
    transit::{Decision, Movement, MovementEvent, MovementState, instant, issue, refuse},
};

impl App {
    /// The declaration is refused; nothing was held (IE056).
    pub(super) async fn not_presented(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, MovementState::PreLodged).await? else {
            return Ok(());
        };
        let (at, why) = (work.now(), "the goods were not presented in time");
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        movement.happen(MovementEvent::Expire, Decision::system(why), at)?;
        let finding = Finding::new("14", "/CC015C", why).by_rule("TIMER");
        refuse(&self.shared, &mut movement, &declaration, &[finding], at)?;
        store::save(work, &mut movement)
    }

    /// The movement is not released and holds nothing (IE051).
    pub(super) async fn guarantee_not_amended(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let why = "the guarantees were not amended in time";
        self.expire(work, movement, MovementState::GuaranteeUnderAmendment, why).await
    }

    /// The amendment of IE022 did not come: the movement is not released (IE051).
    pub(super) async fn not_amended(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let why = "the declaration was not amended in time";
        self.expire(work, movement, MovementState::AmendmentRequested, why).await
    }

    /// The holder did not say that the goods shall go: they do not (IE051).
    pub(super) async fn release_not_asked_for(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let why = "the release was not asked for in time";
        self.expire(work, movement, MovementState::MinorDiscrepancies, why).await
    }

    async fn expire(
        &self,
        work: &mut Work,
        movement: Uuid,
        state: MovementState,
        why: &str,
    ) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, state).await? else { return Ok(()) };
        movement.happen(MovementEvent::Expire, Decision::system(why), work.now())?;
        not_released(self, work, &mut movement, why).await
    }

    /// The goods of an authorised consignor go without a control.
    pub(super) async fn not_controlled(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let movement = store::load(work, movement).await?;
        match movement.saga {
            Some(saga) if movement.state == MovementState::AwaitingRelease => {
                self.transit_release.proceed(work, saga, |_| ()).await
            }
            _ => Ok(()),
        }
    }

    /// The timeline and the queue remember an officer of a release that waits.
    pub(super) async fn release_not_decided(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, MovementState::AwaitingRelease).await? else {
            return Ok(());
        };
        let why = "the release waits for a decision longer than it should";
        movement.happen(MovementEvent::Remind, Decision::system(why), work.now())?;
        store::save(work, &mut movement)
    }
}

/// The movement, if it is still in the state whose deadline has passed; it waits for nothing now.
pub(super) async fn awaited(
    work: &Work,
    movement: Uuid,
    state: MovementState,
) -> Result<Option<Movement>, Failure> {
    let mut movement = store::load(work, movement).await?;
    movement.deadline = None;
    Ok((movement.state == state).then_some(movement))
}

/// Issues IE051 with `reason`, keeps the movement and frees what is held.
pub(crate) async fn not_released(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    reason: &str,
) -> Result<(), Failure> {
    let at = work.now();
    super::clear(work, movement);
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let (mrn, submitted) = (movement.mrn.clone(), movement.submitted_at);
    issue(&app.shared, movement, "CC051C", &declaration, at, |facts| {
        facts
            .with_some("TransitOperation/MRN", mrn)
            .with("TransitOperation/declarationSubmissionDateAndTime", instant(submitted))
            .with("TransitOperation/noReleaseMotivationCode", "G1")
            .with("TransitOperation/noReleaseMotivationText", reason)
    })?;
    let saga = movement.saga;
    store::save(work, movement)?;
    match saga {
        Some(saga) => app.transit_release.unwind(work, saga).await,
        None => Ok(()),
    }
}
