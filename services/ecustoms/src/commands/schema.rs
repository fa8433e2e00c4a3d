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

/// Prints the page of states.
pub fn schema_states() -> anyhow::Result<()> {
    say(customs_declarations::states_page().trim_end());
    Ok(())
}

/// Prints the definitions of the operator's resources.
pub fn schema_crds() -> anyhow::Result<()> {
    say(customs_operator::definitions_yaml()?.trim_end());
    Ok(())
}
