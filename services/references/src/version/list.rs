//! Use case: list the versions, newest first.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{ListVersions, ReferenceVersionPage};

use super::store::{newest, versions};
use crate::{
    App,
    page::{Page, check_text, invalid, require},
};

impl Answers<ListVersions> for App {
    async fn answer(&self, _: &Caller, ask: ListVersions) -> Result<ReferenceVersionPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        let before = if page.after.is_empty() { Some(i64::MAX) } else { page.after.parse().ok() };
        if before.is_none() {
            findings.push(invalid("/after", "after is not a cursor of this list"));
        }
        if let Some(dataset) = &ask.dataset {
            check_text("/dataset", dataset, 1, 40, &mut findings);
        }
        require(findings)?;
        let reader = self.store().reader();
        let etag = newest(reader).await?.text();
        let mut items = versions(reader, ask.dataset.as_deref(), before.unwrap_or(i64::MAX), &page).await?;
        let next = page.cut(&mut items, |version| version.number.to_string());
        Ok(ReferenceVersionPage { items, next, etag })
    }
}
