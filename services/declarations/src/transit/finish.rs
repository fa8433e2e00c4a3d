//! Ending a movement: whatever is held is freed, then it is written off (IE045).

use customs_platform::{Failure, Work};

use super::{Decision, Movement, MovementEvent};
use crate::{App, deadline, saga::Discharge, store};

/// Lets `event`, which leads to discharge, happen and begins the saga of discharge.
pub(crate) async fn finish(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    event: MovementEvent,
    why: Decision,
) -> Result<(), Failure> {
    let paid = event == MovementEvent::Pay;
    movement.happen(event, why, work.now())?;
    deadline::clear(work, movement);
    store::save(work, movement)?;
    let mrn = movement.mrn.clone().unwrap_or_default();
    let facts = Discharge { movement: movement.id, mrn, paid };
    let saga = app.discharge.start(work, &movement.id.to_string(), facts).await?;
    store::remember_saga(work, movement, saga);
    Ok(())
}
