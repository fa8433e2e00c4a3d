//! Use case: end a membership.

use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{EndMembership, Membership as View};

use super::store;
use crate::{App, history};

impl Acts<EndMembership> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: EndMembership) -> Result<View, Failure> {
        let found = store::locked(work.txn(), ask.membership_id).await?;
        let mut membership =
            found.ok_or_else(|| problem::NOT_FOUND.because("no such membership").at("/membershipId"))?;
        membership.end(ask.at, work.now())?;
        store::update(work.txn(), &membership).await?;
        let view = membership.view();
        let change = ("membership-ended", view.id);
        history::note(work, &caller.actor.subject, Some(view.organisation_id), change, &view).await?;
        Ok(view)
    }
}
