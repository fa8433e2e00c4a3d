//! Use case: forget a webhook with its deliveries.

use customs_kernel::Caller;
use customs_notifications_contract::{DeleteWebhook, DeletedWebhook};
use customs_platform::{Acts, Failure, Work};

use super::{list::unknown, store};
use crate::{App, delivery, mailbox::own_party};

impl Acts<DeleteWebhook> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: DeleteWebhook,
    ) -> Result<DeletedWebhook, Failure> {
        let owner = own_party(caller)?;
        store::count(work.txn(), &owner, -1).await?;
        if !store::delete(work.txn(), &owner, ask.id).await? {
            return Err(unknown().into());
        }
        delivery::forget(work.txn(), ask.id).await?;
        Ok(DeletedWebhook { id: ask.id })
    }
}
