//! Deadlines of guarantee contracts: the policy period ends, a cancellation takes effect.

use async_trait::async_trait;
use chrono::NaiveDate;
use customs_platform::{Failure, Rings, Timer, Work};

use super::{Guarantee, review::keep, state::GuaranteeEvent, store};
use crate::App;

/// The policy period is over.
pub(super) const PERIOD_OVER: &str = "guarantee-period-over";
/// A cancellation takes effect.
pub(super) const CANCELLATION: &str = "guarantee-cancellation";

/// A level of the reference amount begins to count.
pub(super) const LEVEL: &str = "guarantee-level";

/// The day after `day`.
pub(super) fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

#[async_trait]
impl Rings for App {
    async fn ring(&self, work: &mut Work, timer: &Timer) -> Result<(), Failure> {
        let mut guarantee = store::lock(work.txn(), &timer.aggregate).await?;
        let today = self.today(work.now());
        let over = match timer.name.as_str() {
            LEVEL => return self.level_due(work, guarantee).await,
            PERIOD_OVER => today > guarantee.valid_until,
            CANCELLATION => guarantee.cancelled_on.is_some_and(|end| today >= end),
            other => return Err(Failure::Broken(anyhow::anyhow!("no deadline is named {other}"))),
        };
        if over { run_out(work, &mut guarantee).await } else { Ok(()) }
    }
}

/// No new uses from here on; one that has ended some other way stays as it is.
async fn run_out(work: &mut Work, guarantee: &mut Guarantee) -> Result<(), Failure> {
    if guarantee.happen(GuaranteeEvent::RunOut).is_err() {
        return Ok(());
    }
    keep(work, guarantee).await
}
