//! Pages for people who build clients: a GraphQL explorer and the REST document, both without the internet.

use actix_web::web;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::Gateway;

/// Adds the pages.
pub(crate) fn routes(cfg: &mut web::ServiceConfig, _gateway: &Gateway) {
    let config = Config::from("/openapi.json");
    cfg.service(SwaggerUi::new("/docs/{_:.*}").config(config));
}
