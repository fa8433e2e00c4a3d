//! Use case: begin a new draft from an earlier one.

use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{CopyDraft, DraftHead};

use super::{EXPIRE, content, save::head, store};
use crate::{App, form::Form, history, organisation};

impl Acts<CopyDraft> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: CopyDraft) -> Result<DraftHead, Failure> {
        if let Some(title) = &ask.title {
            let mut form = Form::default();
            form.text(title, 200, "/title");
            form.done(Some(()))?;
        }
        let organisation = organisation::own(work.txn(), caller).await?;
        let (original, content) = store::find_whole(work.txn(), organisation.id(), ask.id).await?;
        let content = content::without_lrn(&content)?;
        let (who, now) = (caller.actor.subject.as_str(), work.now());
        let copy = original.copy(uuid_at(now), ask.title, who, now);
        store::insert(work.txn(), &copy, content).await?;
        work.set_timer(EXPIRE, &copy.id().to_string(), copy.expires_at());
        let change = ("draft-copied", copy.id());
        history::note(work, who, Some(organisation.id()), change, &copy.state()).await?;
        head(work, &copy).await
    }
}
