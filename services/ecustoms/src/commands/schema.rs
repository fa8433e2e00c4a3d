//! `schema`: the public contracts, as they are committed.

use super::say;

/// Prints the GraphQL schema.
pub fn schema_graphql() -> anyhow::Result<()> {
    say(customs_gateway::schema_sdl().trim_end());
    Ok(())
}

/// Prints the `OpenAPI` document.
pub fn schema_openapi() -> anyhow::Result<()> {
    say(serde_json::to_string_pretty(&customs_gateway::openapi())?);
    Ok(())
}

/// Prints the `AsyncAPI` document.
pub fn schema_asyncapi() -> anyhow::Result<()> {
    say(serde_json::to_string_pretty(&customs_notifications::asyncapi())?);
    Ok(())
}
