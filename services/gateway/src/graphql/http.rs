//! GraphQL over HTTP: `POST` with JSON, `GET` for queries, an upgrade for sockets.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web,
};
use async_graphql::parser::types::OperationType;
use customs_gateway_contract::problems;
use customs_kernel::{Problem, problem};

use super::{
    accept::Media,
    execute::{Answer, Ready},
    request::Asked,
    socket,
};
use crate::{Gateway, auth::Visit, edge, input::json};

/// Serves one request to `/graphql`.
pub(crate) async fn serve(
    gateway: Gateway,
    visit: Visit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    if edge::wants_socket(&request) {
        return socket::open(gateway, visit, &request, payload);
    }
    let Some(media) = Media::wanted(request.headers()) else {
        let detail = "accept application/graphql-response+json or application/json";
        return Err(problems::NOT_ACCEPTABLE.because(detail));
    };
    let reading = match *request.method() {
        Method::GET => from_address(&request),
        Method::POST => from_body(&gateway, &request, payload).await,
        _ => Err(problems::METHOD.because("GraphQL is asked by GET or POST")),
    };
    let correlation_id = visit.correlation_id.as_str();
    let asked = match reading {
        Ok(asked) => asked,
        Err(problem) => return Ok(refuse(media, &problem, correlation_id)),
    };
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
    let ready = match Ready::new(&gateway, &visit, asked, key.map(str::to_owned)) {
        Ok(ready) => ready,
        // The request was well-formed, its document is not: by the older media type that is no error of HTTP.
        Err(problem) if media == Media::Json => {
            return Ok(respond(media, StatusCode::OK, &Answer::refusal(&problem, correlation_id)));
        }
        Err(problem) => return Ok(refuse(media, &problem, correlation_id)),
    };
    match ready.kind {
        OperationType::Query => {}
        OperationType::Mutation if request.method() == Method::POST => {}
        OperationType::Mutation => {
            let problem = problems::METHOD.because("a mutation is sent by POST");
            return Ok(refuse(media, &problem, correlation_id));
        }
        OperationType::Subscription => {
            let problem =
                problem::INPUT_INVALID.because("a subscription needs a socket: graphql-transport-ws");
            return Ok(refuse(media, &problem, correlation_id));
        }
    }
    let answer = ready.execute(gateway.schema(), correlation_id).await;
    let status = match media {
        Media::Response if !answer.begun => StatusCode::BAD_REQUEST,
        Media::Json | Media::Response => StatusCode::OK,
    };
    Ok(respond(media, status, &answer))
}

fn from_address(request: &HttpRequest) -> Result<Asked, Problem> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map_err(|_| problem::INPUT_INVALID.because("the address cannot be read"))?;
    Asked::from_parameters(pairs.into_inner().into_iter())
}

async fn from_body(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Asked, Problem> {
    edge::require_json(request)?;
    let limits = &gateway.config().limits;
    let body = edge::body(request, payload, limits.body_octets_max).await?;
    Asked::from_body(json::read(&body, limits.json_depth_max)?)
}

fn refuse(media: Media, problem: &Problem, correlation_id: &str) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = respond(media, status, &Answer::refusal(problem, correlation_id));
    if problem.is(problems::METHOD) {
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    }
    response
}

fn respond(media: Media, status: StatusCode, answer: &Answer) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, media.content_type()))
        .body(serde_json::to_vec(&answer.body).unwrap_or_default())
}
