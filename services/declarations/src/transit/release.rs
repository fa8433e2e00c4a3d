//! Use cases of the officer of departure: release, or refuse the release.

use customs_declarations_contract::{Movement as MovementView, RefuseRelease, ReleaseMovement};
use customs_kernel::{Actor, Caller, problem};
use customs_platform::{Acts, Failure, Work};
use uuid::Uuid;

use super::{Decision, Movement, MovementEvent};
use crate::{App, deadline, store};

/// The movement `id` at an office of departure where the officer serves, in the version that was seen.
pub(crate) async fn load_for_officer(
    work: &Work,
    actor: &Actor,
    id: Uuid,
    expected_version: i64,
) -> Result<Movement, Failure> {
    let movement = store::load(work, id).await?;
    if !actor.serves_at(&movement.departure_office) {
        return Err(problem::NOT_FOUND.because("there is no such movement").into());
    }
    if movement.version != expected_version {
        let detail = format!("the movement is at version {}, not {expected_version}", movement.version);
        return Err(problem::VERSION_STALE.because(detail).at("/expectedVersion").into());
    }
    Ok(movement)
}

impl Acts<ReleaseMovement> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: ReleaseMovement,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        movement.possible(MovementEvent::Release)?;
        let (id, office) = (movement.id, movement.departure_office);
        if let Some(saga) = movement.saga {
            let (subject, office) = (actor.subject.clone(), office);
            self.transit_release
                .proceed(work, saga, move |facts| facts.release_by(&subject, &office))
                .await?;
        }
        store::movement_view(work.settled().await?, id).await
    }
}

impl Acts<RefuseRelease> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RefuseRelease,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let why = Decision::officer(&actor.subject, &movement.departure_office, ask.reason.as_str());
        movement.happen(MovementEvent::RefuseRelease, why, work.now())?;
        deadline::not_released(self, work, &mut movement, &ask.reason).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
