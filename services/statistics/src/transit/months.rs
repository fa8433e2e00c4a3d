//! Use case: list the months for which there are counters.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_statistics_contract::{ListMonths, StatisticsMonthPage};

use super::store;
use crate::{App, page};

impl Answers<ListMonths> for App {
    async fn answer(&self, _caller: &Caller, ask: ListMonths) -> Result<StatisticsMonthPage, Failure> {
        let mut findings = Vec::new();
        let first = page::first(ask.first, &mut findings);
        let after = page::after(ask.after.as_deref(), &mut findings, |month| Some(month.to_owned()));
        page::refuse(findings)?;
        let mut items = store::months(self.store.reader(), after.as_deref(), first + 1).await?;
        let more = items.len() > first;
        items.truncate(first);
        let next = items.last().filter(|_| more).map(|month| page::cursor(&month.month));
        Ok(StatisticsMonthPage { items, next })
    }
}
