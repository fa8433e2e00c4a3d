//! Guarantees over REST.

use actix_web::{HttpResponse, http::header};
use customs_guarantees_contract as contract;
use customs_kernel::{Problem, UseCase as _, problem};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    input::Schemas,
    rest::{
        Call, Face,
        Face::{Mutation, Query},
        Operation, Output, Verb, negotiate,
    },
};

const TAG: &str = "Guarantees";

/// What can still be held of a guarantee, as clients of the public API know it.
#[derive(ToSchema)]
#[schema(as = BalanceOfGuarantee)]
#[expect(dead_code, reason = "describes JSON that is made elsewhere")]
struct Balance {
    /// What can still be held.
    balance: f64,
    /// ISO 4217 letter code.
    #[schema(pattern = "^[A-Z]{3}$", max_length = 3)]
    currency: String,
}

/// The operations of guarantees.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        effect::<contract::ProposeGuarantee>("/guarantees", "proposeGuarantee").created("/guarantees/{id}"),
        question::<contract::ListGuarantees>("/guarantees", "guarantees"),
        question::<contract::GuaranteeDetail>("/guarantees/{reference}", "guarantee"),
        question::<contract::GuaranteeLedger>("/guarantees/{reference}/ledger", "guaranteeLedger"),
        question::<contract::GuaranteeUses>("/guarantee-uses", "guaranteeUses"),
        decide::<contract::ReviewGuarantee>("/guarantees/{reference}/review", "reviewGuarantee"),
        decide::<contract::ApproveGuarantee>("/guarantees/{reference}/approval", "approveGuarantee"),
        decide::<contract::RejectGuarantee>("/guarantees/{reference}/rejection", "rejectGuarantee"),
        decide::<contract::SuspendGuarantee>("/guarantees/{reference}/suspension", "suspendGuarantee"),
        decide::<contract::ResumeGuarantee>("/guarantees/{reference}/resumption", "resumeGuarantee"),
        decide::<contract::CancelGuarantee>("/guarantees/{reference}/cancellation", "cancelGuarantee"),
        decide::<contract::AmendGuarantee>("/guarantees/{reference}/amendment", "amendGuarantee"),
        decide::<contract::GrantGuaranteeLevel>("/guarantees/{reference}/levels", "grantGuaranteeLevel"),
        effect::<contract::ReplaceAccessCode>("/guarantees/{reference}/access-code", "replaceAccessCode"),
        effect::<contract::ReduceHold>("/guarantees/{reference}/holds/{mrn}/reduction", "reduceHold"),
        effect::<contract::CallHold>("/guarantees/{reference}/holds/{mrn}/call", "callHold"),
        effect::<contract::RecordGuaranteePayment>(
            "/guarantees/{reference}/holds/{mrn}/payment",
            "recordGuaranteePayment",
        ),
        effect::<contract::ReconcileGuarantee>(
            "/guarantees/{reference}/reconciliation",
            "reconcileGuarantee",
        ),
        Operation::own::<contract::GuaranteeBalance>(
            Verb::Post,
            "/customs/guarantees/{grn}/balance",
            "guaranteeBalance",
            TAG,
            (contract::GuaranteeBalance::NAME, contract::GuaranteeBalance::NEEDS),
            Output::Json(Schemas::named::<Balance>),
            |call| Box::pin(balance(call)),
        )
        .face(Query("guaranteeBalance")),
    ]
}

fn question<U>(path: &'static str, id: &'static str) -> Operation
where
    U: customs_kernel::UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::question::<U>(path, id, TAG).face(Query(id))
}

fn effect<U>(path: &'static str, id: &'static str) -> Operation
where
    U: customs_kernel::UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::effect::<U>(Verb::Post, path, id, TAG).face(Mutation(id))
}

/// A decision about the version of a contract that was looked at.
fn decide<U>(path: &'static str, id: &'static str) -> Operation
where
    U: customs_kernel::UseCase + ToSchema,
    U::Output: ToSchema,
{
    let face: Face = Mutation(id);
    Operation::effect::<U>(Verb::Post, path, id, TAG).face(face).by_version("version")
}

/// Tells a balance as a number; it is written as the service wrote it, never counted in floats.
async fn balance(mut call: Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    negotiate(&call.request)?;
    let input = call.input().await?;
    let output = call.gateway.desk().call(&call.visit.caller(), call.operation().use_case, input).await?;
    let text = |name: &str| output.get(name).and_then(Value::as_str).unwrap_or_default();
    let (balance, currency) = (text("balance"), text("currency"));
    let is_number = !balance.is_empty()
        && balance.strip_prefix('-').unwrap_or(balance).bytes().all(|it| it.is_ascii_digit() || it == b'.');
    let is_code = currency.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_number || !is_code {
        return Err(problem::INTERNAL.because("the balance cannot be told"));
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .body(format!(r#"{{"balance":{balance},"currency":"{currency}"}}"#)))
}
