//! Use case: give a webhook a new secret; the old one stays good for a day.

use chrono::TimeDelta;
use customs_kernel::Caller;
use customs_notifications_contract::{RotateWebhookSecret, RotatedWebhookSecret};
use customs_platform::{Acts, Failure, Work};

use super::{Secret, list::unknown, store};
use crate::{App, mailbox::own_party};

/// How long both secrets are good.
const BOTH: TimeDelta = TimeDelta::hours(24);

impl Acts<RotateWebhookSecret> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RotateWebhookSecret,
    ) -> Result<RotatedWebhookSecret, Failure> {
        let owner = own_party(caller)?;
        let secret = Secret::fresh().map_err(anyhow::Error::from)?;
        let until = work.now() + BOTH;
        if !store::rotate(work.txn(), &owner, ask.id, &secret, until).await? {
            return Err(unknown().into());
        }
        Ok(RotatedWebhookSecret { id: ask.id, secret: secret.reveal(), previous_secret_until: until })
    }
}
