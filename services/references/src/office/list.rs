//! Use case: list customs offices by country, role and name.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{CustomsOfficePage, ListOffices};

use super::told;
use crate::{
    App,
    dataset::OFFICE_LIST,
    entry::{Choice, codes_of, of_codes},
    page::{Page, check_country, check_day, check_text, invalid, require},
};

impl Answers<ListOffices> for App {
    async fn answer(&self, _: &Caller, ask: ListOffices) -> Result<CustomsOfficePage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        if let Some(country) = &ask.country {
            check_country("/country", country, &mut findings);
        }
        if let Some(role) = &ask.role
            && (role.is_empty() || role.len() > 10 || !role.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        {
            findings.push(invalid("/role", "role is a word such as TRA"));
        }
        if let Some(search) = &ask.search {
            check_text("/search", search, 0, 80, &mut findings);
        }
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let etag = self.etag(ask.at).await?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let choice = Choice {
            search: ask.search.as_deref().filter(|search| !search.is_empty()),
            prefix: ask.country.as_deref(),
            tag: ask.role.as_deref(),
        };
        let reader = self.store().reader();
        let mut ids = codes_of(reader, OFFICE_LIST, day, choice, &page).await?;
        let next = page.cut(&mut ids, Clone::clone);
        let items = told(of_codes(reader, OFFICE_LIST, &ids, day).await?)?;
        Ok(CustomsOfficePage { items, next, etag })
    }
}
