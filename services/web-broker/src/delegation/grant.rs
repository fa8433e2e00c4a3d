//! Use case: let another organisation act for one's own.

use customs_kernel::{Caller, Eori, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{
    Delegation as View, GrantDelegation, bus::DELEGATION_GRANTED, problems::DELEGATION_OVERLAPS,
};

use super::{Delegation, store};
use crate::{App, form::Form, history, organisation};

impl Acts<GrantDelegation> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: GrantDelegation) -> Result<View, Failure> {
        let principal = organisation::own(work.txn(), caller).await?;
        let mut form = Form::default();
        let representative = form.number::<Eori>(&ask.representative, "/representative");
        let representative = form.done(representative)?;
        let representative = organisation::store::by_eori(work.txn(), &representative).await?;
        let representative = representative
            .ok_or_else(|| problem::NOT_FOUND.because("no such organisation").at("/representative"))?;
        let granted = grant(work, &caller.actor.subject, (&principal, &representative), &ask).await?;
        Ok(granted.view(principal.name(), representative.name()))
    }
}

/// Grants the delegation from a principal to a representative that `ask` describes, on the order of `actor`.
pub(crate) async fn grant(
    work: &mut Work,
    actor: &str,
    (principal, representative): (&organisation::Organisation, &organisation::Organisation),
    ask: &GrantDelegation,
) -> Result<Delegation, Failure> {
    // The principal's row is kept, so that two delegations of one pair cannot overlap unseen.
    organisation::store::locked(work.txn(), principal.id()).await?;
    let delegation = Delegation::grant(uuid_at(work.now()), principal, representative, ask, work.now())?;
    let others =
        store::of_pair(work.txn(), delegation.principal(), delegation.representative(), work.now()).await?;
    if others.iter().any(|other| other.overlaps(&delegation)) {
        let detail = "a delegation to this representative covers a part of the period already";
        return Err(DELEGATION_OVERLAPS.because(detail).into());
    }
    store::insert(work.txn(), &delegation).await?;
    let fact = delegation.fact();
    for side in [principal.id(), representative.id()] {
        history::note(work, actor, Some(side), ("delegation-granted", delegation.id()), &fact).await?;
    }
    work.tell(DELEGATION_GRANTED, &delegation.id().to_string(), &fact)?;
    Ok(delegation)
}
