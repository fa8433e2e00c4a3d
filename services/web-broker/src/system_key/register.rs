//! Use case: register a key with which a system of one's own organisation signs its requests.

use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{
    RegisterSystemKey, SystemKey as View,
    problems::{SYSTEM_KEY_KNOWN, SYSTEM_KEYS_MANY},
};

use super::{SystemKey, store};
use crate::{App, history, organisation};

/// How many keys an organisation has in force at most.
const IN_FORCE_MAX: u64 = 50;

impl Acts<RegisterSystemKey> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: RegisterSystemKey) -> Result<View, Failure> {
        let own = organisation::own(work.txn(), caller).await?;
        // The organisation's row is kept, so that two keys cannot pass the bound unseen.
        organisation::store::locked(work.txn(), own.id()).await?;
        let key = SystemKey::register(uuid_at(work.now()), &own, ask, &caller.actor, work.now())?;
        if store::in_force(work.txn(), own.id(), work.now()).await? >= IN_FORCE_MAX {
            let detail = format!("an organisation has at most {IN_FORCE_MAX} keys in force; revoke one");
            return Err(SYSTEM_KEYS_MANY.because(detail).into());
        }
        if !store::insert(work.txn(), &key).await? {
            let detail = "this key was registered before; make a new one";
            return Err(SYSTEM_KEY_KNOWN.because(detail).at("/key").into());
        }
        let view = key.view();
        let change = ("system-key-registered", key.id);
        history::note(work, &caller.actor.subject, Some(own.id()), change, &view).await?;
        Ok(view)
    }
}
