//! Use case: take a delegation back.

use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{Delegation as View, RevokeDelegation, bus::DELEGATION_REVOKED};

use super::store;
use crate::{App, history, organisation};

impl Acts<RevokeDelegation> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: RevokeDelegation) -> Result<View, Failure> {
        let principal = organisation::own(work.txn(), caller).await?;
        let found = store::locked(work.txn(), ask.delegation_id, principal.eori()).await?;
        let mut delegation = found.ok_or_else(|| {
            problem::NOT_FOUND.because("your organisation granted no such delegation").at("/delegationId")
        })?;
        delegation.revoke(work.now())?;
        store::update(work.txn(), &delegation).await?;
        let representative = organisation::store::by_eori(work.txn(), delegation.representative()).await?;
        let fact = delegation.fact();
        for side in [Some(&principal), representative.as_ref()].into_iter().flatten() {
            let change = ("delegation-revoked", delegation.id());
            history::note(work, &caller.actor.subject, Some(side.id()), change, &fact).await?;
        }
        work.tell(DELEGATION_REVOKED, &delegation.id().to_string(), &fact)?;
        let name = representative.as_ref().map_or("", |organisation| organisation.name());
        Ok(delegation.view(principal.name(), name))
    }
}
