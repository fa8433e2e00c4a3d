//! Guarantees over GraphQL.

use async_graphql::{Context, Object, Result};
use customs_guarantees_contract as contract;

use crate::graphql::{
    ask::{mutations, question},
    page::{Page, listed, page},
};

listed! {
    contract::GuaranteePage => contract::Guarantee,
    contract::GuaranteeUsePage => contract::GuaranteeUse,
    contract::GuaranteePostingPage => contract::GuaranteePosting,
}

/// Questions about guarantees.
#[derive(Default)]
pub(crate) struct GuaranteesQuery;

#[Object]
impl GuaranteesQuery {
    /// One guarantee contract, by id or GRN.
    async fn guarantee(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Contract id or GRN.")] reference: String,
    ) -> Result<contract::GuaranteeContract> {
        question(ctx, contract::GuaranteeDetail { reference }).await
    }

    /// The guarantee contracts the caller may see.
    async fn guarantees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only in this state.")] state: Option<String>,
        #[graphql(desc = "Only of this type by code list CL251.")] guarantee_type: Option<String>,
    ) -> Result<Page<contract::Guarantee>> {
        page(ctx, first, after, |first, after| contract::ListGuarantees {
            state,
            guarantee_type,
            first,
            after,
        })
        .await
    }

    /// The use of a guarantee, movement by movement, or the guarantees of one movement.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn guarantee_uses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Contract id or GRN; without it the MRN must be given.")] reference: Option<String>,
        #[graphql(desc = "Movement reference number.")] mrn: Option<String>,
        #[graphql(desc = "Only uses that have not ended.")] open_only: Option<bool>,
    ) -> Result<Page<contract::GuaranteeUse>> {
        page(ctx, first, after, |first, after| contract::GuaranteeUses {
            reference,
            mrn,
            open_only,
            first,
            after,
        })
        .await
    }

    /// The postings of a guarantee.
    async fn guarantee_ledger(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Contract id or GRN.")] reference: String,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::GuaranteePosting>> {
        page(ctx, first, after, |first, after| contract::GuaranteeLedger { reference, first, after }).await
    }

    /// What can still be held of a guarantee, told to whoever knows its access code.
    async fn guarantee_balance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Guarantee reference number.")] grn: String,
        #[graphql(desc = "Access code of four characters.")] access_code: String,
    ) -> Result<contract::GuaranteeBalanceOutput> {
        question(ctx, contract::GuaranteeBalance { grn, access_code }).await
    }
}

mutations! {
    /// Effects on guarantees.
    GuaranteesMutation {
        /// Propose a guarantee contract to customs; the caller's party becomes the guarantor.
        propose_guarantee(contract::ProposeGuarantee) -> ProposeGuaranteePayload { guarantee: contract::Guarantee }
        /// Take a proposed guarantee under examination.
        review_guarantee(contract::ReviewGuarantee) -> ReviewGuaranteePayload { guarantee: contract::Guarantee }
        /// Approve a proposed guarantee: it gets its GRN and an access code.
        approve_guarantee(contract::ApproveGuarantee) -> ApproveGuaranteePayload { issued: contract::IssuedGuarantee }
        /// Reject a proposed guarantee.
        reject_guarantee(contract::RejectGuarantee) -> RejectGuaranteePayload { guarantee: contract::Guarantee }
        /// Give the owner of a guarantee a new access code.
        replace_access_code(contract::ReplaceAccessCode) -> ReplaceAccessCodePayload { issued: contract::IssuedGuarantee }
        /// Refuse new uses of a guarantee until it is resumed.
        suspend_guarantee(contract::SuspendGuarantee) -> SuspendGuaranteePayload { guarantee: contract::Guarantee }
        /// Allow uses of a suspended guarantee again.
        resume_guarantee(contract::ResumeGuarantee) -> ResumeGuaranteePayload { guarantee: contract::Guarantee }
        /// Cancel a guarantee from a day on.
        cancel_guarantee(contract::CancelGuarantee) -> CancelGuaranteePayload { guarantee: contract::Guarantee }
        /// Change the insured amount of a guarantee.
        amend_guarantee(contract::AmendGuarantee) -> AmendGuaranteePayload { guarantee: contract::Guarantee }
        /// Authorise the owner of a comprehensive guarantee to cover its reference amount by a reduced one.
        grant_guarantee_level(contract::GrantGuaranteeLevel) -> GrantGuaranteeLevelPayload { guarantee: contract::GuaranteeContract }
        /// Lower what a movement holds of a guarantee.
        reduce_hold(contract::ReduceHold) -> ReduceHoldPayload { hold: contract::GuaranteeUse }
        /// Call the guarantor for a debt of a movement.
        call_hold(contract::CallHold) -> CallHoldPayload { hold: contract::GuaranteeUse }
        /// Record that the guarantor has paid for a called hold.
        record_guarantee_payment(contract::RecordGuaranteePayment) -> RecordGuaranteePaymentPayload { guarantee: contract::GuaranteeContract }
        /// Recompute a guarantee from its postings; one that does not add up is suspended.
        reconcile_guarantee(contract::ReconcileGuarantee) -> ReconcileGuaranteePayload { reconciliation: contract::GuaranteeReconciliation }
    }
}
