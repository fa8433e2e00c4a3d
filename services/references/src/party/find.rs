//! Use cases: find an economic operator, list them by role and name.

use customs_kernel::{Caller, problem};
use customs_platform::{Answers, Failure};
use customs_references_contract::{
    FindParties, FindParty, FoundParties, ListParties, PartyPage, RegisteredParty,
};

use super::aggregate::Party;
use crate::{
    App,
    page::{Page, check_text, check_texts, invalid, require},
    version::newest,
};

impl Answers<FindParty> for App {
    async fn answer(&self, _: &Caller, ask: FindParty) -> Result<RegisteredParty, Failure> {
        let missing = || problem::NOT_FOUND.because(format!("{:?} is not in the register", ask.eori));
        let party = Party::find(self.store().reader(), &ask.eori).await?.ok_or_else(missing)?;
        Ok(party.told(self.now()))
    }
}

impl Answers<FindParties> for App {
    async fn answer(&self, _: &Caller, ask: FindParties) -> Result<FoundParties, Failure> {
        let mut findings = Vec::new();
        check_texts("/eoris", &ask.eoris, &mut findings);
        require(findings)?;
        let parties = Party::find_all(self.store().reader(), &ask.eoris).await?;
        let now = self.now();
        Ok(FoundParties { items: parties.into_iter().map(|party| party.told(now)).collect() })
    }
}

impl Answers<ListParties> for App {
    async fn answer(&self, _: &Caller, ask: ListParties) -> Result<PartyPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        if let Some(search) = &ask.search {
            check_text("/search", search, 0, 80, &mut findings);
        }
        let role = ask.role.as_deref();
        if role.is_some_and(|role| {
            !(1..=10).contains(&role.len()) || !role.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }) {
            findings.push(invalid("/role", "role is a word such as AEO"));
        }
        require(findings)?;
        let version = newest(self.store().reader()).await?.text();
        let search = ask.search.as_deref().filter(|search| !search.is_empty());
        let parties = Party::page(self.store().reader(), role, search, &page).await?;
        let now = self.now();
        let mut items: Vec<RegisteredParty> = parties.into_iter().map(|party| party.told(now)).collect();
        let next = page.cut(&mut items, |party| party.eori.clone());
        Ok(PartyPage { items, next, etag: format!("{version}-{}", now.format("%Y%m%d")) })
    }
}
