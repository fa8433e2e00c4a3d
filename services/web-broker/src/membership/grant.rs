//! Use case: let a person act for an organisation.

use customs_kernel::{Caller, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{GrantMembership, Membership as View, problems::MEMBERSHIP_OVERLAPS};

use super::{Membership, store};
use crate::{App, history, organisation, person};

impl Acts<GrantMembership> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: GrantMembership) -> Result<View, Failure> {
        Ok(grant(work, &caller.actor.subject, &ask).await?.view())
    }
}

/// Grants the membership that `ask` describes, on the order of `actor`.
pub(crate) async fn grant(
    work: &mut Work,
    actor: &str,
    ask: &GrantMembership,
) -> Result<Membership, Failure> {
    let missing =
        |what: &str, pointer: &str| problem::NOT_FOUND.because(format!("no such {what}")).at(pointer);
    // The person's row is kept, so that two grants for one person cannot overlap unseen.
    let person = person::store::locked(work.txn(), ask.person_id).await?;
    let person = person.ok_or_else(|| missing("person", "/personId"))?;
    let organisation = organisation::store::by_id(work.txn(), ask.organisation_id).await?;
    let organisation = organisation.ok_or_else(|| missing("organisation", "/organisationId"))?;
    let membership = Membership::grant(uuid_at(work.now()), &organisation, ask, work.now())?;
    let others = store::not_ended(work.txn(), person.id(), organisation.id(), membership.view().valid_from);
    if others.await?.iter().any(|other| other.overlaps(&membership)) {
        let detail = "the person acts for the organisation in this period already";
        return Err(MEMBERSHIP_OVERLAPS.because(detail).into());
    }
    store::insert(work.txn(), &membership).await?;
    let view = membership.view();
    history::note(work, actor, Some(organisation.id()), ("membership-granted", view.id), &view).await?;
    Ok(membership)
}
