//! Showing: movements and their messages, by numbered pages, with bodies as XML or JSON.

use actix_web::{HttpResponse, http::header};
use chrono::{DateTime, TimeDelta, Utc};
use customs_declarations_contract as contract;
use customs_gateway_contract::problems;
use customs_kernel::{Problem, problem};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    Side,
    views::{
        ArrivalAsked, ArrivalList, ArrivalMessageAsked, ArrivalMessagesAsked, DepartureAsked, DepartureList,
        DepartureMessageAsked, DepartureMessagesAsked, MessageList, MessageSummary, MovementSummary,
        MovementsAsked, links,
    },
    walk,
};
use crate::rest::{Call, json, negotiate};

/// How many days lists cover.
const DAYS: i64 = 60;

/// The part of a list of messages that is asked for.
struct Window {
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    page: Option<i32>,
    count: Option<i32>,
}

pub(super) async fn movements(call: Call, side: Side) -> Result<HttpResponse, Problem> {
    let asked: MovementsAsked = admit(&call)?;
    let oldest = call.gateway.clock().now() - TimeDelta::days(DAYS);
    let since = asked.updated_since.unwrap_or(oldest).max(oldest);
    let summaries = match side {
        Side::Departure => departures(&call, &asked, since).await?,
        Side::Arrival => arrivals(&call, &asked, since).await?,
    };
    let fits = |summary: &MovementSummary| {
        asked.received_until.is_none_or(|until| summary.updated <= until)
            && asked.movement_eori.as_ref().is_none_or(|eori| *eori == summary.movement_eori)
    };
    let (total_count, page) =
        walk::cut(summaries.into_iter().filter(fits).collect(), asked.page, asked.count)?;
    let links = links([("self", call.request.path().to_owned())]);
    Ok(match side {
        Side::Departure => told(&call, &DepartureList { links, total_count, departures: page }),
        Side::Arrival => told(&call, &ArrivalList { links, total_count, arrivals: page }),
    })
}

async fn departures(
    call: &Call,
    asked: &MovementsAsked,
    since: DateTime<Utc>,
) -> Result<Vec<MovementSummary>, Problem> {
    let ask = |first, after| contract::ListMovements {
        lrn: asked.local_reference_number.clone(),
        mrn: asked.movement_reference_number.clone(),
        state: None,
        changed_since: Some(since),
        first,
        after,
    };
    Ok(walk::all(call, ask).await?.into_iter().map(departed).collect())
}

async fn arrivals(
    call: &Call,
    asked: &MovementsAsked,
    since: DateTime<Utc>,
) -> Result<Vec<MovementSummary>, Problem> {
    let ask = |first, after| contract::ListArrivals {
        arrival: None,
        mrn: asked.movement_reference_number.clone(),
        first,
        after,
    };
    let all = walk::all(call, ask).await?.into_iter().filter(|arrival| arrival.changed_at >= since);
    Ok(all.map(arrived).collect())
}

pub(super) async fn departure(call: Call) -> Result<HttpResponse, Problem> {
    let asked: DepartureAsked = admit(&call)?;
    let ask = contract::FindMovement { movement: asked.departure_id };
    let movement = call.gateway.desk().ask(&call.visit.caller(), ask).await?;
    Ok(told(&call, &departed(movement)))
}

pub(super) async fn arrival(call: Call) -> Result<HttpResponse, Problem> {
    let asked: ArrivalAsked = admit(&call)?;
    let ask = contract::ListArrivals { arrival: Some(asked.arrival_id), ..Default::default() };
    let found = call.gateway.desk().ask(&call.visit.caller(), ask).await?.items.pop();
    let found = found.ok_or_else(|| problem::NOT_FOUND.because("there is no such arrival"))?;
    Ok(told(&call, &arrived(found)))
}

pub(super) async fn departure_messages(call: Call) -> Result<HttpResponse, Problem> {
    let asked: DepartureMessagesAsked = admit(&call)?;
    let DepartureMessagesAsked { departure_id, received_since, received_until, page, count } = asked;
    let window = Window { since: received_since, until: received_until, page, count };
    messages(&call, Side::Departure, departure_id, &window).await
}

pub(super) async fn arrival_messages(call: Call) -> Result<HttpResponse, Problem> {
    let asked: ArrivalMessagesAsked = admit(&call)?;
    let ArrivalMessagesAsked { arrival_id, received_since, received_until, page, count } = asked;
    let window = Window { since: received_since, until: received_until, page, count };
    messages(&call, Side::Arrival, arrival_id, &window).await
}

async fn messages(call: &Call, side: Side, movement: Uuid, window: &Window) -> Result<HttpResponse, Problem> {
    let ask = |first, after| contract::ListMessages { movement, received_since: window.since, first, after };
    let all = walk::all(call, ask).await?.into_iter();
    let all = all.filter(|message| window.until.is_none_or(|until| message.at <= until));
    let (total_count, page) = walk::cut(all.collect(), window.page, window.count)?;
    let messages = page.into_iter().map(|message| summary(side, movement, &message)).collect();
    let own = format!("/movements/{}s/{movement}", side.word());
    let links = links([("self", format!("{own}/messages")), (side.word(), own)]);
    Ok(told(call, &MessageList { links, total_count, messages }))
}

pub(super) async fn departure_message(call: Call) -> Result<HttpResponse, Problem> {
    let asked: DepartureMessageAsked = admit(&call)?;
    message(&call, Side::Departure, asked.departure_id, asked.message_id).await
}

pub(super) async fn arrival_message(call: Call) -> Result<HttpResponse, Problem> {
    let asked: ArrivalMessageAsked = admit(&call)?;
    message(&call, Side::Arrival, asked.arrival_id, asked.message_id).await
}

async fn message(call: &Call, side: Side, movement: Uuid, message: Uuid) -> Result<HttpResponse, Problem> {
    let format = wanted(call);
    let mut found = find(call, movement, message, format).await?;
    let body = found.body.take().map(|body| match format {
        contract::MessageFormat::Json => serde_json::from_str(&body).unwrap_or(body.into()),
        contract::MessageFormat::Xml => body.into(),
    });
    Ok(told(call, &MessageSummary { body, ..summary(side, movement, &found) }))
}

pub(super) async fn departure_body(call: Call) -> Result<HttpResponse, Problem> {
    let asked: DepartureMessageAsked = enter(&call)?;
    body(&call, asked.departure_id, asked.message_id).await
}

pub(super) async fn arrival_body(call: Call) -> Result<HttpResponse, Problem> {
    let asked: ArrivalMessageAsked = enter(&call)?;
    body(&call, asked.arrival_id, asked.message_id).await
}

async fn body(call: &Call, movement: Uuid, message: Uuid) -> Result<HttpResponse, Problem> {
    let format = match accepted(call) {
        Accepted::Json => contract::MessageFormat::Json,
        Accepted::Xml | Accepted::Any => contract::MessageFormat::Xml,
        Accepted::Nothing => {
            return Err(problems::NOT_ACCEPTABLE.because("accept application/xml or application/json"));
        }
    };
    let found = find(call, movement, message, format).await?;
    // A message that could not be read is shown as it was sent, whatever is accepted.
    let media = match found.format.as_deref() {
        Some("json") => "application/json",
        _ => "application/xml",
    };
    let body = found.body.ok_or_else(|| problem::NOT_FOUND.because("the message has no body"))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Accept"))
        .body(body))
}

async fn find(
    call: &Call,
    movement: Uuid,
    message: Uuid,
    format: contract::MessageFormat,
) -> Result<contract::MovementMessage, Problem> {
    let ask = contract::FindMessage { message, format: Some(format) };
    let found = call.gateway.desk().ask(&call.visit.caller(), ask).await?;
    if found.movement != movement {
        return Err(problem::NOT_FOUND.because("there is no such message of this movement"));
    }
    Ok(found)
}

/// What the client accepts of XML and JSON.
enum Accepted {
    Xml,
    Json,
    Any,
    Nothing,
}

fn accepted(call: &Call) -> Accepted {
    let Some(accept) = call.header("accept").filter(|accept| !accept.trim().is_empty()) else {
        return Accepted::Any;
    };
    let media = accept.split(',').filter_map(|range| range.split(';').next()).map(str::trim);
    let mut fallback = Accepted::Nothing;
    for range in media {
        match range {
            _ if range.ends_with("xml") => return Accepted::Xml,
            _ if range.ends_with("json") => return Accepted::Json,
            "*/*" | "application/*" => fallback = Accepted::Any,
            _ => {}
        }
    }
    fallback
}

/// The form of a body inside JSON: as an object, unless XML is asked for (`...+json+xml`).
fn wanted(call: &Call) -> contract::MessageFormat {
    match accepted(call) {
        Accepted::Xml => contract::MessageFormat::Xml,
        Accepted::Json | Accepted::Any | Accepted::Nothing => contract::MessageFormat::Json,
    }
}

fn enter<I: DeserializeOwned>(call: &Call) -> Result<I, Problem> {
    call.visit.require(call.operation().needs)?;
    call.address()
}

fn admit<I: DeserializeOwned>(call: &Call) -> Result<I, Problem> {
    let asked = enter(call)?;
    negotiate(&call.request)?;
    Ok(asked)
}

fn told(call: &Call, answer: &impl Serialize) -> HttpResponse {
    json(call, &serde_json::to_value(answer).unwrap_or_default())
}

fn departed(movement: contract::Movement) -> MovementSummary {
    let own = format!("/movements/departures/{}", movement.id);
    MovementSummary {
        links: links([("self", own.clone()), ("messages", format!("{own}/messages"))]),
        id: movement.id,
        movement_reference_number: movement.mrn,
        local_reference_number: Some(movement.lrn),
        created: movement.submitted_at,
        updated: movement.changed_at,
        movement_eori: movement.holder,
    }
}

fn arrived(arrival: contract::Arrival) -> MovementSummary {
    let own = format!("/movements/arrivals/{}", arrival.id);
    MovementSummary {
        links: links([("self", own.clone()), ("messages", format!("{own}/messages"))]),
        id: arrival.id,
        movement_reference_number: Some(arrival.mrn),
        local_reference_number: None,
        created: arrival.notified_at,
        updated: arrival.changed_at,
        movement_eori: arrival.trader,
    }
}

fn summary(side: Side, movement: Uuid, message: &contract::MovementMessage) -> MessageSummary {
    let own = format!("/movements/{}s/{movement}", side.word());
    let of = |wanted: Side| (side == wanted).then_some(movement);
    MessageSummary {
        links: links([("self", format!("{own}/messages/{}", message.id)), (side.word(), own)]),
        id: message.id,
        departure_id: of(Side::Departure),
        arrival_id: of(Side::Arrival),
        received: message.at,
        kind: short(&message.message_type),
        status: if message.status == "failed" { "Failed" } else { "Success" }.to_owned(),
        body: None,
    }
}

/// The type as clients know it: `CC029C` is `IE029`.
fn short(kind: &str) -> String {
    let digits = kind.strip_prefix("CC").and_then(|rest| rest.strip_suffix('C'));
    digits.map_or_else(|| kind.to_owned(), |digits| format!("IE{digits}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn types_are_named_as_clients_know_them() {
        assert_eq!(super::short("CC015C"), "IE015");
        assert_eq!(super::short("CD906C"), "CD906C");
    }
}
