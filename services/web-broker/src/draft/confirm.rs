//! Use case: tell whether a receipt holds for what was sent.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{ConfirmPreCheck, PreCheckConfirmed};

use super::receipt;
use crate::App;

impl Answers<ConfirmPreCheck> for App {
    async fn answer(&self, _: &Caller, ask: ConfirmPreCheck) -> Result<PreCheckConfirmed, Failure> {
        let receipt = receipt::find(self.reader(), ask.receipt_id).await?;
        let holds = receipt.is_some_and(|receipt| {
            receipt.organisation == ask.organisation
                && receipt.ruleset_hash == ask.ruleset_hash
                && receipt.content_sha256 == ask.content_sha256
                && self.now() < receipt.expires_at()
        });
        Ok(PreCheckConfirmed { holds })
    }
}
