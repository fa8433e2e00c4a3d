//! An outside client of the suite: log-in by certificate, REST, GraphQL and signed documents.

use std::{fmt, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_kernel::{Clock as _, id::uuid_at};
use customs_platform::SystemClock;
use customs_signatures::issue::Credential;
use reqwest::{RequestBuilder, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{answer::Answer, deviation::Deviation};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The header in which the signature of a document travels.
const SIGNATURE: &str = "Ecustoms-Signature";

/// The public door of a suite.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    http: reqwest::Client,
    url: Arc<str>,
}

/// What a sandbox tells of its people and guarantees.
#[derive(Debug, Deserialize)]
pub(crate) struct Sandbox {
    password: String,
    keys: Vec<Key>,
    /// The guarantees of the declarant.
    pub(crate) guarantee: Guarantees,
}

impl Sandbox {
    /// The log-in of an officer of `office`.
    pub(crate) fn officer_at(&self, office: &str) -> Option<&str> {
        let serves = |key: &&Key| key.offices.iter().any(|one| one == office);
        self.keys.iter().find(serves).map(|key| key.login.as_str())
    }
}

/// A person of the sandbox.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Key {
    /// Log-in name.
    pub(crate) login: String,
    /// EORI of the organisation that the person acts for.
    pub(crate) eori: String,
    /// Customs offices where the person serves.
    #[serde(default)]
    pub(crate) offices: Vec<String>,
    file: String,
}

/// Numbers and access codes of an ample guarantee and of one that is too small.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Guarantees {
    /// The ample one.
    pub(crate) grn: String,
    /// Its access code.
    pub(crate) access_code: String,
    /// The small one.
    pub(crate) small_grn: String,
    /// Its access code.
    pub(crate) small_access_code: String,
}

/// Somebody who is logged in.
pub(crate) struct Visitor {
    door: Door,
    /// Who it is.
    pub(crate) key: Key,
    credential: Credential,
    token: String,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// XML.
    Xml,
    /// JSON.
    Json,
}

impl Form {
    /// The media type.
    const fn media_type(self) -> &'static str {
        match self {
            Self::Xml => "application/xml",
            Self::Json => "application/json",
        }
    }
}

impl Door {
    /// The door of the suite at `url`.
    pub(crate) fn new(url: &str) -> anyhow::Result<Self> {
        // No limit on the whole answer: live streams last as long as the play.
        let http = reqwest::Client::builder().connect_timeout(PATIENCE).build()?;
        Ok(Self { http, url: url.trim_end_matches('/').into() })
    }

    /// The address of the suite.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The people and guarantees of the sandbox.
    pub(crate) async fn sandbox(&self) -> anyhow::Result<Sandbox> {
        let answer = self.answer("GET /sandbox/keys", self.http.get(self.at("/sandbox/keys"))).await;
        answer?.read().context("is this a suite with a demo nation (`ecustoms up --demo`)?")
    }

    /// Logs `login` in: fetches the key, signs a challenge.
    pub(crate) async fn log_in(&self, sandbox: &Sandbox, login: &str) -> anyhow::Result<Visitor> {
        let key = sandbox.keys.iter().find(|key| key.login == login).cloned();
        let key = key.with_context(|| format!("the sandbox has no {login}"))?;
        let file = self.http.get(self.at(&key.file)).timeout(PATIENCE).send().await?.error_for_status()?;
        let credential = Credential::from_pkcs12(&file.bytes().await?, &sandbox.password)?;
        let mut visitor = Visitor { door: self.clone(), key, credential, token: String::new() };
        visitor.log_in().await?;
        Ok(visitor)
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    async fn answer(&self, asked: &str, request: RequestBuilder) -> anyhow::Result<Answer> {
        let response = request.timeout(PATIENCE).send().await.with_context(|| format!("{asked} failed"))?;
        let etag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        Ok(Answer { asked: asked.to_owned(), status, etag, text: response.text().await? })
    }
}

impl Visitor {
    /// Signs a fresh challenge.
    async fn log_in(&mut self) -> anyhow::Result<()> {
        let ask = "POST /auth/challenge";
        let request = self.door.http.post(self.door.at("/auth/challenge")).json(&json!({}));
        let challenge: Value = self.door.answer(ask, request).await?.read()?;
        let challenge = challenge["challenge"].as_str().context("the challenge is no text")?;
        let signature = STANDARD.encode(self.sign(challenge.as_bytes())?);
        let body = json!({"challenge": challenge, "signature": signature});
        let request = self.door.http.post(self.door.at("/auth/token")).json(&body);
        let session: Value = self.door.answer("POST /auth/token", request).await?.read()?;
        self.keep(&session)
    }

    /// Exchanges the token for a fresh one, or signs a challenge where it is worth nothing any more.
    pub(crate) async fn renew(&mut self) -> anyhow::Result<()> {
        let answer = self.post("/auth/refresh", &json!({})).await?;
        if answer.status == 401 {
            return self.log_in().await;
        }
        self.keep(&answer.read()?)
    }

    fn keep(&mut self, session: &Value) -> anyhow::Result<()> {
        let token = session["accessToken"].as_str().context("the session has no token")?;
        token.clone_into(&mut self.token);
        Ok(())
    }

    /// The log-in name.
    pub(crate) fn login(&self) -> &str {
        &self.key.login
    }

    /// EORI of the organisation that the visitor acts for.
    pub(crate) fn eori(&self) -> &str {
        &self.key.eori
    }

    /// The door and the token, for a live stream.
    pub(crate) fn pass(&self) -> (Door, String) {
        (self.door.clone(), self.token.clone())
    }

    /// Asks a question.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        let asked = format!("GET {path} by {}", self.login());
        let request = self.door.http.get(self.door.at(path)).bearer_auth(&self.token);
        self.door.answer(&asked, request.header(header::ACCEPT, "application/json")).await
    }

    /// Opens a stream of server-sent events.
    pub(crate) async fn events(&self, path: &str) -> anyhow::Result<reqwest::Response> {
        let request = self.door.http.get(self.door.at(path)).bearer_auth(&self.token);
        let request = request.header(header::ACCEPT, "text/event-stream").send();
        let response = tokio::time::timeout(PATIENCE, request).await.context("no stream in time")??;
        let status = response.status().as_u16();
        if status == 200 {
            return Ok(response);
        }
        let asked = format!("GET {path} by {}", self.login());
        let refused = Answer { asked, status, etag: None, text: response.text().await? };
        Err(Deviation::new(&refused.asked, "a live stream", refused.told()).into())
    }

    /// Asks for an effect, once.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.door.answer(&format!("POST {path} by {}", self.login()), self.effect(path).json(body)).await
    }

    /// Asks for an effect on the version of a thing that was seen with `etag`.
    pub(crate) async fn post_to(&self, path: &str, etag: &str, body: &Value) -> anyhow::Result<Answer> {
        let request = self.effect(path).header(header::IF_MATCH, etag).json(body);
        self.door.answer(&format!("POST {path} by {}", self.login()), request).await
    }

    /// Sends `content` with its signature; `signed` are the octets that the signature is made over.
    pub(crate) async fn send(
        &self,
        path: &str,
        form: Form,
        content: &str,
        signed: &str,
    ) -> anyhow::Result<Answer> {
        let request = self
            .effect(path)
            .header(header::CONTENT_TYPE, form.media_type())
            .header(SIGNATURE, self.signature(signed)?)
            .body(content.to_owned());
        self.door.answer(&format!("POST {path} by {}", self.login()), request).await
    }

    /// The data of a GraphQL operation, or the first of its errors.
    pub(crate) async fn graphql(&self, query: &str, variables: &Value) -> anyhow::Result<Value> {
        let request = self.effect("/graphql").json(&json!({"query": query, "variables": variables}));
        let asked = format!("GraphQL by {}", self.login());
        let mut answer: Value = self.door.answer(&asked, request).await?.read()?;
        if let Some(error) = answer.pointer("/errors/0") {
            bail!("{asked} was refused: {error}");
        }
        Ok(answer["data"].take())
    }

    /// Signature (CMS, Base64) over exactly `content`.
    pub(crate) fn signature(&self, content: &str) -> anyhow::Result<String> {
        Ok(STANDARD.encode(self.sign(content.as_bytes())?))
    }

    fn sign(&self, octets: &[u8]) -> anyhow::Result<Vec<u8>> {
        Ok(self.credential.sign_detached(octets, SystemClock.now())?)
    }

    fn effect(&self, path: &str) -> RequestBuilder {
        let key = uuid_at(SystemClock.now()).to_string();
        self.door.http.post(self.door.at(path)).bearer_auth(&self.token).header("Idempotency-Key", key)
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor").field("key", &self.key).finish_non_exhaustive()
    }
}
