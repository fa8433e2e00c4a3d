//! Use case: keep something as a template.

use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{SaveTemplate, TemplateHead, problems::TEMPLATES_MANY};

use super::store;
use crate::{App, draft, form::Form, history, organisation};

/// How many templates of one kind an organisation has at most.
const KIND_MAX: u64 = 1000;

impl Acts<SaveTemplate> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: SaveTemplate,
    ) -> Result<TemplateHead, Failure> {
        let mut form = Form::default();
        form.text(&ask.title, 200, "/title");
        form.done(Some(()))?;
        draft::check_content(&ask.content)?;
        let organisation = organisation::own(work.txn(), caller).await?;
        if store::count(work.txn(), organisation.id(), ask.kind).await? >= KIND_MAX {
            let detail = format!("an organisation keeps at most {KIND_MAX} templates of a kind");
            return Err(TEMPLATES_MANY.because(detail).into());
        }
        let who = caller.actor.subject.as_str();
        let head = TemplateHead {
            id: uuid_at(work.now()),
            kind: ask.kind,
            title: ask.title,
            saved_by: who.to_owned(),
            saved_at: work.now(),
        };
        store::insert(work.txn(), organisation.id(), &head, ask.content).await?;
        let change = ("template-saved", head.id);
        history::note(work, who, Some(organisation.id()), change, &head.kind).await?;
        Ok(head)
    }
}
