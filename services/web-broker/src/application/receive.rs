//! Use case: take in the application of a newcomer whose certificate was verified.

use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{
    Application as View, ReceiveApplication,
    problems::{ALREADY_REGISTERED, APPLICATION_OPEN},
};

use super::{Application, store};
use crate::{App, history, membership, organisation, person};

impl Acts<ReceiveApplication> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: ReceiveApplication) -> Result<View, Failure> {
        let application = Application::receive(uuid_at(work.now()), ask, work.now())?;
        if acts_already(work, &application).await? {
            return Err(ALREADY_REGISTERED.because("the person acts for the organisation already").into());
        }
        if !store::insert(work.txn(), &application).await? {
            let detail = "an earlier application of the person waits for a decision";
            return Err(APPLICATION_OPEN.because(detail).into());
        }
        let change = ("application-received", application.id());
        history::note(work, &caller.actor.subject, None, change, &application.fact()).await?;
        Ok(application.view())
    }
}

/// Whether the person acts for the organisation now.
async fn acts_already(work: &Work, application: &Application) -> Result<bool, Failure> {
    let Some(person) = person::store::by_number(work.txn(), &application.person).await? else {
        return Ok(false);
    };
    let in_force = membership::store::in_force(work.txn(), person.id(), work.now()).await?;
    let ids = in_force.iter().map(membership::Membership::organisation_id);
    let organisations = organisation::store::by_ids(work.txn(), ids).await?;
    Ok(organisations.iter().any(|organisation| organisation.is_known_by(&application.organisation)))
}
