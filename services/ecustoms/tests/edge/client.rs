//! An outside client that looks at every part of an answer.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_kernel::{Clock as _, id::uuid_at};
use customs_platform::SystemClock;
use customs_signatures::issue::Credential;
use reqwest::{
    Method,
    blocking::{Client, RequestBuilder},
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap},
};
use serde_json::{Value, json};

/// How long one answer may take: nothing may hang.
const PATIENCE: Duration = Duration::from_secs(20);
/// The header in which the signature of a document travels.
pub(crate) const SIGNATURE: &str = "Ecustoms-Signature";

/// The public door of a suite, with nobody logged in.
#[derive(Clone)]
pub(crate) struct Door {
    http: Client,
    url: Arc<str>,
}

/// Somebody who is logged in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) door: Door,
    pub(crate) login: String,
    pub(crate) eori: String,
    pub(crate) credential: Arc<Credential>,
    pub(crate) token: String,
}

/// An answer, whatever it says.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A text that no other request has.
pub(crate) fn fresh() -> String {
    uuid_at(SystemClock.now()).simple().to_string()
}

impl Door {
    pub(crate) fn new(url: &str) -> Self {
        let http = Client::builder().timeout(PATIENCE).build().unwrap();
        Self { http, url: url.into() }
    }

    /// Host and port of the suite.
    pub(crate) fn authority(&self) -> &str {
        self.url.strip_prefix("http://").unwrap_or(&self.url)
    }

    /// A request by nobody in particular.
    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        Answer::to(self.ask(Method::GET, path))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.ask(Method::POST, path).json(body))
    }

    /// What the sandbox tells of its people and guarantees.
    pub(crate) fn sandbox(&self) -> Value {
        self.get("/sandbox/keys").json()
    }

    /// The key of `login`.
    pub(crate) fn credential(&self, login: &str) -> Credential {
        let password = self.sandbox()["password"].as_str().unwrap().to_owned();
        let file = self.get(&format!("/sandbox/keys/{login}.p12"));
        Credential::from_pkcs12(&file.body, &password).unwrap()
    }

    pub(crate) fn challenge(&self) -> String {
        let answer = self.post("/auth/challenge", &json!({}));
        answer.json()["challenge"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
    }

    /// The answer to `challenge` signed with `credential`.
    pub(crate) fn open(&self, challenge: &str, credential: &Credential) -> Answer {
        let signature = sign(credential, challenge.as_bytes());
        self.post("/auth/token", &json!({ "challenge": challenge, "signature": signature }))
    }

    /// Logs somebody of the demo nation in.
    pub(crate) fn log_in(&self, login: &str) -> Person {
        self.log_in_with(login, self.credential(login))
    }

    /// Logs the holder of `credential` in.
    pub(crate) fn log_in_with(&self, login: &str, credential: Credential) -> Person {
        let answer = self.open(&self.challenge(), &credential);
        let session = answer.json();
        let text =
            |name: &str| session[name].as_str().unwrap_or_else(|| panic!("{login}: {answer:?}")).to_owned();
        Person {
            door: self.clone(),
            login: login.to_owned(),
            eori: text("party"),
            credential: Arc::new(credential),
            token: text("accessToken"),
        }
    }

    /// That the connection and the suite are still of use.
    pub(crate) fn still_answers(&self) {
        assert_eq!(self.get("/auth/session").status, 200);
    }
}

/// A signature (CMS, Base64) over exactly `octets`.
pub(crate) fn sign(credential: &Credential, octets: &[u8]) -> String {
    STANDARD.encode(credential.sign_detached(octets, SystemClock.now()).unwrap())
}

impl Person {
    /// A request in the person's name.
    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.door.ask(method, path).header(AUTHORIZATION, format!("Bearer {}", self.token))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        Answer::to(self.ask(Method::GET, path))
    }

    /// Asks for an effect under a fresh key.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.effect(path).json(body))
    }

    /// A request for an effect under a fresh key.
    pub(crate) fn effect(&self, path: &str) -> RequestBuilder {
        self.ask(Method::POST, path).header("Idempotency-Key", fresh())
    }

    pub(crate) fn graphql(&self, query: &str) -> Answer {
        Answer::to(self.effect("/graphql").json(&json!({ "query": query })))
    }

    /// A signature of the person over exactly `octets`.
    pub(crate) fn sign(&self, octets: &[u8]) -> String {
        sign(&self.credential, octets)
    }

    /// Sends a document of `media` with the person's signature over it.
    pub(crate) fn send(&self, path: &str, media: &str, octets: &[u8]) -> Answer {
        let request = self.effect(path).header(CONTENT_TYPE, media).header(SIGNATURE, self.sign(octets));
        Answer::to(request.body(octets.to_vec()))
    }

    /// Lodges the XML `declaration` and tells the movement.
    pub(crate) fn lodge(&self, declaration: &str) -> String {
        let answer = self.send("/movements/departures", "application/xml", declaration.as_bytes());
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.json()["departureId"].as_str().unwrap().to_owned()
    }

    /// The state of a movement.
    pub(crate) fn state(&self, movement: &str) -> String {
        self.get(&format!("/transits/{movement}")).json()["state"].as_str().unwrap_or_default().to_owned()
    }

    /// The types of the messages in a movement's dossier, in order.
    pub(crate) fn messages(&self, movement: &str) -> Vec<String> {
        let page = self.get(&format!("/transits/{movement}/messages?first=100")).json();
        let items = page["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["messageType"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Answer {
    /// The answer to `request`.
    pub(crate) fn to(request: RequestBuilder) -> Self {
        Self::try_to(request).unwrap()
    }

    /// The answer to `request`, or why none came.
    pub(crate) fn try_to(request: RequestBuilder) -> reqwest::Result<Self> {
        let response = request.send()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes()?.to_vec() })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
