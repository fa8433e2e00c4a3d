//! Use case: keep a draft as it stands.

use customs_kernel::{Caller, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{DraftHead, SaveDraft};

use super::{Draft, EXPIRE, content, store};
use crate::{App, form::Form, history, organisation, person};

impl Acts<SaveDraft> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: SaveDraft) -> Result<DraftHead, Failure> {
        let mut form = Form::default();
        form.text(&ask.title, 200, "/title");
        let unknown = ask.id.is_some() || ask.expected_version.is_none();
        form.require(unknown, "/expectedVersion", "is of no use for a new draft");
        form.done(Some(()))?;
        content::check(&ask.content)?;
        let organisation = organisation::own(work.txn(), caller).await?;
        let (who, now) = (caller.actor.subject.as_str(), work.now());
        let draft = if let Some(id) = ask.id {
            let mut draft = store::locked(work.txn(), organisation.id(), id).await?;
            let expected = ask.expected_version.ok_or_else(|| {
                problem::VERSION_REQUIRED.because("name the version you changed").at("/expectedVersion")
            })?;
            draft.save(expected, ask.title, who, now)?;
            store::update(work.txn(), &draft).await?;
            store::update_content(work.txn(), id, ask.content).await?;
            draft
        } else {
            let new = (ask.kind, ask.title);
            let draft = Draft::begin(uuid_at(now), organisation.id(), new, who, now);
            store::insert(work.txn(), &draft, ask.content).await?;
            let change = ("draft-begun", draft.id());
            history::note(work, who, Some(organisation.id()), change, &draft.state()).await?;
            draft
        };
        work.set_timer(EXPIRE, &draft.id().to_string(), draft.expires_at());
        head(work, &draft).await
    }
}

/// `draft` as it is shown at the end of `work`.
pub(super) async fn head(work: &Work, draft: &Draft) -> Result<DraftHead, Failure> {
    let names = person::store::names(work.txn(), draft.subjects()).await?;
    Ok(draft.head(&names, work.now()))
}
