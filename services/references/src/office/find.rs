//! Use cases: find one customs office, or several at once.

use customs_kernel::{Caller, problem};
use customs_platform::{Answers, Failure};
use customs_references_contract::{CustomsOffice, FindOffice, FindOffices, FoundOffices};

use super::told;
use crate::{
    App,
    dataset::OFFICE_LIST,
    entry::{of_code, of_codes},
    page::{check_day, check_text, check_texts, require},
};

impl Answers<FindOffice> for App {
    async fn answer(&self, _: &Caller, ask: FindOffice) -> Result<CustomsOffice, Failure> {
        let mut findings = Vec::new();
        check_text("/id", &ask.id, 1, 80, &mut findings);
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let missing = || problem::NOT_FOUND.because(format!("there is no customs office {}", ask.id));
        let today = self.hot().today();
        let day = ask.at.unwrap_or(today);
        if day == today && self.hot().now().await?.office(&ask.id).is_none() {
            return Err(missing().into());
        }
        let rows = of_code(self.store().reader(), OFFICE_LIST, &ask.id, day).await?;
        told(rows)?.into_iter().next().ok_or_else(|| missing().into())
    }
}

impl Answers<FindOffices> for App {
    async fn answer(&self, _: &Caller, ask: FindOffices) -> Result<FoundOffices, Failure> {
        let mut findings = Vec::new();
        check_texts("/ids", &ask.ids, &mut findings);
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let etag = self.etag(ask.at).await?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let rows = of_codes(self.store().reader(), OFFICE_LIST, &ask.ids, day).await?;
        Ok(FoundOffices { items: told(rows)?, etag })
    }
}
