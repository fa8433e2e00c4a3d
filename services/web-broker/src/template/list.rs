//! Use case: see the templates of one's own organisation.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{ListTemplates, TemplatePage};

use super::store;
use crate::{App, form::Form, organisation, page::Slice};

impl Answers<ListTemplates> for App {
    async fn answer(&self, caller: &Caller, ask: ListTemplates) -> Result<TemplatePage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let search = ask.search.filter(|text| !text.is_empty());
        if let Some(text) = &search {
            let mut form = Form::default();
            form.text(text, 200, "/search");
            form.done(Some(()))?;
        }
        let organisation = organisation::own(self.reader(), caller).await?;
        let wanted = (ask.kind, search.as_deref());
        let (items, next) = store::page(self.reader(), organisation.id(), wanted, slice).await?;
        Ok(TemplatePage { items, next })
    }
}
