//! Use case: enter a newcomer into the register.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{
    Application as View, ApproveApplication, GrantMembership, problems::ALREADY_REGISTERED,
};

use super::{Application, store};
use crate::{App, history, membership, organisation, person};

impl Acts<ApproveApplication> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: ApproveApplication) -> Result<View, Failure> {
        let mut application = store::locked(work.txn(), ask.application_id).await?;
        application.approve(work.now())?;
        let actor = caller.actor.subject.as_str();
        let organisation = organisation(work, actor, &application).await?;
        let person = match person::store::by_number(work.txn(), &application.person).await? {
            Some(person) => person,
            None => person::register(work, actor, application.newcomer()).await?,
        };
        let ask = GrantMembership {
            person_id: person.id(),
            organisation_id: organisation.id(),
            roles: application.roles(),
            offices: Vec::new(),
            valid_from: None,
            valid_to: None,
        };
        membership::grant(work, actor, &ask).await?;
        store::update(work.txn(), &application).await?;
        let change = ("application-approved", application.id());
        history::note(work, actor, Some(organisation.id()), change, &application.fact()).await?;
        Ok(application.view())
    }
}

/// The organisation of that EORI if its national number is the one that was proven; else a new one.
async fn organisation(
    work: &mut Work,
    actor: &str,
    application: &Application,
) -> Result<organisation::Organisation, Failure> {
    let eori = application.eori.parse().map_err(anyhow::Error::new)?;
    match organisation::store::by_eori(work.txn(), &eori).await? {
        Some(known) if known.is_known_by(&application.organisation) => Ok(known),
        Some(_) => Err(ALREADY_REGISTERED.because("the EORI is that of another organisation").into()),
        None => organisation::register(work, actor, application.organisation()).await,
    }
}
