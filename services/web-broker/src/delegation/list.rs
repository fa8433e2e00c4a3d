//! Use case: see the delegations in which one's own organisation has a side.

use customs_kernel::{Caller, Eori};
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{DelegationPage, ListDelegations};

use super::store;
use crate::{
    App,
    organisation::{self, Organisation},
    page::Slice,
};

impl Answers<ListDelegations> for App {
    async fn answer(&self, caller: &Caller, ask: ListDelegations) -> Result<DelegationPage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let own = organisation::own(self.reader(), caller).await?;
        let (delegations, next) = store::page(self.reader(), own.eori(), slice).await?;
        // One side is always the caller's own: there are at most as many others as delegations.
        let mut others: Vec<&str> = delegations
            .iter()
            .flat_map(|delegation| [delegation.principal().as_str(), delegation.representative().as_str()])
            .filter(|eori| *eori != own.eori().as_str())
            .collect();
        others.sort_unstable();
        others.dedup();
        let mut sides = organisation::store::by_eoris(self.reader(), others).await?;
        sides.push(own);
        let name = |eori: &Eori| sides.iter().find(|side| side.eori() == eori).map_or("", Organisation::name);
        let items = delegations.iter().map(|delegation| {
            delegation.view(name(delegation.principal()), name(delegation.representative()))
        });
        Ok(DelegationPage { items: items.collect(), next })
    }
}
