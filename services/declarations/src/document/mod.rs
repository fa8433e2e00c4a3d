//! Use case: the release of a movement (IE029), of which its accompanying document is made.

use customs_declarations_contract::{FindRelease, Release};
use customs_kernel::{Caller, problem};
use customs_platform::{Answers, Failure};

use crate::{App, store};

/// The message of customs that releases goods for transit.
const RELEASE: &str = "CC029C";

impl Answers<FindRelease> for App {
    async fn answer(&self, caller: &Caller, ask: FindRelease) -> Result<Release, Failure> {
        let reader = self.shared.store.reader();
        let missing = || problem::NOT_FOUND.because("there is no such movement");
        store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        let released = store::last_body(reader, ask.movement, RELEASE).await?;
        let not_yet = || problem::NOT_FOUND.because("the movement has not been released for transit");
        let (body, released_at) = released.ok_or_else(not_yet)?;
        let movement = store::peek(reader, ask.movement).await?.ok_or_else(missing)?;
        let mrn = movement.mrn.unwrap_or_default();
        Ok(Release { movement: movement.id, mrn, released_at, body })
    }
}
