//! The gateway: the only public door of the suite, with GraphQL and its REST mirror over one table of use cases.
//!
//! * [`gateway`] puts it together over the ports of the process, [`routes`] adds its paths to a server.
//! * [`schema_sdl`] and [`openapi`] tell its contracts without any service; [`operations`] is the table as a document.
//! * Every request passes the edge (correlation id, token, limits, headers); documents are verified there too.

mod auth;
mod config;
mod doors;
mod edge;
mod gateway;
mod graphql;
mod input;
mod live;
mod memory;
mod pages;
mod parity;
mod problem;
mod rest;
mod signature;
mod threads;

pub use config::{ClientProof, GatewayConfig, Limits, LoginConfig, OidcConfig};
pub use gateway::{Gateway, GatewayPorts, gateway, metrics_route, routes};

/// The GraphQL schema in its own language, as it is committed in gql-schema/.
#[must_use]
pub fn schema_sdl() -> String {
    graphql::build(true).sdl_with_options(
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items(),
    )
}

/// The OpenAPI document of the REST mirror, served at its own root.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    rest::document(&rest::Table::new(doors::operations()), "/")
}

/// The table of operations with their GraphQL fields, REST paths and permissions, as Markdown.
#[must_use]
pub fn operations() -> String {
    parity::markdown()
}
