//! `demo token`: a log-in of the sandbox for tools that cannot sign a challenge.

use super::say;
use crate::demo;

/// Prints an access token of `login` at the sandbox at `url`.
pub async fn demo_token(url: &str, login: &str) -> anyhow::Result<()> {
    say(demo::token(url, login).await?);
    Ok(())
}
