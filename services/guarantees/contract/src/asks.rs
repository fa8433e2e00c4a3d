//! What guarantees can be asked.

use async_graphql::InputObject;
use chrono::NaiveDate;
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::outputs::{
    Guarantee, GuaranteeBalanceOutput, GuaranteeContract, GuaranteeMoney, GuaranteePage,
    GuaranteePostingPage, GuaranteeReconciliation, GuaranteeUse, GuaranteeUsePage, IssuedGuarantee,
};

macro_rules! asks {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }
        -> $output:ty = $wire:literal needs $permission:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $type,)* }

        impl UseCase for $name {
            type Output = $output;
            const NAME: &'static str = $wire;
            const NEEDS: &'static str = $permission;
        }
    )*};
}

asks! {
    /// Propose a guarantee contract to customs; the caller's party becomes the guarantor.
    ProposeGuarantee {
        /// Type by code list CL251: `0`, `1`, `2`, `3`, `4` or `9`.
        #[schema(pattern = "^[012349]$")]
        guarantee_type: String,
        /// `bank`, `insurer`, `broker`, `chamber` or `association`.
        #[schema(pattern = "^(bank|insurer|broker|chamber|association)$")]
        guarantor_kind: Option<String>,
        /// EORI of the owner, who will use the guarantee.
        #[schema(pattern = "^[A-Z]{2}[!-~]{1,15}$")]
        owner: String,
        /// Customs office of guarantee.
        #[schema(pattern = "^[A-Z]{2}[A-Z0-9]{6}$")]
        office_of_guarantee: String,
        /// The insured (reference) amount.
        insured_amount: GuaranteeMoney,
        /// First day of the policy period.
        valid_from: NaiveDate,
        /// Last day of the policy period.
        valid_until: NaiveDate,
        /// How and when the guarantor indemnifies and pays.
        #[schema(min_length = 1, max_length = 2000)]
        payment_terms: String,
        /// What the guarantor is liable for.
        #[schema(min_length = 1, max_length = 2000)]
        liabilities: String,
        /// Countries in which the guarantee is not valid, two letters each.
        #[schema(max_items = 250)]
        not_valid_in: Option<Vec<String>>,
        /// At how many per cent of the reference amount in use guarantor and owner are warned, rising; 80 and 95 unless said.
        #[schema(max_items = 5)]
        warn_at_percent: Option<Vec<i32>>,
    } -> Guarantee = "guarantees.propose" needs "guarantee:propose";

    /// Take a proposed guarantee under examination.
    ReviewGuarantee {
        /// Contract id.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
    } -> Guarantee = "guarantees.review" needs "guarantee:approve";

    /// Approve a proposed guarantee: it gets its GRN and an access code, and becomes active.
    ApproveGuarantee {
        /// Contract id.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
    } -> IssuedGuarantee = "guarantees.approve" needs "guarantee:approve";

    /// Reject a proposed guarantee.
    RejectGuarantee {
        /// Contract id.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    } -> Guarantee = "guarantees.reject" needs "guarantee:approve";

    /// Give the owner of a guarantee a new access code; the old one is void at once.
    ReplaceAccessCode {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
    } -> IssuedGuarantee = "guarantees.replace-access-code" needs "guarantee:approve";

    /// Refuse new uses of a guarantee until it is resumed; running uses stay covered.
    SuspendGuarantee {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    } -> Guarantee = "guarantees.suspend" needs "guarantee:suspend";

    /// Allow uses of a suspended guarantee again.
    ResumeGuarantee {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
    } -> Guarantee = "guarantees.resume" needs "guarantee:suspend";

    /// Cancel a guarantee from a day on: no new use then, running ones stay covered until the last ends.
    CancelGuarantee {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
        /// The first day without new uses; not before today.
        effective_on: NaiveDate,
        /// Why.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    } -> Guarantee = "guarantees.cancel" needs "guarantee:cancel";

    /// Change the insured amount of a guarantee: up at once, down not below what is in use.
    AmendGuarantee {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
        /// The new insured amount, in the currency of the contract.
        insured_amount: GuaranteeMoney,
    } -> Guarantee = "guarantees.amend" needs "guarantee:amend";

    /// Authorise the owner of a comprehensive guarantee to cover its reference amount by a reduced one, from a day on.
    GrantGuaranteeLevel {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// The version that was looked at; where given, a newer one is not overwritten.
        version: Option<i32>,
        /// How much of the reference amount is to be insured, in per cent: 100, 50 or 30.
        #[schema(minimum = 30, maximum = 100)]
        level_percent: i32,
        /// Number of the authorisation.
        #[schema(min_length = 1, max_length = 35)]
        authorisation: String,
        /// From which day on; not before today.
        effective_on: NaiveDate,
        /// Why: the conditions that the owner fulfils, or does not fulfil any more.
        #[schema(min_length = 1, max_length = 500)]
        reason: String,
    } -> GuaranteeContract = "guarantees.grant-level" needs "guarantee:approve";

    /// The guarantee contracts the caller may see: a guarantor and an owner their own, officers all.
    ListGuarantees {
        /// Only contracts in this state.
        #[schema(max_length = 16)]
        state: Option<String>,
        /// Only contracts of this type by code list CL251.
        #[schema(max_length = 1)]
        guarantee_type: Option<String>,
        /// How many, 1 to 100; 25 unless said.
        #[schema(minimum = 1, maximum = 100)]
        first: Option<i32>,
        /// Where to begin: `next` of the page before.
        #[schema(max_length = 64)]
        after: Option<String>,
    } -> GuaranteePage = "guarantees.list" needs "guarantee:read";

    /// One guarantee contract.
    GuaranteeDetail {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
    } -> GuaranteeContract = "guarantees.detail" needs "guarantee:read";

    /// The use of a guarantee, movement by movement, or the guarantees of one movement.
    GuaranteeUses {
        /// Contract id or GRN; without it `mrn` must be given.
        #[schema(max_length = 36)]
        reference: Option<String>,
        /// Movement reference number.
        #[schema(max_length = 18)]
        mrn: Option<String>,
        /// Only uses that have not ended.
        open_only: Option<bool>,
        /// How many, 1 to 100; 25 unless said.
        #[schema(minimum = 1, maximum = 100)]
        first: Option<i32>,
        /// Where to begin: `next` of the page before.
        #[schema(max_length = 64)]
        after: Option<String>,
    } -> GuaranteeUsePage = "guarantees.uses" needs "guarantee:read";

    /// The postings of a guarantee.
    GuaranteeLedger {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// How many, 1 to 100; 25 unless said.
        #[schema(minimum = 1, maximum = 100)]
        first: Option<i32>,
        /// Where to begin: `next` of the page before.
        #[schema(max_length = 64)]
        after: Option<String>,
    } -> GuaranteePostingPage = "guarantees.ledger" needs "guarantee:read";

    /// What can still be held of a guarantee, told to whoever knows its access code.
    GuaranteeBalance {
        /// Guarantee reference number.
        #[schema(max_length = 24)]
        grn: String,
        /// Access code of four characters.
        #[schema(max_length = 4)]
        access_code: String,
    } -> GuaranteeBalanceOutput = "guarantees.balance" needs "guarantee:balance";

    /// Lower what a movement holds of a guarantee; the difference is free at once.
    ReduceHold {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// Movement reference number.
        #[schema(max_length = 18)]
        mrn: String,
        /// What is still to be covered; less than before.
        amount: GuaranteeMoney,
    } -> GuaranteeUse = "guarantees.reduce-hold" needs "guarantee:claim";

    /// Call the guarantor for a debt of a movement; what the debt leaves of the hold is freed.
    CallHold {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// Movement reference number.
        #[schema(max_length = 18)]
        mrn: String,
        /// The debt; at most what is held.
        amount: GuaranteeMoney,
    } -> GuaranteeUse = "guarantees.call-hold" needs "guarantee:claim";

    /// Record that the guarantor has paid for a called hold, wholly or in part.
    RecordGuaranteePayment {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
        /// Movement reference number.
        #[schema(max_length = 18)]
        mrn: String,
        /// What was paid; at most what is called and unpaid.
        amount: GuaranteeMoney,
    } -> GuaranteeContract = "guarantees.record-payment" needs "guarantee:claim";

    /// Recompute a guarantee from its postings; one that does not add up is suspended.
    ReconcileGuarantee {
        /// Contract id or GRN.
        #[schema(max_length = 36)]
        reference: String,
    } -> GuaranteeReconciliation = "guarantees.reconcile" needs "guarantee:reconcile";
}
