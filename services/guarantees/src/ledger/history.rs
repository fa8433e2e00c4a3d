//! Use case: the postings of a guarantee, latest first.

use customs_guarantees_contract::{GuaranteeLedger, GuaranteePosting, GuaranteePostingPage};
use customs_kernel::{Caller, Money};
use customs_platform::{Answers, Failure};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::store::posted;
use crate::{
    App,
    input::{self, Page},
};

impl Answers<GuaranteeLedger> for App {
    async fn answer(&self, caller: &Caller, ask: GuaranteeLedger) -> Result<GuaranteePostingPage, Failure> {
        let page =
            Page::read(ask.first, ask.after.as_deref(), |key| key.try_into().ok().map(i64::from_be_bytes))?;
        let guarantee = self.visible(caller, &ask.reference).await?;
        let mut postings = posted::Entity::find()
            .filter(posted::Column::GuaranteeId.eq(guarantee.id()))
            .order_by_desc(posted::Column::Number)
            .limit(page.rows());
        if let Some(after) = page.after {
            postings = postings.filter(posted::Column::Number.lt(after));
        }
        let rows = postings.all(self.store.reader()).await?;
        let (rows, next) = page.cut(rows, |row| row.number.to_be_bytes());
        let currency = guarantee.book().currency();
        let items = rows.into_iter().map(|row| GuaranteePosting {
            number: row.number,
            decision: row.decision,
            debit: row.debit,
            credit: row.credit,
            amount: input::told(Money::new(row.amount_minor, currency)),
            reason: row.reason,
            mrn: row.mrn,
            posted_at: row.posted_at,
        });
        Ok(GuaranteePostingPage { items: items.collect(), next })
    }
}
