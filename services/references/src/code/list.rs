//! Use case: list the codes of one list.

use customs_kernel::{Caller, problem};
use customs_platform::{Answers, Failure};
use customs_references_contract::{CodeEntryPage, ListCodes};

use super::told;
use crate::{
    App,
    dataset::OFFICE_LIST,
    entry::{Choice, codes_of, of_codes},
    label,
    page::{Page, check_day, check_text, require},
};

impl Answers<ListCodes> for App {
    async fn answer(&self, _: &Caller, ask: ListCodes) -> Result<CodeEntryPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        check_text("/list", &ask.list, 1, 80, &mut findings);
        if let Some(search) = &ask.search {
            check_text("/search", search, 0, 80, &mut findings);
        }
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let etag = self.etag(ask.at).await?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let lookup = self.hot().now().await?;
        if ask.list == OFFICE_LIST || !lookup.has_list(&ask.list) {
            return Err(problem::NOT_FOUND.because(format!("there is no code list {}", ask.list)).into());
        }
        let search = ask.search.as_deref().filter(|search| !search.is_empty());
        let choice = Choice { search, ..Choice::default() };
        let reader = self.store().reader();
        let mut codes = codes_of(reader, &ask.list, day, choice, &page).await?;
        let next = page.cut(&mut codes, Clone::clone);
        let mut items = told(of_codes(reader, &ask.list, &codes, day).await?);
        if let Some(language) = &ask.language {
            for item in &mut items {
                item.labels = label::only(std::mem::take(&mut item.labels), language);
            }
        }
        Ok(CodeEntryPage { items, next, etag })
    }
}
