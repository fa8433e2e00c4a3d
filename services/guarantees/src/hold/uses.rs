//! Use case: the use of a guarantee movement by movement, or the guarantees of one movement.

use customs_guarantees_contract::{GuaranteeUse, GuaranteeUsePage, GuaranteeUses};
use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Hold, store, store::held};
use crate::{
    App,
    guarantee::{self, sees_all, store::hot},
    input::{self, Findings, Page},
};

impl Answers<GuaranteeUses> for App {
    async fn answer(&self, caller: &Caller, ask: GuaranteeUses) -> Result<GuaranteeUsePage, Failure> {
        let page = Page::read(ask.first, ask.after.as_deref(), |key| Uuid::from_slice(key).ok())?;
        let mut findings = Findings::default();
        findings.require(
            ask.reference.is_some() || ask.mrn.is_some(),
            "/reference",
            "name a guarantee or a movement",
        );
        findings.done()?;
        let mut uses = held::Entity::find().order_by_desc(held::Column::Id).limit(page.rows());
        if let Some(reference) = &ask.reference {
            let guarantee = self.visible(caller, reference).await?;
            uses = uses.filter(held::Column::GuaranteeId.eq(guarantee.id()));
        }
        if let Some(mrn) = &ask.mrn {
            uses = uses.filter(held::Column::Mrn.eq(mrn.as_str()));
        }
        if ask.reference.is_none() && !sees_all(&caller.actor) {
            let party = caller.actor.party.as_ref().ok_or_else(guarantee::store::unknown)?;
            let own = hot::Entity::find()
                .select_only()
                .column(hot::Column::Id)
                .filter(hot::Column::Guarantor.eq(party.as_str()));
            let concerned = Condition::any()
                .add(held::Column::Holder.eq(party.as_str()))
                .add(held::Column::GuaranteeId.in_subquery(sea_orm::QueryTrait::into_query(own)));
            uses = uses.filter(concerned);
        }
        if ask.open_only.unwrap_or_default() {
            uses = uses.filter(held::Column::EndedAt.is_null());
        }
        if let Some(after) = page.after {
            uses = uses.filter(held::Column::Id.lt(after));
        }
        let rows = uses.all(self.store.reader()).await?;
        let (rows, next) = page.cut(rows, |row| row.id);
        let items = rows.into_iter().map(|row| Ok(told_use(&store::read(row)?)));
        Ok(GuaranteeUsePage { items: items.collect::<Result<_, Failure>>()?, next })
    }
}

/// A hold as it is told.
pub(super) fn told_use(hold: &Hold) -> GuaranteeUse {
    GuaranteeUse {
        id: hold.id,
        grn: hold.grn().map(ToOwned::to_owned),
        guarantee_type: hold.kind.code().to_owned(),
        other_reference: hold.other_reference.clone(),
        mrn: hold.mrn.clone(),
        amount: hold.amount.map(input::told),
        state: hold.state.as_str().to_owned(),
        placed_at: hold.placed_at,
        ended_at: hold.ended_at,
        end_reason: hold.end_reason.clone(),
    }
}
