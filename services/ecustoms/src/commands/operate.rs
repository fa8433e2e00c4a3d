//! `reference import` and `bus dead-letters`: an administrator's work over the public API.

use std::{fs, path::PathBuf};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Client, client::Session, say};

const SERVICES: &[&str] =
    &["declarations", "guarantees", "references", "web-broker", "notifications", "statistics"];

/// Imports published reference data, one file after the other; a broken file changes nothing.
pub async fn reference_import(client: &Client, files: &[PathBuf]) -> anyhow::Result<()> {
    let session = client.session().await?;
    for file in files {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let report =
            import(&session, &name, &content).await.with_context(|| format!("{name} is not imported"))?;
        let count = |field: &str| report.get(field).and_then(Value::as_i64).unwrap_or_default();
        say(format!(
            "{name}: {} version {}: {} added, {} changed, {} removed, {} unchanged",
            report.get("dataset").and_then(Value::as_str).unwrap_or("?"),
            count("number"),
            count("added"),
            count("changed"),
            count("removed"),
            count("unchanged"),
        ));
    }
    Ok(())
}

async fn import(session: &Session, name: &str, content: &[u8]) -> anyhow::Result<Value> {
    let begin = json!({
        "fileName": name,
        "sha256": hex::encode(Sha256::digest(content)),
        "size": content.len(),
    });
    let begun = session.call(Method::POST, "/references/imports", Some(begin)).await?;
    let import = begun.get("import").and_then(Value::as_str).context("no import was begun")?;
    let bytes =
        begun.get("chunkBytesMax").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    for (position, chunk) in content.chunks(bytes.unwrap_or(524_288).max(1)).enumerate() {
        let path = format!("/references/imports/{import}/chunks/{position}");
        session.call(Method::PUT, &path, Some(json!({ "base64": STANDARD.encode(chunk) }))).await?;
    }
    session.call(Method::POST, &format!("/references/imports/{import}/completion"), Some(json!({}))).await
}

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
