//! Use cases: find one code of a list, or several at once.

use customs_kernel::{Caller, problem};
use customs_platform::{Answers, Failure};
use customs_references_contract::{CodeEntry, FindCode, FindCodes, FoundCodes};

use super::told;
use crate::{
    App,
    dataset::OFFICE_LIST,
    entry::{of_code, of_codes},
    page::{check_day, check_text, check_texts, require},
};

impl Answers<FindCode> for App {
    async fn answer(&self, _: &Caller, ask: FindCode) -> Result<CodeEntry, Failure> {
        let mut findings = Vec::new();
        check_text("/list", &ask.list, 1, 80, &mut findings);
        check_text("/code", &ask.code, 1, 80, &mut findings);
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let missing = || problem::NOT_FOUND.because(format!("{} has no code {}", ask.list, ask.code));
        let today = self.hot().today();
        let day = ask.at.unwrap_or(today);
        if ask.list == OFFICE_LIST || (day == today && !self.hot().now().await?.has(&ask.list, &ask.code)) {
            return Err(missing().into());
        }
        let rows = of_code(self.store().reader(), &ask.list, &ask.code, day).await?;
        told(rows).into_iter().next().ok_or_else(|| missing().into())
    }
}

impl Answers<FindCodes> for App {
    async fn answer(&self, _: &Caller, ask: FindCodes) -> Result<FoundCodes, Failure> {
        let mut findings = Vec::new();
        check_text("/list", &ask.list, 1, 80, &mut findings);
        check_texts("/codes", &ask.codes, &mut findings);
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let etag = self.etag(ask.at).await?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let rows = match ask.list.as_str() {
            OFFICE_LIST => Vec::new(),
            list => of_codes(self.store().reader(), list, &ask.codes, day).await?,
        };
        Ok(FoundCodes { items: told(rows), etag })
    }
}
