//! Use case: recompute a guarantee from its postings and holds; one that does not add up is suspended.

use customs_guarantees_contract::{GuaranteeAccount, GuaranteeReconciliation, ReconcileGuarantee};
use customs_kernel::{Caller, Money};
use customs_platform::{Acts, Failure, Work};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::Account;
use crate::{App, guarantee, guarantee::Guarantee, input};

/// What the postings and holds of one guarantee add up to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Recomputed {
    /// How many postings there are.
    pub(crate) postings: i64,
    /// Debits less credits by account, for the limit credits less debits, in the order of [`Account::ALL`].
    pub(crate) posted: [i64; 5],
    /// What open holds cover.
    pub(crate) open_minor: i64,
    /// How many holds are open.
    pub(crate) open_uses: i64,
}

impl Recomputed {
    /// Whether the running balance of `guarantee` says the same.
    pub(crate) fn agrees(&self, guarantee: &Guarantee) -> bool {
        let running = Account::ALL.map(|account| guarantee.minor(account));
        running == self.posted
            && guarantee.minor(Account::Held) == self.open_minor
            && i64::from(guarantee.open_uses()) == self.open_uses
    }
}

/// Recomputes guarantee `id` from its postings and its open holds.
pub(crate) async fn recompute(connection: &impl ConnectionTrait, id: Uuid) -> Result<Recomputed, Failure> {
    let backend = connection.get_database_backend();
    let sql = "SELECT debit, credit, COUNT(*) AS postings, CAST(SUM(amount_minor) AS BIGINT) AS minor \
               FROM postings WHERE guarantee_id = $1 GROUP BY debit, credit";
    let statement = Statement::from_sql_and_values(backend, sql, [Value::from(id)]);
    let mut sum = Recomputed::default();
    for row in connection.query_all_raw(statement).await? {
        let (debit, credit): (String, String) = (row.try_get("", "debit")?, row.try_get("", "credit")?);
        let minor: i64 = row.try_get("", "minor")?;
        sum.postings += row.try_get::<i64>("", "postings")?;
        for (account, total) in Account::ALL.iter().zip(&mut sum.posted) {
            let sign = if *account == Account::Limit { -1 } else { 1 };
            if account.as_str() == debit {
                *total += sign * minor;
            }
            if account.as_str() == credit {
                *total -= sign * minor;
            }
        }
    }
    let sql = "SELECT COUNT(*) AS uses, CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS minor \
               FROM holds WHERE guarantee_id = $1 AND ended_at IS NULL";
    let statement = Statement::from_sql_and_values(backend, sql, [Value::from(id)]);
    if let Some(row) = connection.query_one_raw(statement).await? {
        sum.open_uses = row.try_get("", "uses")?;
        sum.open_minor = row.try_get("", "minor")?;
    }
    Ok(sum)
}

impl Acts<ReconcileGuarantee> for App {
    async fn act(
        &self,
        work: &mut Work,
        _: &Caller,
        ask: ReconcileGuarantee,
    ) -> Result<GuaranteeReconciliation, Failure> {
        let guarantee = guarantee::store::lock(work.txn(), &ask.reference).await?;
        let sum = recompute(work.txn(), guarantee.id()).await?;
        let currency = guarantee.book().currency();
        let told = |minor| input::told(Money::new(minor, currency));
        let accounts = Account::ALL.iter().zip(sum.posted).map(|(account, posted)| GuaranteeAccount {
            account: account.as_str().to_owned(),
            running: told(guarantee.minor(*account)),
            posted: told(posted),
        });
        let told = GuaranteeReconciliation {
            id: guarantee.id(),
            balanced: sum.agrees(&guarantee),
            postings: sum.postings,
            accounts: accounts.collect(),
        };
        if !told.balanced {
            tracing::error!(guarantee = %guarantee.id(), ?sum, "the ledger of a guarantee does not add up");
            guarantee::suspend_broken(work, guarantee).await?;
        }
        Ok(told)
    }
}
