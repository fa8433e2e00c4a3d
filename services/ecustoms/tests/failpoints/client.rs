//! A client that survives the death of the suite: what it asks for is asked again, under the same key, until
//! it is answered.

use std::{collections::HashMap, time::Duration};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_kernel::{Clock as _, id::uuid_at};
use customs_platform::SystemClock;
use customs_signatures::issue::Credential;
use reqwest::header;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an idle connection is kept: less than the suite keeps it.
const IDLE: Duration = Duration::from_secs(1);
/// Answers that ask to come again: no log-in any more, too slow, in flight, too many, down, late.
const AGAIN: [u16; 6] = [401, 408, 429, 502, 503, 504];

/// What somebody asks of the suite; an effect has a key, which stays the same however often it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) who: &'static str,
    pub(crate) path: String,
    effect: Option<Effect>,
}

#[derive(Clone, Debug)]
struct Effect {
    headers: Vec<(&'static str, String)>,
    body: String,
}

/// An answer of the suite.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: String,
    pub(crate) body: String,
}

/// Everybody who may ask, logged in when needed.
pub(crate) struct Client {
    runtime: Runtime,
    http: reqwest::Client,
    url: String,
    sandbox: Value,
    credentials: HashMap<&'static str, Credential>,
    tokens: HashMap<&'static str, String>,
    /// The last answer that did not count.
    pub(crate) excuse: String,
    /// Every request that was not answered, or by an answer that did not count.
    pub(crate) failures: Vec<String>,
}

impl Ask {
    /// A question.
    pub(crate) fn read(who: &'static str, path: impl Into<String>) -> Self {
        Self { who, path: path.into(), effect: None }
    }

    /// An effect with an input in JSON.
    pub(crate) fn json(who: &'static str, path: impl Into<String>, input: &Value) -> Self {
        let headers = vec![("idempotency-key", key()), ("content-type", "application/json".to_owned())];
        Self { who, path: path.into(), effect: Some(Effect { headers, body: input.to_string() }) }
    }

    /// A document in XML with its signature.
    pub(crate) fn signed(who: &'static str, path: impl Into<String>, xml: String, signature: String) -> Self {
        let headers = vec![
            ("idempotency-key", key()),
            ("content-type", "application/xml".to_owned()),
            ("ecustoms-signature", signature),
        ];
        Self { who, path: path.into(), effect: Some(Effect { headers, body: xml }) }
    }

    /// The same on the version that was seen with `etag`.
    pub(crate) fn of(mut self, etag: &str) -> Self {
        if let Some(effect) = &mut self.effect {
            effect.headers.push(("if-match", etag.to_owned()));
        }
        self
    }
}

fn key() -> String {
    uuid_at(SystemClock.now()).to_string()
}

impl Answer {
    /// The body of a success.
    pub(crate) fn value<T: DeserializeOwned>(&self, ask: &Ask) -> anyhow::Result<T> {
        let Ask { who, path, .. } = ask;
        anyhow::ensure!(self.status < 300, "{path} by {who} is answered {} {}", self.status, self.body);
        serde_json::from_str(&self.body).with_context(|| format!("{path} by {who} cannot be read"))
    }

    /// Whether the answer is to come again rather than what was asked for.
    fn is_final(&self) -> bool {
        !AGAIN.contains(&self.status) && !self.body.contains("idempotency-key-in-flight")
    }
}

impl Client {
    /// A client of the suite at `url`, which is ready.
    pub(crate) fn new(url: &str) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let http = reqwest::Client::builder().timeout(PATIENCE).pool_idle_timeout(IDLE).build()?;
        let (credentials, tokens) = (HashMap::new(), HashMap::new());
        let (url, sandbox, excuse, failures) = (url.to_owned(), Value::Null, String::new(), Vec::new());
        let mut client = Self { runtime, http, url, sandbox, credentials, tokens, excuse, failures };
        let told = client.fetch("/sandbox/keys")?;
        client.sandbox = serde_json::from_slice(&told)?;
        Ok(client)
    }

    /// A guarantee of the declarant: `grn`, `accessCode`, `smallGrn`, `smallAccessCode`.
    pub(crate) fn guarantee(&self, field: &str) -> String {
        self.sandbox["guarantee"][field].as_str().unwrap_or_default().to_owned()
    }

    /// EORI of the organisation of `who`.
    pub(crate) fn eori(&self, who: &str) -> String {
        self.key_of(who)["eori"].as_str().unwrap_or_default().to_owned()
    }

    fn key_of(&self, who: &str) -> Value {
        let keys = self.sandbox["keys"].as_array().into_iter().flatten();
        keys.clone().find(|key| key["login"] == who).cloned().unwrap_or_default()
    }

    /// The signature (CMS, Base64) of `who` over `content`; the key must have been fetched before.
    pub(crate) fn sign(&self, who: &str, content: &str) -> anyhow::Result<String> {
        let credential = self.credentials.get(who).with_context(|| format!("the key of {who} is missing"))?;
        Ok(STANDARD.encode(credential.sign_detached(content.as_bytes(), SystemClock.now())?))
    }

    /// Fetches the key of `who`.
    pub(crate) fn learn(&mut self, who: &'static str) -> anyhow::Result<()> {
        if !self.credentials.contains_key(who) {
            let file = self.key_of(who)["file"].as_str().unwrap_or_default().to_owned();
            let password = self.sandbox["password"].as_str().unwrap_or_default();
            let credential = Credential::from_pkcs12(&self.fetch(&file)?, password)?;
            self.credentials.insert(who, credential);
        }
        Ok(())
    }

    /// Asks once; `None` when there is no answer that counts, and it is to be asked again.
    pub(crate) fn try_ask(&mut self, ask: &Ask) -> Option<Answer> {
        let failure = match self.attempt(ask) {
            Ok(answer) if answer.is_final() => return Some(answer),
            Ok(answer) => {
                if answer.status == 401 {
                    self.tokens.remove(ask.who);
                }
                format!("{} {}", answer.status, answer.body)
            }
            Err(error) => format!("{error:#}"),
        };
        self.failures.push(format!("{} by {}: {failure}", ask.path, ask.who));
        self.excuse = failure;
        None
    }

    fn attempt(&mut self, ask: &Ask) -> anyhow::Result<Answer> {
        let token = self.token(ask.who)?;
        let mut request = match &ask.effect {
            Some(effect) => {
                let request = self.http.post(self.at(&ask.path)).body(effect.body.clone());
                effect.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
            }
            None => self.http.get(self.at(&ask.path)),
        };
        request = request.bearer_auth(token).header(header::ACCEPT, "application/json");
        self.runtime.block_on(answer(request))
    }

    /// The token of `who`, who logs in where there is none.
    fn token(&mut self, who: &'static str) -> anyhow::Result<String> {
        if let Some(token) = self.tokens.get(who) {
            return Ok(token.clone());
        }
        self.learn(who)?;
        let challenge = self.public("/auth/challenge", &json!({}))?;
        let challenge = challenge["challenge"].as_str().context("no challenge")?;
        let input = json!({"challenge": challenge, "signature": self.sign(who, challenge)?});
        let session = self.public("/auth/token", &input)?;
        let token = session["accessToken"].as_str().context("no token")?.to_owned();
        self.tokens.insert(who, token.clone());
        Ok(token)
    }

    fn public(&self, path: &str, input: &Value) -> anyhow::Result<Value> {
        let request = self.http.post(self.at(path)).json(input);
        Ok(serde_json::from_str(&self.runtime.block_on(answer(request))?.body)?)
    }

    fn fetch(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let request = self.http.get(self.at(path));
        self.runtime.block_on(async { Ok(request.send().await?.error_for_status()?.bytes().await?.to_vec()) })
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

async fn answer(request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
    let response = request.send().await?;
    let etag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let (status, etag) = (response.status().as_u16(), etag.unwrap_or_default().to_owned());
    Ok(Answer { status, etag, body: response.text().await? })
}
