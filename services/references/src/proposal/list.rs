//! Use cases: list proposals, find one, and what it would change.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{
    FindProposal, ImportProposal, ImportProposalPage, ListProposals, ListProposedChanges, ProposedChangePage,
};
use uuid::Uuid;

use super::store::{Proposal, changes};
use crate::{
    App,
    import::unknown,
    page::{Page, invalid, require},
};

impl Answers<ListProposals> for App {
    async fn answer(&self, caller: &Caller, ask: ListProposals) -> Result<ImportProposalPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        let before = if page.after.is_empty() { Some(Uuid::max()) } else { page.after.parse().ok() };
        if before.is_none() {
            findings.push(invalid("/after", "after is not a cursor of this list"));
        }
        require(findings)?;
        let before = before.unwrap_or(Uuid::max());
        let mut found = Proposal::page(self.store().reader(), ask.state, before, &page).await?;
        let next = page.cut(&mut found, |proposal| proposal.import.to_string());
        Ok(ImportProposalPage { items: found.into_iter().map(|one| one.told(caller)).collect(), next })
    }
}

impl Answers<FindProposal> for App {
    async fn answer(&self, caller: &Caller, ask: FindProposal) -> Result<ImportProposal, Failure> {
        let found = Proposal::find(self.store().reader(), ask.import).await?;
        Ok(found.ok_or_else(|| unknown(ask.import))?.told(caller))
    }
}

impl Answers<ListProposedChanges> for App {
    async fn answer(&self, _: &Caller, ask: ListProposedChanges) -> Result<ProposedChangePage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        let after = if page.after.is_empty() { Some(-1) } else { page.after.parse().ok() };
        if after.is_none() {
            findings.push(invalid("/after", "after is not a cursor of this list"));
        }
        require(findings)?;
        let reader = self.store().reader();
        Proposal::find(reader, ask.import).await?.ok_or_else(|| unknown(ask.import))?;
        let mut found = changes(reader, ask.import, after.unwrap_or(-1), &page).await?;
        let next = page.cut(&mut found, |(position, _)| position.to_string());
        Ok(ProposedChangePage { items: found.into_iter().map(|(_, change)| change).collect(), next })
    }
}
