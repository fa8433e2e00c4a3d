//! Use case: enter an organisation into the register.

use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{
    Organisation as View, RegisterOrganisation, bus::ORGANISATION_CHANGED, problems::ALREADY_REGISTERED,
};

use super::{Organisation, store};
use crate::{App, history};

impl Acts<RegisterOrganisation> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RegisterOrganisation,
    ) -> Result<View, Failure> {
        Ok(register(work, &caller.actor.subject, ask).await?.view())
    }
}

/// Enters the organisation that `ask` describes, on the order of `actor`.
pub(crate) async fn register(
    work: &mut Work,
    actor: &str,
    ask: RegisterOrganisation,
) -> Result<Organisation, Failure> {
    let organisation = Organisation::register(uuid_at(work.now()), ask, work.now())?;
    if !store::insert(work.txn(), &organisation).await? {
        let detail = "the EORI or the national number is in the register already";
        return Err(ALREADY_REGISTERED.because(detail).into());
    }
    let id = organisation.id();
    history::note(work, actor, Some(id), ("organisation-registered", id), &organisation.fact()).await?;
    work.tell(ORGANISATION_CHANGED, &id.to_string(), &organisation.fact())?;
    Ok(organisation)
}
