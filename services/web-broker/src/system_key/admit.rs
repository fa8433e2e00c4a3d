//! Use case: admit a request whose signature holds; of many who come with it one is the first.

use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{
    AdmitSystem, System,
    problems::{REQUEST_REPLAYED, SYSTEM_KEY_IDLE, SYSTEM_KEY_UNKNOWN},
};
use sha2::{Digest as _, Sha256};

use super::store;
use crate::{App, organisation, person};

impl Acts<AdmitSystem> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: AdmitSystem) -> Result<System, Failure> {
        let key = store::by_key_id(work.txn(), &ask.key_id).await?;
        let key = key.ok_or_else(|| SYSTEM_KEY_UNKNOWN.because("no key of this identifier is registered"))?;
        key.admits(work.now())?;
        let organisation = organisation::store::by_id(work.txn(), key.organisation_id).await?;
        let organisation = organisation
            .filter(|organisation| organisation.is_active(work.now()))
            .ok_or_else(|| SYSTEM_KEY_IDLE.because("the organisation of the key may not act at present"))?;
        if !person::spend(work, digest(&ask.key_id, &ask.nonce), ask.expires_at).await? {
            return Err(REQUEST_REPLAYED.because("the key has signed with this nonce before").into());
        }
        let today = work.now().date_naive();
        if key.last_used_on.is_none_or(|day| day < today) {
            store::used(work.txn(), key.id, today).await?;
        }
        Ok(System { id: key.id, eori: organisation.eori().to_string(), roles: key.roles })
    }
}

/// What is spent of a signed request, apart from every challenge of the log-in.
fn digest(key_id: &str, nonce: &str) -> String {
    let mut hash = Sha256::new();
    for part in ["ecustoms-request", key_id, nonce] {
        hash.update(part);
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}
