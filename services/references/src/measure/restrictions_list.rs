//! Use case: list the goods under a restriction.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{ListRestrictions, RestrictedGoodsPage};
use uuid::Uuid;

use super::restrictions;
use crate::{
    App,
    page::{Page, check_day, invalid, require},
};

impl Answers<ListRestrictions> for App {
    async fn answer(&self, _: &Caller, ask: ListRestrictions) -> Result<RestrictedGoodsPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        let after = cursor(&page.after);
        if after.is_none() {
            findings.push(invalid("/after", "after is not a cursor of this list"));
        }
        let commodity = ask.commodity_code.as_deref();
        if commodity.is_some_and(|code| {
            !(2..=10).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_digit())
        }) {
            findings.push(invalid("/commodityCode", "commodityCode has 2 to 10 digits"));
        }
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let etag = self.etag(ask.at).await?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let reader = self.store().reader();
        let after = after.unwrap_or_default();
        let mut items = restrictions::page(reader, day, commodity, after, &page).await?;
        let next = page.cut(&mut items, |measure| format!("{}/{}", measure.prefix, measure.id));
        Ok(RestrictedGoodsPage { items, next, etag })
    }
}

/// The prefix and id after which the page begins.
fn cursor(after: &str) -> Option<(&str, Uuid)> {
    if after.is_empty() {
        return Some(("", Uuid::nil()));
    }
    let (prefix, id) = after.split_once('/')?;
    Some((prefix, id.parse().ok()?))
}
