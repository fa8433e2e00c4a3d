//! Use case: what can still be held of a guarantee, told to whoever proves to know it, and to nobody else.

use std::time::Duration;

use customs_guarantees_contract::{
    GuaranteeBalance, GuaranteeBalanceOutput, problems::BALANCE_NOT_MONITORED,
};
use customs_kernel::{Caller, Grn, problem};
use customs_platform::{Answers, Failure};

use super::{aggregate::sees_all, store};
use crate::{App, access::SealedCode, ledger::Account};

/// How often one person may fail at one guarantee in an hour; a code of four characters is guessed by trying.
const FAILURES_MAX: u64 = 20;
const FAILURES_LIFE: Duration = Duration::from_hours(1);

impl Answers<GuaranteeBalance> for App {
    async fn answer(
        &self,
        caller: &Caller,
        ask: GuaranteeBalance,
    ) -> Result<GuaranteeBalanceOutput, Failure> {
        let grn: Result<Grn, _> = ask.grn.parse();
        let failures =
            format!("guarantees/balance/{}/{}", caller.actor.subject, grn.as_ref().map_or("-", Grn::as_str));
        self.refuse_guessing(&failures).await?;
        let guarantee = match &grn {
            Ok(grn) => store::find(self.store.reader(), grn.as_str()).await?,
            Err(_) => None,
        };
        let seal = guarantee.as_ref().and_then(|guarantee| guarantee.access.clone());
        let opens = seal.unwrap_or_else(SealedCode::nobodys).opens_with(&ask.access_code);
        let own = guarantee.filter(|guarantee| {
            opens && (sees_all(&caller.actor) || caller.actor.party.as_ref() == Some(&guarantee.owner))
        });
        let Some(guarantee) = own else {
            self.cache.count(&failures, FAILURES_LIFE).await;
            return Err(store::unknown().into());
        };
        if !guarantee.kind.has_balance() {
            let detail = format!("a guarantee of type {} has no balance", guarantee.kind.code());
            return Err(BALANCE_NOT_MONITORED.because(detail).into());
        }
        let available = guarantee.book.amount(Account::Available);
        Ok(GuaranteeBalanceOutput {
            grn: ask.grn,
            balance: available.decimal(),
            currency: available.currency.to_string(),
        })
    }
}

impl App {
    /// Refuses whoever has failed too often, also with the right code: a guess must not be told from knowledge.
    async fn refuse_guessing(&self, failures: &str) -> Result<(), Failure> {
        let failed: u64 =
            self.cache.get(failures).await.and_then(|text| text.parse().ok()).unwrap_or_default();
        if failed < FAILURES_MAX {
            return Ok(());
        }
        let problem = problem::TOO_MANY_REQUESTS.because("asked too often about one guarantee");
        Err(problem.retry_after(3_600).into())
    }
}
