//! Pages for people who build clients: a GraphQL explorer and the REST document, both without the internet.

mod graphiql;

use actix_web::web;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::Gateway;

/// What pages may load: nothing but from here.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
                      form-action 'none'";

/// Adds the pages; the explorer goes where introspection is served.
pub(crate) fn routes(cfg: &mut web::ServiceConfig, gateway: &Gateway) {
    if gateway.config().introspection {
        cfg.service(web::resource("/graphiql").to(graphiql::page));
        cfg.service(web::resource("/graphiql/{file}").to(graphiql::file));
    }
    let config = Config::from("/openapi.json").validator_url("none");
    cfg.service(web::redirect("/docs", "/docs/"));
    cfg.service(SwaggerUi::new("/docs/{_:.*}").config(config));
}

/// What the page at `path` may load; `None` where there is no page.
pub(crate) fn policy(path: &str) -> Option<&'static str> {
    (path.starts_with("/docs") || path.starts_with("/graphiql")).then_some(POLICY)
}
