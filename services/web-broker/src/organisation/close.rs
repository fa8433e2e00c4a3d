//! Use case: end an organisation's right to act.

use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{CloseOrganisation, Organisation as View, bus::ORGANISATION_CHANGED};

use super::store;
use crate::{App, history};

impl Acts<CloseOrganisation> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: CloseOrganisation) -> Result<View, Failure> {
        let found = store::locked(work.txn(), ask.organisation_id).await?;
        let mut organisation =
            found.ok_or_else(|| problem::NOT_FOUND.because("no such organisation").at("/organisationId"))?;
        organisation.close(&ask, work.now())?;
        store::update(work.txn(), &organisation).await?;
        let id = organisation.id();
        let change = ("organisation-closed", id);
        history::note(work, &caller.actor.subject, Some(id), change, &organisation.fact()).await?;
        work.tell(ORGANISATION_CHANGED, &id.to_string(), &organisation.fact())?;
        Ok(organisation.view())
    }
}
