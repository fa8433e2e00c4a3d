//! Use case: revoke a key of one's own organisation.

use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{RevokeSystemKey, SystemKey as View};

use super::{aggregate::require_person, store};
use crate::{App, history, organisation};

impl Acts<RevokeSystemKey> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: RevokeSystemKey) -> Result<View, Failure> {
        require_person(&caller.actor)?;
        let own = organisation::own(work.txn(), caller).await?;
        let found = store::locked(work.txn(), own.id(), ask.system_key_id).await?;
        let mut key = found.ok_or_else(|| {
            problem::NOT_FOUND.because("your organisation has no such key").at("/systemKeyId")
        })?;
        key.revoke(work.now())?;
        store::update(work.txn(), &key).await?;
        let view = key.view();
        let change = ("system-key-revoked", key.id);
        history::note(work, &caller.actor.subject, Some(own.id()), change, &view).await?;
        Ok(view)
    }
}
