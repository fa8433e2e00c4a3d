//! Use case: list the code lists.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{CodeListPage, CodeListSummary, ListCodeLists};

use crate::{
    App,
    page::{Page, require},
};

impl Answers<ListCodeLists> for App {
    async fn answer(&self, _: &Caller, ask: ListCodeLists) -> Result<CodeListPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        require(findings)?;
        let lookup = self.hot().now().await?;
        let mut names: Vec<&str> = lookup.lists().filter(|name| **name > *page.after).collect();
        names.sort_unstable();
        names.truncate(usize::try_from(page.limit()).unwrap_or(usize::MAX));
        let mut items: Vec<CodeListSummary> = names
            .into_iter()
            .map(|name| CodeListSummary {
                name: name.to_owned(),
                codes: lookup.list(name).map_or(0, |codes| i64::try_from(codes.len()).unwrap_or(i64::MAX)),
            })
            .collect();
        let next = page.cut(&mut items, |list| list.name.clone());
        Ok(CodeListPage { items, next, etag: lookup.version().to_owned() })
    }
}
