//! Sending: a signed document in, its ids out; 202 means taken in, never accepted.

use actix_web::HttpResponse;
use customs_declarations_contract as contract;
use customs_kernel::{Problem, UseCase};
use serde::Serialize;
use uuid::Uuid;

use super::{
    super::document::Document,
    Side,
    views::{ArrivalAsked, ArrivalTaken, DepartureAsked, DepartureTaken, Links, NewMovement, links},
};
use crate::rest::{Call, json, negotiate, once};

pub(super) async fn submit(mut call: Call) -> Result<HttpResponse, Problem> {
    let (_, document) = admit::<NewMovement>(&mut call).await?;
    let mark = document.content.clone();
    let Document { content, format, evidence } = document;
    let taken = tell(&call, contract::SubmitDeclaration { content, format, evidence }, &mark).await?;
    Ok(departure(&call, &taken))
}

pub(super) async fn about_departure(mut call: Call) -> Result<HttpResponse, Problem> {
    let (asked, document) = admit::<DepartureAsked>(&mut call).await?;
    let mark = document.content.clone();
    let Document { content, format, evidence } = document;
    let ask = contract::SendDepartureMessage { movement: asked.departure_id, content, format, evidence };
    let taken = tell(&call, ask, &mark).await?;
    Ok(departure(&call, &taken))
}

pub(super) async fn notify(mut call: Call) -> Result<HttpResponse, Problem> {
    let (_, document) = admit::<NewMovement>(&mut call).await?;
    let mark = document.content.clone();
    let Document { content, format, evidence } = document;
    let taken = tell(&call, contract::NotifyArrival { content, format, evidence }, &mark).await?;
    Ok(arrival(&call, &taken))
}

pub(super) async fn about_arrival(mut call: Call) -> Result<HttpResponse, Problem> {
    let (asked, document) = admit::<ArrivalAsked>(&mut call).await?;
    let mark = document.content.clone();
    let Document { content, format, evidence } = document;
    let ask = contract::SendArrivalMessage { arrival: asked.arrival_id, content, format, evidence };
    let taken = tell(&call, ask, &mark).await?;
    Ok(arrival(&call, &taken))
}

/// The address and the verified document of somebody who may send it.
async fn admit<I: serde::de::DeserializeOwned>(call: &mut Call) -> Result<(I, Document), Problem> {
    call.visit.require(call.operation().needs)?;
    negotiate(&call.request)?;
    let asked = call.address()?;
    // A request without a key is refused before its signature costs anything.
    once(call, b"")?;
    Ok((asked, Document::read(call).await?))
}

/// Tells the service; the same document under the same key is taken in once, however it was signed again.
async fn tell<U: UseCase>(call: &Call, ask: U, mark: &str) -> Result<U::Output, Problem> {
    let mut caller = call.visit.caller();
    caller.once = once(call, mark.as_bytes())?;
    call.gateway.desk().ask(&caller, ask).await
}

fn departure(call: &Call, taken: &contract::Submitted) -> HttpResponse {
    let links = places(Side::Departure, taken.movement);
    answer(call, &DepartureTaken { links, departure_id: taken.movement, message_id: taken.message })
}

fn arrival(call: &Call, taken: &contract::Submitted) -> HttpResponse {
    let links = places(Side::Arrival, taken.movement);
    answer(call, &ArrivalTaken { links, arrival_id: taken.movement, message_id: taken.message })
}

fn places(side: Side, id: Uuid) -> Links {
    let own = format!("/movements/{}s/{id}", side.word());
    links([("self", own.clone()), ("messages", format!("{own}/messages"))])
}

fn answer(call: &Call, taken: &impl Serialize) -> HttpResponse {
    json(call, &serde_json::to_value(taken).unwrap_or_default())
}
