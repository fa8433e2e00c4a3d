//! `bus dead-letters`: an administrator's work over the public API.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, say};

const SERVICES: &[&str] =
    &["declarations", "guarantees", "references", "web-broker", "notifications", "statistics"];

/// Lists the dead letters of all services or of one.
pub async fn dead_letters_list(client: &Client, service: Option<&str>) -> anyhow::Result<()> {
    let session = client.session().await?;
    let mut total = 0_u64;
    for service in SERVICES.iter().filter(|name| service.is_none_or(|wanted| wanted == **name)) {
        let mut after = String::new();
        loop {
            let path = format!("/admin/dead-letters/{service}?first=100{after}");
            let page = session.call(Method::GET, &path, None).await?;
            for letter in page.get("items").and_then(Value::as_array).into_iter().flatten() {
                total += 1;
                let text =
                    |field: &str| letter.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
                say(format!(
                    "{service} {} {} {}: {}",
                    text("id"),
                    text("name"),
                    text("parkedAt"),
                    text("reason")
                ));
            }
            match page.get("next").and_then(Value::as_str) {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
    }
    say(format!("{total} dead letters"));
    Ok(())
}

/// Shows one dead letter.
pub async fn dead_letters_read(client: &Client, service: &str, id: uuid::Uuid) -> anyhow::Result<()> {
    let session = client.session().await?;
    let letter = session.call(Method::GET, &format!("/admin/dead-letters/{service}/{id}"), None).await?;
    say(serde_json::to_string_pretty(&letter)?);
    Ok(())
}

/// Tries one dead letter again.
pub async fn dead_letters_replay(client: &Client, service: &str, id: uuid::Uuid) -> anyhow::Result<()> {
    let session = client.session().await?;
    let path = format!("/admin/dead-letters/{service}/{id}/replay");
    session.call(Method::POST, &path, Some(json!({}))).await?;
    let still = session.call(Method::GET, &format!("/admin/dead-letters/{service}/{id}"), None).await;
    anyhow::ensure!(still.is_err(), "{id} failed again; read it for the new reason");
    say(format!("{id} has taken effect"));
    Ok(())
}
