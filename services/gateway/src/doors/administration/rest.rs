//! Administration over REST.

use actix_web::HttpResponse;
use customs_gateway_contract::{
    AdvanceClock, DeadLetter, DeadLetterPage, ListDeadLetters, ReadDeadLetter, ReplayDeadLetter,
};
use customs_kernel::Problem;

use super::{letters, trust};
use crate::{
    input::Schemas,
    rest::{
        Call,
        Face::{Mutation, Query},
        Operation, Output, Verb, json, negotiate, read,
    },
};

const TAG: &str = "Administration";

/// The operations of administration.
pub(crate) fn operations() -> Vec<Operation> {
    let letter = || Output::Json(Schemas::named::<DeadLetter>);
    vec![
        Operation::own::<ListDeadLetters>(
            Verb::Get,
            "/admin/dead-letters/{service}",
            "deadLetters",
            TAG,
            ("*.list-dead-letters", letters::OPERATE),
            Output::Json(Schemas::named::<DeadLetterPage>),
            |call| Box::pin(list(call)),
        )
        .face(Query("deadLetters")),
        Operation::own::<ReadDeadLetter>(
            Verb::Get,
            "/admin/dead-letters/{service}/{id}",
            "deadLetter",
            TAG,
            ("*.read-dead-letter", letters::OPERATE),
            letter(),
            |call| Box::pin(read_one(call)),
        )
        .face(Query("deadLetter")),
        Operation::own::<ReplayDeadLetter>(
            Verb::Post,
            "/admin/dead-letters/{service}/{id}/replay",
            "replayDeadLetter",
            TAG,
            ("*.replay-dead-letter", letters::OPERATE),
            letter(),
            |call| Box::pin(replay(call)),
        )
        .face(Mutation("replayDeadLetter")),
        Operation::own::<trust::ShowTrust>(
            Verb::Get,
            "/admin/trust",
            "trustInUse",
            TAG,
            ("gateway.show-trust", trust::READ),
            Output::Json(Schemas::named::<trust::TrustInUse>),
            |call| Box::pin(async move { trust::show(&call) }),
        )
        .face(Query("trustInUse")),
        Operation::effect::<AdvanceClock>(Verb::Post, "/admin/clock", "advanceClock", TAG)
            .face(Mutation("advanceClock")),
    ]
}

async fn list(mut call: Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    negotiate(&call.request)?;
    let ask: ListDeadLetters = read(call.input().await?)?;
    let page = letters::list(&call.gateway, &call.visit.caller(), ask).await?;
    Ok(json(&call, &serde_json::to_value(page).unwrap_or_default()))
}

async fn read_one(mut call: Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    negotiate(&call.request)?;
    let ask: ReadDeadLetter = read(call.input().await?)?;
    let letter = letters::read(&call.gateway, &call.visit.caller(), ask).await?;
    Ok(json(&call, &serde_json::to_value(letter).unwrap_or_default()))
}

/// Replaying needs no idempotency key: a letter that took effect is gone from the list.
async fn replay(mut call: Call) -> Result<HttpResponse, Problem> {
    call.visit.require(call.operation().needs)?;
    negotiate(&call.request)?;
    let ask: ReplayDeadLetter = read(call.input().await?)?;
    let letter = letters::replay(&call.gateway, &call.visit.caller(), ask).await?;
    Ok(json(&call, &serde_json::to_value(letter).unwrap_or_default()))
}
