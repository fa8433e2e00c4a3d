//! From a path to an operation: every path of the table, every method, and an answer for the rest.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
    web,
};
use customs_gateway_contract::problems;
use customs_kernel::Problem;

use super::{Call, row::Row};
use crate::{Gateway, auth::Visit, problem::Refused};

/// Adds every path of the table.
pub(crate) fn routes(cfg: &mut web::ServiceConfig, gateway: &Gateway) {
    let mut paths: BTreeMap<(Order<'_>, &str), Vec<Arc<Row>>> = BTreeMap::new();
    for row in &gateway.table().rows {
        paths.entry((order(row.operation.path), row.operation.path)).or_default().push(Arc::clone(row));
    }
    for ((_, path), rows) in paths {
        let rows = Arc::new(rows);
        for path in [Some(path.to_owned()), elsewhere(path)].into_iter().flatten() {
            let rows = Arc::clone(&rows);
            let serve = move |gateway: web::Data<Gateway>, request: HttpRequest, payload: web::Payload| {
                let rows = Arc::clone(&rows);
                async move { serve(gateway.get_ref().clone(), &rows, request, payload).await }
            };
            cfg.service(web::resource(path).to(serve));
        }
    }
}

/// Where else a path is reached: clients of the CTC Traders API keep their paths, ours may say `movements`.
fn elsewhere(path: &str) -> Option<String> {
    if path.starts_with("/movements/") {
        return Some(format!("/customs/transits{path}"));
    }
    path.strip_prefix("/transits").map(|rest| format!("/movements{rest}"))
}

/// The parts of a path, each with whether it is a name in braces.
type Order<'a> = Vec<(bool, &'a str)>;

/// The order in which paths are tried: a fixed word before a name in braces.
fn order(path: &str) -> Order<'_> {
    path.split('/').map(|part| (part.starts_with('{'), part)).collect()
}

async fn serve(
    gateway: Gateway,
    rows: &[Arc<Row>],
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let visit = visit(&request);
    let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    let Some(row) = rows.iter().find(|row| row.operation.verb.method() == method) else {
        return Ok(other_method(&request, rows, &visit));
    };
    let (instance, correlation_id) = (request.path().to_owned(), visit.correlation_id.clone());
    let handler = row.operation.handler;
    let refuse =
        |problem| Refused { problem, instance: instance.clone(), correlation_id: correlation_id.clone() };
    visit.admit().map_err(refuse)?;
    let call = Call { gateway, row: Arc::clone(row), request, payload: Some(payload), visit };
    handler(call).await.map_err(refuse)
}

/// Who sent the request, as the passage has found out.
pub(crate) fn visit(request: &HttpRequest) -> Visit {
    let known = request.extensions().get::<Visit>().cloned();
    known.unwrap_or_else(|| Visit::anonymous(String::new(), String::new(), 1_000))
}

fn other_method(request: &HttpRequest, rows: &[Arc<Row>], visit: &Visit) -> HttpResponse {
    let mut methods: Vec<String> = rows.iter().map(|row| row.operation.verb.method().to_string()).collect();
    if methods.iter().any(|method| method == "GET") {
        methods.push("HEAD".to_owned());
    }
    methods.push("OPTIONS".to_owned());
    let methods = methods.join(", ");
    let mut response = if request.method() == Method::OPTIONS {
        HttpResponse::NoContent().finish()
    } else {
        let problem = problems::METHOD.because(format!("{} is not one of {methods}", request.method()));
        crate::problem::respond(&problem, request.path(), &visit.correlation_id)
    };
    if let Ok(value) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

/// The answer where there is no such path.
pub(crate) async fn nowhere(request: HttpRequest) -> Result<HttpResponse, Refused> {
    let problem: Problem = problems::PATH_UNKNOWN.because(format!("there is nothing at {}", request.path()));
    let visit = visit(&request);
    Err(Refused { problem, instance: request.path().to_owned(), correlation_id: visit.correlation_id })
}
