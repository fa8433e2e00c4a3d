//! The public door of a suite: log-in by certificate, guarantees, declarations, the live stream of a box.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_kernel::{Clock as _, id::uuid_at};
use customs_platform::SystemClock;
use customs_signatures::issue::Credential;
use reqwest::{RequestBuilder, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::stock::{Parcel, Pledge};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The public door of a suite.
#[derive(Clone)]
pub(crate) struct Door {
    http: reqwest::Client,
    url: Arc<str>,
}

/// What a sandbox tells of its people.
#[derive(Debug, Deserialize)]
pub(crate) struct Sandbox {
    password: String,
    keys: Vec<Key>,
}

#[derive(Clone, Debug, Deserialize)]
struct Key {
    login: String,
    eori: String,
    file: String,
}

/// Somebody who is logged in.
#[derive(Clone)]
pub(crate) struct Visitor {
    door: Door,
    /// EORI of the organisation that the visitor acts for.
    pub(crate) eori: Arc<str>,
    credential: Arc<Credential>,
    token: Arc<str>,
}

impl Door {
    /// The door of the suite at `url`.
    pub(crate) fn new(url: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(512)
            // Shorter than the suite keeps an idle connection: none is cut under a request.
            .pool_idle_timeout(Duration::from_secs(3))
            .tcp_nodelay(true)
            .build()?;
        Ok(Self { http, url: url.trim_end_matches('/').into() })
    }

    /// The people of the sandbox.
    pub(crate) async fn sandbox(&self) -> anyhow::Result<Sandbox> {
        read(self.http.get(self.at("/sandbox/keys"))).await
    }

    /// Logs `login` in: fetches the key, signs a challenge.
    pub(crate) async fn log_in(&self, sandbox: &Sandbox, login: &str) -> anyhow::Result<Visitor> {
        let key = sandbox.keys.iter().find(|key| key.login == login);
        let key = key.with_context(|| format!("the sandbox has no {login}"))?;
        let file = self.http.get(self.at(&key.file)).timeout(PATIENCE).send().await?.error_for_status()?;
        let credential = Arc::new(Credential::from_pkcs12(&file.bytes().await?, &sandbox.password)?);
        let visitor =
            Visitor { door: self.clone(), eori: key.eori.as_str().into(), credential, token: "".into() };
        visitor.again().await
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

impl Visitor {
    /// The same visitor with a fresh token.
    pub(crate) async fn again(&self) -> anyhow::Result<Self> {
        let post = |path: &str, body: &Value| self.door.http.post(self.door.at(path)).json(body);
        let asked: Value = read(post("/auth/challenge", &json!({}))).await?;
        let challenge = asked["challenge"].as_str().context("the challenge is no text")?;
        let signature = self.sign(challenge.as_bytes())?;
        let session: Value =
            read(post("/auth/token", &json!({"challenge": challenge, "signature": signature}))).await?;
        let token = session["accessToken"].as_str().context("the session has no token")?.into();
        Ok(Self { token, ..self.clone() })
    }

    /// Signature (CMS, Base64) over exactly `octets`.
    pub(crate) fn sign(&self, octets: &[u8]) -> anyhow::Result<String> {
        Ok(STANDARD.encode(self.credential.sign_detached(octets, SystemClock.now())?))
    }

    /// Lets this insurer propose a guarantee of `owner`, and `officer` approve it.
    pub(crate) async fn guarantee(&self, owner: &str, officer: &Self) -> anyhow::Result<Pledge> {
        let today = SystemClock.now().date_naive();
        let until = today.checked_add_days(chrono::Days::new(365)).unwrap_or(today);
        let proposal = json!({
            "guaranteeType": "1",
            "guarantorKind": "insurer",
            "owner": owner,
            "officeOfGuarantee": "KZALA001",
            "insuredAmount": {"amount": "90000000.00", "currency": "EUR"},
            "validFrom": today,
            "validUntil": until,
            "paymentTerms": "within 30 days of the claim",
            "liabilities": "duties and taxes of transit movements of the owner",
        });
        let (proposed, tag): (Value, _) = seen(self.effect("/guarantees").json(&proposal)).await?;
        let id = proposed["id"].as_str().context("a proposed guarantee has an id")?;
        let approval = officer.effect(&format!("/guarantees/{id}/approval"));
        let approval = approval.header(header::IF_MATCH, tag.context("a guarantee has an entity tag")?);
        let issued: Value = read(approval.json(&json!({}))).await?;
        let text = |pointer: &str| issued.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Ok(Pledge {
            grn: text("/guarantee/grn").context("an approved guarantee has a number")?,
            access_code: text("/accessCode").context("a comprehensive guarantee has an access code")?,
        })
    }

    /// Lodges the signed declaration; the status of the answer, and its text where it was not taken in.
    pub(crate) async fn lodge(&self, parcel: Parcel) -> anyhow::Result<(u16, String)> {
        let request = self
            .effect("/movements/departures")
            .header(header::CONTENT_TYPE, "application/xml")
            .header("Ecustoms-Signature", parcel.signature)
            .body(parcel.body);
        let response = request.timeout(PATIENCE).send().await?;
        let status = response.status().as_u16();
        let text = response.bytes().await?;
        let told = if status == 202 { String::new() } else { String::from_utf8_lossy(&text).into_owned() };
        Ok((status, told))
    }

    /// Number of the newest notification in the box.
    pub(crate) async fn newest(&self) -> anyhow::Result<i64> {
        let page: Value = read(self.get("/notifications?first=1")).await?;
        page["lastNumber"].as_i64().context("the box tells no number")
    }

    /// The box behind the number `after` as server-sent events.
    pub(crate) async fn events(&self, after: i64) -> anyhow::Result<reqwest::Response> {
        let request = self.get(&format!("/notifications/stream?afterNumber={after}"));
        Ok(request.header(header::ACCEPT, "text/event-stream").send().await?.error_for_status()?)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.door.http.get(self.door.at(path)).bearer_auth(&self.token)
    }

    fn effect(&self, path: &str) -> RequestBuilder {
        let key = uuid_at(SystemClock.now()).to_string();
        self.door.http.post(self.door.at(path)).bearer_auth(&self.token).header("Idempotency-Key", key)
    }
}

async fn read<T: serde::de::DeserializeOwned>(request: RequestBuilder) -> anyhow::Result<T> {
    Ok(seen(request).await?.0)
}

/// The answer with its entity tag.
async fn seen<T: serde::de::DeserializeOwned>(
    request: RequestBuilder,
) -> anyhow::Result<(T, Option<String>)> {
    let response = request.timeout(PATIENCE).send().await?;
    let (status, url) = (response.status(), response.url().path().to_owned());
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    let text = response.text().await?;
    ensure!(status.is_success(), "{url} answered {status}: {text}");
    let told = serde_json::from_str(&text).with_context(|| format!("{url} answered what cannot be read"))?;
    Ok((told, tag))
}
