//! How a command reaches a suite: as an administrator over the public API.

use std::{fs, path::PathBuf};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Args;
use customs_kernel::{Clock, id::uuid_at};
use customs_platform::SystemClock;
use customs_signatures::issue::Credential;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// How a command reaches a suite and who it is.
#[derive(Args)]
pub struct Client {
    /// Base address of the suite.
    #[arg(long, default_value = "http://127.0.0.1:8080", env = "ECUSTOMS_URL")]
    pub url: String,
    /// Key file (PKCS#12) of an administrator; in a sandbox the demo administrator's is fetched unless named.
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// File with the password of the key file.
    #[arg(long)]
    pub password_file: Option<PathBuf>,
}

/// A client that is logged in.
pub(super) struct Session {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Client {
    async fn credential(&self, http: &reqwest::Client) -> anyhow::Result<Credential> {
        if let Some(file) = &self.key {
            let password = match &self.password_file {
                Some(file) => fs::read_to_string(file)?,
                None => String::new(),
            };
            return Ok(Credential::from_pkcs12(&fs::read(file)?, password.trim_end())?);
        }
        let get = |path: &str| http.get(format!("{}{path}", self.url)).send();
        let ring = get("/sandbox/keys").await.with_context(|| format!("no suite answers at {}", self.url))?;
        anyhow::ensure!(
            ring.status().is_success(),
            "this is no sandbox: name the key file of an administrator"
        );
        let ring: Value = ring.json().await?;
        let password = ring.get("password").and_then(Value::as_str).unwrap_or_default();
        let file = get("/sandbox/keys/administrator.p12").await?.error_for_status()?.bytes().await?;
        Ok(Credential::from_pkcs12(&file, password)?)
    }

    /// Somebody who is not logged in.
    pub(super) fn anonymous(&self) -> anyhow::Result<Session> {
        let http = reqwest::Client::builder().build()?;
        Ok(Session { http, url: self.url.clone(), token: String::new() })
    }

    /// Logs in by signing a challenge.
    pub(super) async fn session(&self) -> anyhow::Result<Session> {
        let mut session = self.anonymous()?;
        let credential = self.credential(&session.http).await?;
        let challenge = session.call(Method::POST, "/auth/challenge", Some(json!({}))).await?;
        let challenge = challenge.get("challenge").and_then(Value::as_str).context("no challenge came")?;
        let signature = credential.sign_detached(challenge.as_bytes(), SystemClock.now())?;
        let ask = json!({ "challenge": challenge, "signature": STANDARD.encode(signature) });
        let opened = session.call(Method::POST, "/auth/token", Some(ask)).await?;
        let token = opened.get("accessToken").and_then(Value::as_str).context("no token came")?;
        token.clone_into(&mut session.token);
        Ok(session)
    }
}

/// What a suite answered.
pub(super) struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body, where it is JSON.
    body: Value,
    path: String,
    text: String,
}

impl Answer {
    /// The body, or the problem in words.
    pub(super) fn taken(self) -> anyhow::Result<Value> {
        let Self { status, body, path, text } = self;
        if status.is_success() {
            return Ok(body);
        }
        let detail = body.get("detail").and_then(Value::as_str).unwrap_or(&text);
        anyhow::bail!("{path}: {status}: {detail}")
    }
}

impl Session {
    /// Sends a request and tells the body of the answer, or the problem in words.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Value> {
        self.ask(method, path, body).await?.taken()
    }

    /// Sends a request and tells the answer, whatever it is.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Answer> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            let key = uuid_at(SystemClock.now()).to_string();
            request = request.header("Idempotency-Key", key).json(&body);
        }
        let answer = request.send().await.with_context(|| format!("no suite answers at {}", self.url))?;
        let status = answer.status();
        let text = answer.text().await?;
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer { status, body, path: path.to_owned(), text })
    }
}
