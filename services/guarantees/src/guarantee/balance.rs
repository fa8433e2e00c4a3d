//! Use case: what can still be held of a guarantee, told to whoever proves to know it, and to nobody else.

use std::time::Duration;

use customs_guarantees_contract::{
    GuaranteeBalance, GuaranteeBalanceOutput, problems::BALANCE_NOT_MONITORED,
};
use customs_kernel::{Caller, Grn, problem};
use customs_platform::{Answers, Failure};

use super::{aggregate::sees_all, store};
use crate::{App, access::SealedCode, ledger::Account};

/// How often one person may ask about one guarantee in an hour; a code of four characters is guessed by trying.
const TRIES_MAX: u64 = 20;
const TRIES_LIFE: Duration = Duration::from_hours(1);

impl Answers<GuaranteeBalance> for App {
    async fn answer(
        &self,
        caller: &Caller,
        ask: GuaranteeBalance,
    ) -> Result<GuaranteeBalanceOutput, Failure> {
        let grn: Result<Grn, _> = ask.grn.parse();
        self.count_try(caller, grn.as_ref().map_or("-", Grn::as_str)).await?;
        let guarantee = match &grn {
            Ok(grn) => store::find(self.store.reader(), grn.as_str()).await?,
            Err(_) => None,
        };
        let seal = guarantee.as_ref().and_then(|guarantee| guarantee.access.clone());
        let opens = seal.unwrap_or_else(SealedCode::nobodys).opens_with(&ask.access_code);
        let own = guarantee.filter(|guarantee| {
            opens && (sees_all(&caller.actor) || caller.actor.party.as_ref() == Some(&guarantee.owner))
        });
        let guarantee = own.ok_or_else(store::unknown)?;
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
    /// Counts one question of the caller about `grn`, whether there is such a guarantee or not.
    async fn count_try(&self, caller: &Caller, grn: &str) -> Result<(), Failure> {
        let key = format!("guarantees/balance/{}/{grn}", caller.actor.subject);
        match self.cache.count(&key, TRIES_LIFE).await {
            Some(tries) if tries > TRIES_MAX => {
                let problem = problem::TOO_MANY_REQUESTS.because("asked too often about one guarantee");
                Err(problem.retry_after(60).into())
            }
            _ => Ok(()),
        }
    }
}
