//! Use case: what is published, newest first, for everybody.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{ListPublications, PublicationPage};
use uuid::Uuid;

use super::store;
use crate::{
    App,
    page::{Page, check_day, invalid, require},
};

impl Answers<ListPublications> for App {
    async fn answer(&self, _: &Caller, ask: ListPublications) -> Result<PublicationPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        let after = if page.after.is_empty() { Some(Uuid::max()) } else { page.after.parse().ok() };
        if after.is_none() {
            findings.push(invalid("/after", "after is not a cursor of this list"));
        }
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let before = after.unwrap_or(Uuid::max());
        let mut items = store::page(self.store().reader(), (day, ask.kind), before, &page).await?;
        let next = page.cut(&mut items, |one| one.id.to_string());
        Ok(PublicationPage { items, next })
    }
}
