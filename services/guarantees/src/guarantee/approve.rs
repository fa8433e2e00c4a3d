//! Use case: approve a proposed guarantee; it gets its GRN and access code and becomes active.

use chrono::Datelike;
use customs_guarantees_contract::{ApproveGuarantee, IssuedGuarantee, problems::GUARANTEE_STATE};
use customs_kernel::{Caller, Grn};
use customs_platform::{Acts, Failure, Work};

use super::{
    Guarantee, deadline,
    review::{keep, load},
    state::GuaranteeEvent,
    store, view,
};
use crate::{App, access::SealedCode, changes::Changes, kind::Kind, ledger};

/// Where the access code stands in the answer.
pub(super) const ACCESS_CODE: &str = "/accessCode";

impl Acts<ApproveGuarantee> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: ApproveGuarantee,
    ) -> Result<IssuedGuarantee, Failure> {
        let mut guarantee = load(work, &ask.reference, ask.version).await?;
        let mut terms = store::terms(work.txn(), guarantee.id).await?;
        guarantee.after(GuaranteeEvent::Approve)?;
        terms.decided(&caller.actor, work.now(), None)?;
        let today = self.today(work.now());
        if guarantee.valid_until < today {
            return Err(GUARANTEE_STATE.because("the policy period is over").into());
        }
        let opened = guarantee.approve(self.next_grn(work, guarantee.kind, today.year()).await?)?;
        let access_code = renew_access(&mut guarantee)?;
        work.tell_once(ACCESS_CODE);
        keep(work, &mut guarantee).await?;
        store::save_terms(work.txn(), guarantee.id, &terms).await?;
        let mut changes = Changes::at(work.now());
        changes.post(&guarantee, None, opened);
        ledger::store::append(work.txn(), &changes.into_postings()).await?;
        let over = store::start_of(deadline::after(guarantee.valid_until), self.zone);
        work.set_timer(deadline::PERIOD_OVER, &guarantee.id.to_string(), over);
        Ok(IssuedGuarantee { guarantee: view::summary(&guarantee), access_code })
    }
}

/// Gives `guarantee` a fresh access code where its type has one, and tells it this once.
pub(super) fn renew_access(guarantee: &mut Guarantee) -> Result<Option<String>, Failure> {
    if !guarantee.kind.needs_access_code() {
        return Ok(None);
    }
    let (code, sealed) = SealedCode::issue()?;
    guarantee.access = Some(sealed);
    Ok(Some(code))
}

impl App {
    /// The next GRN of the year; a voucher has its number behind it (R0318).
    async fn next_grn(&self, work: &Work, kind: Kind, year: i32) -> Result<Grn, Failure> {
        let series = format!("grn-{}-{}", self.country, year.rem_euclid(100));
        let number = store::next_number(work.txn(), &series).await?;
        let grn = Grn::compose(year, &self.country, &format!("{number:012}")).map_err(anyhow::Error::from)?;
        if kind != Kind::Voucher {
            return Ok(grn);
        }
        let voucher = format!("{grn}A{:06}", number % 1_000_000);
        Ok(voucher.parse().map_err(anyhow::Error::from)?)
    }
}
