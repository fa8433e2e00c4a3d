//! `reference import` and `reference fetch`: reference data from where it is published into a running suite.

use std::{fs, path::PathBuf};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::{Args, Subcommand};
use customs_references_contract::imports::FILE_BYTES_MAX;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Client, client::Session, report, say};

/// Where a file is taken from and what it must be.
#[derive(Args)]
pub struct Origin {
    /// SHA-256 that the file must have, in hexadecimal.
    #[arg(long)]
    sha256: Option<String>,
    /// Write what was done, as JSON, to this file.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Certificate (PEM) that the server of an address is held against, beside those of the system.
    #[arg(long)]
    authority: Option<PathBuf>,
    /// Files or addresses, as published: JSON, CSV, plain or packed with gzip.
    #[arg(required = true)]
    sources: Vec<String>,
}

/// Reference data.
#[derive(Subcommand)]
pub enum Reference {
    /// Import published code lists, offices or tariff data; a broken file changes nothing.
    Import(Import),
    /// Fetch a file and tell its SHA-256, so that it can be approved before it is imported.
    Fetch(Origin),
}

/// What is imported, and into which suite.
#[derive(Args)]
pub struct Import {
    #[command(flatten)]
    client: Client,
    /// The dataset; found out from the content unless named.
    #[arg(long)]
    dataset: Option<String>,
    /// Only tell what the files would change, and let another administrator activate them.
    #[arg(long)]
    propose: bool,
    #[command(flatten)]
    origin: Origin,
}

/// Does what was asked for.
pub async fn reference(what: &Reference) -> anyhow::Result<()> {
    match what {
        Reference::Fetch(origin) => fetch(origin).await,
        Reference::Import(Import { client, dataset, propose, origin }) => {
            import(client, dataset.as_deref(), *propose, origin).await
        }
    }
}

async fn fetch(origin: &Origin) -> anyhow::Result<()> {
    origin.check()?;
    for source in &origin.sources {
        let content = origin.read(source).await?;
        let sha256 = hex::encode(Sha256::digest(&content));
        origin.tell(&json!({ "sha256": sha256, "size": content.len() }))?;
        say(format!("{sha256}  {source}"));
    }
    Ok(())
}

/// Imports one file after the other; a broken file changes nothing.
async fn import(
    client: &Client,
    dataset: Option<&str>,
    propose: bool,
    origin: &Origin,
) -> anyhow::Result<()> {
    origin.check()?;
    anyhow::ensure!(dataset.is_none() || origin.sources.len() == 1, "--dataset is for one file");
    let session = client.session().await?;
    for source in &origin.sources {
        let content = origin.read(source).await?;
        let name = file_name(source);
        let report = send(&session, &name, (dataset, propose), &content)
            .await
            .with_context(|| format!("{name} is not imported"))?;
        let count = |field: &str| report.get(field).and_then(Value::as_i64).unwrap_or_default();
        origin.tell(&json!({
            "dataset": report.get("dataset"),
            "number": count("number"),
            "sha256": report.get("sha256"),
            "added": count("added"),
            "changed": count("changed"),
            "removed": count("removed"),
            "unchanged": count("unchanged"),
        }))?;
        if propose {
            say(format!(
                "{name}: {} is proposed: {} added, {} changed, {} removed; somebody else decides",
                report.get("dataset").and_then(Value::as_str).unwrap_or("?"),
                count("added"),
                count("changed"),
                count("removed"),
            ));
            continue;
        }
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

async fn send(
    session: &Session,
    name: &str,
    (dataset, propose): (Option<&str>, bool),
    content: &[u8],
) -> anyhow::Result<Value> {
    let begin = json!({
        "dataset": dataset,
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
    let last = if propose { "proposal" } else { "completion" };
    session.call(Method::POST, &format!("/references/imports/{import}/{last}"), Some(json!({}))).await
}

/// The last part of a path or an address.
fn file_name(source: &str) -> String {
    let path = source.split(['?', '#']).next().unwrap_or(source).trim_end_matches('/');
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("file").chars().take(255).collect()
}

fn is_address(source: &str) -> bool {
    source.starts_with("https://") || source.starts_with("http://")
}

impl Origin {
    fn check(&self) -> anyhow::Result<()> {
        let one = self.sources.len() == 1 || (self.sha256.is_none() && self.report.is_none());
        anyhow::ensure!(one, "--sha256 and --report are for one file");
        Ok(())
    }

    /// The file, if it is what it must be.
    async fn read(&self, source: &str) -> anyhow::Result<Vec<u8>> {
        let content = if is_address(source) {
            self.download(source).await.with_context(|| format!("cannot fetch {source}"))?
        } else {
            fs::read(source).with_context(|| format!("cannot read {source}"))?
        };
        let sha256 = hex::encode(Sha256::digest(&content));
        if let Some(wanted) = self.sha256.as_ref().filter(|wanted| !wanted.eq_ignore_ascii_case(&sha256)) {
            anyhow::bail!("{source} has the SHA-256 {sha256}, and {wanted} is asked for");
        }
        Ok(content)
    }

    async fn download(&self, source: &str) -> anyhow::Result<Vec<u8>> {
        // Who asks for a safe way is not led off it by a redirection.
        let mut http = reqwest::Client::builder().https_only(source.starts_with("https://"));
        if let Some(file) = &self.authority {
            let pem = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            http = http.add_root_certificate(reqwest::Certificate::from_pem(&pem)?);
        }
        let mut answer = http.build()?.get(source).send().await?.error_for_status()?;
        let most = usize::try_from(FILE_BYTES_MAX)?;
        let mut content = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            anyhow::ensure!(content.len() + chunk.len() <= most, "it has more than {most} octets");
            content.extend_from_slice(&chunk);
        }
        Ok(content)
    }

    fn tell(&self, what: &Value) -> anyhow::Result<()> {
        self.report.as_ref().map_or(Ok(()), |file| report(file, what))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// SHA-256 of `abc`.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn origin(source: &str, sha256: Option<&str>, report: Option<&Path>) -> Origin {
        Origin {
            sha256: sha256.map(str::to_owned),
            report: report.map(Path::to_owned),
            authority: None,
            sources: vec![source.to_owned()],
        }
    }

    /// A server that answers one request with `answer`.
    async fn server(answer: &'static str) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1_024];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        format!("http://{address}/lists/rates.csv?day=1")
    }

    #[tokio::test]
    async fn a_file_is_fetched_and_its_hash_is_told_into_a_file_that_was_there() {
        let directory = tempfile::tempdir().unwrap();
        let (file, report) = (directory.path().join("a.csv"), directory.path().join("report"));
        fs::write(&file, "abc").unwrap();
        fs::write(&report, "something longer that was there before, and must not shine through").unwrap();
        let source = file.to_str().unwrap();
        fetch(&origin(source, Some(ABC), Some(&report))).await.unwrap();
        let told: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
        assert_eq!(told, json!({ "sha256": ABC, "size": 3 }));
        let error = fetch(&origin(source, Some(&"0".repeat(64)), Some(&report))).await.unwrap_err();
        assert!(error.to_string().contains(ABC), "{error}");
    }

    #[tokio::test]
    async fn an_address_is_fetched_and_one_that_answers_otherwise_is_not_taken() {
        let good = server("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc").await;
        assert_eq!(origin(&good, Some(ABC), None).read(&good).await.unwrap(), b"abc");
        let bad = server("HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nabc").await;
        assert!(origin(&bad, None, None).read(&bad).await.is_err());
        let cut = server("HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\nabc").await;
        assert!(origin(&cut, None, None).read(&cut).await.is_err());
    }

    #[test]
    fn the_name_of_a_file_is_the_last_part_of_where_it_lies() {
        for (source, name) in [
            ("a/b/rates.csv", "rates.csv"),
            ("rates.csv", "rates.csv"),
            ("https://a.example/lists/rates.csv?day=1#x", "rates.csv"),
            ("https://a.example/lists/", "lists"),
            ("/", "file"),
        ] {
            assert_eq!(file_name(source), name, "{source}");
        }
    }

    #[test]
    fn one_hash_is_for_one_file() {
        let mut two = origin("a", Some(ABC), None);
        two.check().unwrap();
        two.sources.push("b".to_owned());
        assert!(two.check().is_err());
        two.sha256 = None;
        two.check().unwrap();
    }
}
