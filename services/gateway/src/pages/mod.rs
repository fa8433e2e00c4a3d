//! Pages: the Web-Broker for everybody; a GraphQL explorer and the REST document for people who build clients.

mod desk;
mod graphiql;

use actix_web::web;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::Gateway;

/// What the pages for programmers may load: nothing but from here.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
                      form-action 'none'";

/// Adds the pages; the explorer goes where introspection is served.
pub(crate) fn routes(cfg: &mut web::ServiceConfig, gateway: &Gateway) {
    if gateway.config().introspection {
        cfg.service(web::resource("/graphiql").to(graphiql::page));
        cfg.service(web::resource("/graphiql/{file}").to(graphiql::file));
    }
    desk::routes(cfg);
    let config = Config::from("/openapi.json").validator_url("none");
    cfg.service(web::redirect("/docs", "/docs/"));
    cfg.service(SwaggerUi::new("/docs/{_:.*}").config(config));
}

/// What the page at `path` may load; `None` where there is no page.
pub(crate) fn policy(path: &str) -> Option<&'static str> {
    if desk::has(path) {
        return Some(desk::POLICY);
    }
    (path.starts_with("/docs") || path.starts_with("/graphiql")).then_some(POLICY)
}
