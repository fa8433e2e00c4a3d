//! Use case: say anew which types of event go to a webhook.

use customs_kernel::Caller;
use customs_notifications_contract::{ChangeWebhook, Webhook};
use customs_platform::{Acts, Failure, Work};

use super::{list::unknown, register::types, store};
use crate::{App, mailbox::own_party, page};

impl Acts<ChangeWebhook> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: ChangeWebhook) -> Result<Webhook, Failure> {
        let owner = own_party(caller)?;
        let (types, findings) = types(&ask.types);
        page::refuse(findings)?;
        if !store::change(work.txn(), &owner, ask.id, &types).await? {
            return Err(unknown().into());
        }
        let changed = store::find(work.txn(), &owner, ask.id, work.now()).await?;
        changed.ok_or_else(|| unknown().into())
    }
}
