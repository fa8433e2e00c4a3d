//! What guarantees answers.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An amount of money as text: a decimal number with at most two places, and its currency.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(input_name = "GuaranteeMoneyInput")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuaranteeMoney {
    /// Decimal number, such as `10000.00`.
    #[schema(pattern = r"^\d{1,16}(\.\d{1,2})?$", example = "10000.00")]
    pub amount: String,
    /// ISO 4217 letter code.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    pub currency: String,
}

/// One guarantee contract in a list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Guarantee {
    /// Contract id.
    pub id: Uuid,
    /// Guarantee reference number, from approval on.
    pub grn: Option<String>,
    /// Type by code list CL251.
    pub guarantee_type: String,
    /// EORI of the guarantor.
    pub guarantor: String,
    /// EORI of the owner, who uses the guarantee as holder of the transit procedure.
    pub owner: String,
    /// The amount that the guarantor has undertaken to pay; of a waiver, the reference amount.
    pub insured_amount: GuaranteeMoney,
    /// How much of the reference amount is insured, in per cent: 100, 50 or 30; 0 where the undertaking is waived.
    pub level_percent: i32,
    /// The reference amount, which all uses together may hold at most: the insured amount by the level.
    pub reference_amount: GuaranteeMoney,
    /// What can still be held: the headroom.
    pub available: GuaranteeMoney,
    /// How much of the reference amount is free, in whole per cent rounded down.
    pub headroom_percent: i32,
    /// First day of the policy period.
    pub valid_from: NaiveDate,
    /// Last day of the policy period.
    pub valid_until: NaiveDate,
    /// `proposed`, `under-approval`, `rejected`, `active`, `suspended`, `exhausted`, `cancelled`, `run-off`
    /// or `closed`.
    pub state: String,
    /// Raised by every decision about the contract; not by its use.
    pub version: i32,
}

/// A page of guarantee contracts.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteePage {
    /// The contracts, latest first.
    pub items: Vec<Guarantee>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A guarantee contract with everything its guarantor, owner and customs see of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeContract {
    /// Contract id.
    pub id: Uuid,
    /// Guarantee reference number, from approval on.
    pub grn: Option<String>,
    /// Type by code list CL251.
    pub guarantee_type: String,
    /// EORI of the guarantor.
    pub guarantor: String,
    /// `bank`, `insurer`, `broker`, `chamber` or `association`; absent where cash or a waiver needs none.
    pub guarantor_kind: Option<String>,
    /// EORI of the owner.
    pub owner: String,
    /// Customs office of guarantee.
    pub office_of_guarantee: String,
    /// First day of the policy period.
    pub valid_from: NaiveDate,
    /// Last day of the policy period.
    pub valid_until: NaiveDate,
    /// The amount that the guarantor has undertaken to pay; of a waiver, the reference amount.
    pub insured_amount: GuaranteeMoney,
    /// How much of the reference amount is insured, in per cent: 100, 50 or 30; 0 where the undertaking is waived.
    pub level_percent: i32,
    /// The reference amount, which all uses together may hold at most: the insured amount by the level.
    pub reference_amount: GuaranteeMoney,
    /// The level of the reference amount in force, and the one that is to come, the latest first.
    pub levels: Vec<GuaranteeLevel>,
    /// Running total: the sum of all open holds, which is the ledger's account of what is held.
    pub running_total: GuaranteeMoney,
    /// What can still be held, the headroom: reference amount less held, called and paid.
    pub available: GuaranteeMoney,
    /// What the guarantor was called for and has not paid yet.
    pub called: GuaranteeMoney,
    /// What the guarantor has paid.
    pub paid: GuaranteeMoney,
    /// How much of the reference amount is free, in whole per cent rounded down.
    pub headroom_percent: i32,
    /// `none`, or `over-` and the highest threshold that is reached, such as `over-80`.
    pub alert: String,
    /// At how many per cent of the reference amount in use guarantor and owner are warned.
    pub warn_at_percent: Vec<i32>,
    /// How many movements hold a part.
    pub open_uses: i32,
    /// How and when the guarantor indemnifies and pays.
    pub payment_terms: String,
    /// What the guarantor is liable for.
    pub liabilities: String,
    /// Countries in which the guarantee is not valid, two letters each.
    pub not_valid_in: Vec<String>,
    /// When the contract was proposed.
    pub proposed_at: DateTime<Utc>,
    /// When customs approved or rejected it.
    pub decided_at: Option<DateTime<Utc>>,
    /// From which day on no new movement may use it.
    pub cancelled_on: Option<NaiveDate>,
    /// State of the contract, as in a list.
    pub state: String,
    /// Why it was rejected, suspended or cancelled.
    pub reason: Option<String>,
    /// Raised by every decision about the contract; not by its use.
    pub version: i32,
}

/// How much of the reference amount of a guarantee is insured, from which day on and by which authorisation.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeLevel {
    /// In per cent of the reference amount.
    pub level_percent: i32,
    /// The first day on which it counts.
    pub effective_on: NaiveDate,
    /// Number of the authorisation.
    pub authorisation: String,
    /// Why.
    pub reason: String,
    /// When customs decided so.
    pub granted_at: DateTime<Utc>,
    /// Since when it counts; absent as long as it is to come, or where another took its place before.
    pub applied_at: Option<DateTime<Utc>>,
}

/// An approved guarantee, with the access code that is told this once.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssuedGuarantee {
    /// The guarantee.
    pub guarantee: Guarantee,
    /// Access code of four characters for the owner; only its salted hash is kept, so that it is absent
    /// where the same request comes again, and for type 3.
    pub access_code: Option<String>,
}

/// What one movement holds of a guarantee, or held.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeUse {
    /// Id of the hold.
    pub id: Uuid,
    /// Guarantee reference number; absent for types that have none.
    pub grn: Option<String>,
    /// Type by code list CL251.
    pub guarantee_type: String,
    /// Another reference, for types 3 and 8.
    pub other_reference: Option<String>,
    /// Movement reference number.
    pub mrn: String,
    /// The covered amount; absent where the type holds nothing. After the end: what was last covered.
    pub amount: Option<GuaranteeMoney>,
    /// `placed`, `reduced`, `freed` or `called`.
    pub state: String,
    /// When the hold was placed.
    pub placed_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it ended: `discharged`, `paid`, `cancelled`, `not-released`, `undone`, `replaced`, `called` or `recalled`.
    pub end_reason: Option<String>,
}

/// A page of uses.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeUsePage {
    /// The uses, latest first.
    pub items: Vec<GuaranteeUse>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// One posting of the ledger: an amount that leaves one account for another, debit and credit at once.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteePosting {
    /// Position in the ledger; grows, with gaps.
    pub number: i64,
    /// The decision it belongs to.
    pub decision: Uuid,
    /// The debited account: `limit`, `available`, `held`, `called` or `paid`.
    pub debit: String,
    /// The credited account.
    pub credit: String,
    /// How much.
    pub amount: GuaranteeMoney,
    /// `open`, `amend`, `hold`, `raise`, `reduce`, `free`, `call`, `pay`, `recall` or `refund`.
    pub reason: String,
    /// The movement, where one is the reason.
    pub mrn: Option<String>,
    /// When.
    pub posted_at: DateTime<Utc>,
}

/// A page of postings.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteePostingPage {
    /// The postings, latest first.
    pub items: Vec<GuaranteePosting>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// What can still be held of a guarantee.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeBalanceOutput {
    /// Guarantee reference number.
    pub grn: String,
    /// Decimal number, such as `10000.00`.
    pub balance: String,
    /// ISO 4217 letter code.
    pub currency: String,
}

/// What the postings of a guarantee add up to, beside its running balance.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeReconciliation {
    /// Contract id.
    pub id: Uuid,
    /// Whether every account of the running balance equals its postings and the open holds what is held.
    pub balanced: bool,
    /// How many postings there are.
    pub postings: i64,
    /// One line for every account.
    pub accounts: Vec<GuaranteeAccount>,
}

/// One account of a guarantee.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeAccount {
    /// `limit`, `available`, `held`, `called` or `paid`.
    pub account: String,
    /// By the running balance.
    pub running: GuaranteeMoney,
    /// By the postings.
    pub posted: GuaranteeMoney,
}
