//! Use cases: find one customs office, or several at once.

use customs_kernel::{Caller, problem};
use customs_platform::{Answers, Failure};
use customs_references_contract::{CustomsOffice, FindOffice, FindOffices, FoundOffices};

use super::told;
use crate::{
    App,
    dataset::OFFICE_LIST,
    entry::{of_code, of_codes},
    page::{invalid, require},
};

impl Answers<FindOffice> for App {
    async fn answer(&self, _: &Caller, ask: FindOffice) -> Result<CustomsOffice, Failure> {
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
        if !(1..=100).contains(&ask.ids.len()) {
            require(vec![invalid("/ids", "ids are 1 to 100")])?;
        }
        let etag = self.etag(ask.at).await?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let rows = of_codes(self.store().reader(), OFFICE_LIST, &ask.ids, day).await?;
        Ok(FoundOffices { items: told(rows)?, etag })
    }
}
