//! Use case: read the public key of an identifier.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{FindSystemKey, SystemKeyRead, problems::SYSTEM_KEY_UNKNOWN};

use super::store;
use crate::App;

impl Answers<FindSystemKey> for App {
    async fn answer(&self, _: &Caller, ask: FindSystemKey) -> Result<SystemKeyRead, Failure> {
        let key = store::by_key_id(self.reader(), &ask.key_id).await?;
        let key = key.ok_or_else(|| SYSTEM_KEY_UNKNOWN.because("no key of this identifier is registered"))?;
        Ok(SystemKeyRead { spki: key.spki })
    }
}
