//! Use case: the guarantee contracts the caller may see.

use customs_guarantees_contract::{GuaranteePage, ListGuarantees};
use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    aggregate::sees_all,
    state::GuaranteeState,
    store::{self, hot},
    view,
};
use crate::{
    App,
    input::{Findings, Page},
    kind::Kind,
};

impl Answers<ListGuarantees> for App {
    async fn answer(&self, caller: &Caller, ask: ListGuarantees) -> Result<GuaranteePage, Failure> {
        let page = Page::read(ask.first, ask.after.as_deref(), |key| Uuid::from_slice(key).ok())?;
        let mut findings = Findings::default();
        let state = ask.state.as_deref();
        findings.require(
            state.is_none_or(|state| GuaranteeState::parse(state).is_some()),
            "/state",
            "is no state of a guarantee",
        );
        let kind = ask.guarantee_type.as_deref();
        findings.require(
            kind.is_none_or(|kind| Kind::parse(kind).is_some()),
            "/guaranteeType",
            "is not in CL251",
        );
        findings.done()?;
        let mut contracts = hot::Entity::find().order_by_desc(hot::Column::Id).limit(page.rows());
        if !sees_all(&caller.actor) {
            let Some(party) = caller.actor.party.as_ref() else {
                return Ok(GuaranteePage { items: Vec::new(), next: None });
            };
            let own = Condition::any()
                .add(hot::Column::Guarantor.eq(party.as_str()))
                .add(hot::Column::Owner.eq(party.as_str()));
            contracts = contracts.filter(own);
        }
        if let Some(state) = state {
            contracts = contracts.filter(hot::Column::State.eq(state));
        }
        if let Some(kind) = kind {
            contracts = contracts.filter(hot::Column::Kind.eq(kind));
        }
        if let Some(after) = page.after {
            contracts = contracts.filter(hot::Column::Id.lt(after));
        }
        let rows = contracts.all(self.store.reader()).await?;
        let (rows, next) = page.cut(rows, |row| row.id);
        let items = rows.into_iter().map(|row| Ok(view::summary(&store::read(row)?)));
        Ok(GuaranteePage { items: items.collect::<Result<_, Failure>>()?, next })
    }
}
