//! Guarantee contracts as they are told.

use customs_guarantees_contract::{Guarantee as Told, GuaranteeContract};
use customs_kernel::Money;
use customs_platform::Failure;
use sea_orm::ConnectionTrait;

use super::{Guarantee, grant_level, store};
use crate::{input, ledger::Account};

/// The contract as it stands in a list.
///
/// Before approval nothing is covered: what is available is told from the day it is.
pub(super) fn summary(guarantee: &Guarantee) -> Told {
    Told {
        id: guarantee.id,
        grn: guarantee.grn.as_ref().map(ToString::to_string),
        guarantee_type: guarantee.kind.code().to_owned(),
        guarantor: guarantee.guarantor.to_string(),
        owner: guarantee.owner.to_string(),
        insured_amount: input::told(guarantee.insured),
        level_percent: guarantee.level.percent(),
        reference_amount: input::told(reference(guarantee)),
        available: input::told(guarantee.book.amount(Account::Available)),
        headroom_percent: guarantee.book.headroom_percent(),
        valid_from: guarantee.valid_from,
        valid_until: guarantee.valid_until,
        state: guarantee.state.as_str().to_owned(),
        version: guarantee.version,
    }
}

/// The contract with everything its guarantor, owner and customs see of it.
pub(crate) async fn contract(
    connection: &impl ConnectionTrait,
    guarantee: &Guarantee,
) -> Result<GuaranteeContract, Failure> {
    let terms = store::terms(connection, guarantee.id).await?;
    let levels = grant_level::levels(connection, guarantee.id).await?;
    let amount = |account| input::told(guarantee.book.amount(account));
    Ok(GuaranteeContract {
        id: guarantee.id,
        grn: guarantee.grn.as_ref().map(ToString::to_string),
        guarantee_type: guarantee.kind.code().to_owned(),
        guarantor: guarantee.guarantor.to_string(),
        guarantor_kind: terms.guarantor_kind,
        owner: guarantee.owner.to_string(),
        office_of_guarantee: terms.office_of_guarantee,
        valid_from: guarantee.valid_from,
        valid_until: guarantee.valid_until,
        insured_amount: input::told(guarantee.insured),
        level_percent: guarantee.level.percent(),
        reference_amount: input::told(reference(guarantee)),
        levels,
        running_total: amount(Account::Held),
        available: amount(Account::Available),
        called: amount(Account::Called),
        paid: amount(Account::Paid),
        headroom_percent: guarantee.book.headroom_percent(),
        alert: guarantee.warned_at().map_or_else(|| "none".to_owned(), |percent| format!("over-{percent}")),
        warn_at_percent: guarantee.thresholds.percents().to_vec(),
        open_uses: guarantee.open_uses,
        payment_terms: terms.payment,
        liabilities: terms.liabilities,
        not_valid_in: guarantee.not_valid_in.clone(),
        proposed_at: terms.proposed_at,
        decided_at: terms.decided_at,
        cancelled_on: guarantee.cancelled_on,
        state: guarantee.state.as_str().to_owned(),
        reason: terms.reason,
        version: guarantee.version,
    })
}

/// The reference amount; before approval the one that there will be.
fn reference(guarantee: &Guarantee) -> Money {
    let minor = guarantee.level.reference(guarantee.insured.minor);
    Money::new(minor.unwrap_or(guarantee.insured.minor), guarantee.insured.currency)
}
