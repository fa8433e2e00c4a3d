//! The two addresses of a browser that signs in by an outside provider: where it begins and where it comes back to.
//!
//! Browsers are answered with the page, which says what went wrong; everybody else with a problem document.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::{
        Method,
        header::{ALLOW, HeaderValue, LOCATION},
    },
    web,
};
use customs_gateway_contract::problems;
use customs_kernel::{Problem, problem};
use customs_platform::metrics;

use crate::{
    Gateway,
    auth::{
        Visit,
        oidc::{Beginning, CALLBACK, COOKIE_SECONDS, Oidc, Return, START, cookie_name},
    },
    edge, rest,
};

/// The longest value of a parameter, in octets.
const VALUE_OCTETS_MAX: usize = 4096;

/// Adds both addresses where people can sign in by a provider.
pub(crate) fn routes(cfg: &mut web::ServiceConfig, gateway: &Gateway) {
    if gateway.login().oidc.is_some() {
        cfg.service(web::resource(START).to(start));
        cfg.service(web::resource(CALLBACK).to(callback));
    }
}

async fn start(gateway: web::Data<Gateway>, request: HttpRequest) -> HttpResponse {
    let visit = rest::visit(&request);
    match begin(&gateway, &visit, &request).await {
        Ok((location, cookie)) => sent(&location, cookie),
        Err(problem) => refused(&request, &visit, &problem),
    }
}

async fn begin(
    gateway: &Gateway,
    visit: &Visit,
    request: &HttpRequest,
) -> Result<(String, Cookie<'static>), Problem> {
    let mut beginning = Beginning::default();
    for (name, value) in admitted(gateway, visit, request).await? {
        match name.as_str() {
            "binding" => beginning.binding = value,
            "to" => beginning.onward = Some(value),
            "language" => beginning.language = Some(value),
            _ => {}
        }
    }
    let sent = gateway.login().begin(visit, host(request), beginning).await?;
    Ok((sent.location, cookie(gateway, request, sent.carries, COOKIE_SECONDS)))
}

async fn callback(gateway: web::Data<Gateway>, request: HttpRequest) -> HttpResponse {
    let visit = rest::visit(&request);
    let over = cookie(&gateway, &request, String::new(), 0);
    match come_back(&gateway, &visit, &request).await {
        Ok(location) => sent(&location, over),
        Err(problem) => {
            // An answer that belongs to another sign-in, perhaps nobody's, does not end the one under way.
            let ends = !problem.is(problems::PROVIDER_STATE);
            let mut response = refused(&request, &visit, &problem);
            if ends {
                let _ = response.add_cookie(&over);
            }
            response
        }
    }
}

async fn come_back(gateway: &Gateway, visit: &Visit, request: &HttpRequest) -> Result<String, Problem> {
    let mut back = Return::default();
    for (name, value) in admitted(gateway, visit, request).await? {
        match name.as_str() {
            "state" => back.state = value,
            "code" => back.code = Some(value),
            "iss" => back.issuer = Some(value),
            "error" => back.error = Some(value),
            _ => {}
        }
    }
    let carried = request.cookie(name(gateway, request));
    gateway.login().take_in(visit, carried.as_ref().map(Cookie::value), back).await
}

/// The parameters of `request`, each once, if its sender may try to sign in.
async fn admitted(
    gateway: &Gateway,
    visit: &Visit,
    request: &HttpRequest,
) -> Result<Vec<(String, String)>, Problem> {
    if request.method() != Method::GET {
        return Err(problems::METHOD.because("only GET goes here"));
    }
    visit.admit()?;
    gateway.limiter().login(visit).await.check()?;
    let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let query = query.map_err(|_| problem::INPUT_INVALID.because("the address cannot be read"))?.into_inner();
    for (at, (name, value)) in query.iter().enumerate() {
        let twice = query.iter().take(at).any(|(before, _)| before == name);
        if twice || value.len() > VALUE_OCTETS_MAX {
            return Err(problem::INPUT_INVALID
                .because("a parameter stands twice or is too long")
                .at("/query"));
        }
    }
    Ok(query)
}

fn host(request: &HttpRequest) -> &str {
    edge::header(request, "host").unwrap_or_default()
}

fn base<'a>(gateway: &'a Gateway, request: &HttpRequest) -> &'a str {
    gateway.login().oidc.as_ref().map_or("", |oidc: &Oidc| oidc.base(host(request)))
}

fn name(gateway: &Gateway, request: &HttpRequest) -> &'static str {
    cookie_name(base(gateway, request))
}

/// The cookie with `value`: out of reach of scripts, and sent when the provider sends the browser back.
fn cookie(gateway: &Gateway, request: &HttpRequest, value: String, seconds: i64) -> Cookie<'static> {
    let secure = base(gateway, request).starts_with("https://");
    Cookie::build(name(gateway, request), value)
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(seconds))
        .finish()
}

fn sent(location: &str, cookie: Cookie<'_>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).cookie(cookie).finish()
}

/// Tells a browser by the page, and any other client by a problem document, why nobody is signed in.
fn refused(request: &HttpRequest, visit: &Visit, problem: &Problem) -> HttpResponse {
    metrics::provider_sign_in(&problem.code);
    tracing::info!(code = %problem.code, correlation_id = visit.correlation_id, "no sign-in by the provider");
    let is_browser = edge::header(request, "accept").is_some_and(|accept| accept.contains("text/html"));
    if is_browser && !problem.is(problems::METHOD) {
        let page = format!("/?refused={}&correlation={}", problem.code, visit.correlation_id);
        return HttpResponse::SeeOther().insert_header((LOCATION, page)).finish();
    }
    let mut response = crate::problem::respond(problem, request.path(), &visit.correlation_id);
    if problem.is(problems::METHOD) {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    }
    response
}
