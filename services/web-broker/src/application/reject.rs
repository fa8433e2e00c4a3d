//! Use case: turn an application down.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{Application as View, RejectApplication};

use super::store;
use crate::{App, history};

impl Acts<RejectApplication> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: RejectApplication) -> Result<View, Failure> {
        let mut application = store::locked(work.txn(), ask.application_id).await?;
        application.reject(ask.reason, work.now())?;
        store::update(work.txn(), &application).await?;
        let change = ("application-rejected", application.id());
        history::note(work, &caller.actor.subject, None, change, &application.fact()).await?;
        Ok(application.view())
    }
}
