//! A gateway on a real port, with clock, authority and stand-ins at hand.

use std::sync::Arc;

use actix_web::{App, HttpServer, dev::ServerHandle};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use customs_gateway::{GatewayConfig, GatewayPorts, gateway, routes};
use customs_kernel::{Clock, ManualClock};
use customs_platform::{Cache, Desk, Store, cache::local::LocalCache, store::Place};
use customs_signatures::{EvidenceKey, Profile};
use customs_web_broker_contract::MemberRole;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    authority::{Nation, nation},
    services::{Services, use_cases},
};

/// A running gateway.
pub(crate) struct Stand {
    pub(crate) url: String,
    pub(crate) client: Client,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) cache: Arc<dyn Cache>,
    pub(crate) nation: Nation,
    pub(crate) services: Arc<Services>,
    config: GatewayConfig,
    ports: GatewayPorts,
    server: ServerHandle,
    _directory: TempDir,
}

impl Drop for Stand {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// The instant at which every test starts.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

impl Stand {
    /// A gateway as it is set without a word.
    pub(crate) async fn plain() -> Self {
        Self::with(GatewayConfig::default()).await
    }

    /// A gateway set as `config` says.
    pub(crate) async fn with(config: GatewayConfig) -> Self {
        Self::of(config, Profile::ec_sig_1()).await
    }

    /// A gateway that asks of signatures what `profile` says.
    pub(crate) async fn of(config: GatewayConfig, profile: Profile) -> Self {
        let clock = Arc::new(ManualClock::at(start()));
        let given: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let cache: Arc<dyn Cache> = Arc::new(LocalCache::new(Arc::clone(&given)));
        let directory = tempfile::tempdir().unwrap();
        let place = Place::Sqlite(directory.path().join("stand.db"));
        let store = Store::open("web-broker", &place, Arc::clone(&given)).await.unwrap();
        customs_migrations::migrate("web-broker", store.reader()).await.unwrap();
        let services = Arc::new(Services::default());
        *services.roles.lock().unwrap() = vec![MemberRole::Declarant];
        *services.organisations.lock().unwrap() = vec!["KZ1".to_owned()];
        let desk = Desk::new(None);
        desk.open(use_cases(&services, &store));
        let nation = nation(start(), profile);
        let ports = GatewayPorts {
            desk,
            cache: Arc::clone(&cache),
            clock: given,
            verifier: Arc::clone(&nation.verifier),
            evidence: EvidenceKey::random().unwrap(),
            seal: Arc::default(),
        };
        let (url, server) = serve(&config, &ports);
        Self {
            url,
            client: Client::new(),
            clock,
            cache,
            nation,
            services,
            config,
            ports,
            server,
            _directory: directory,
        }
    }

    /// One more gateway over the same services: its address, and what stops it.
    pub(crate) fn replica(&self) -> (String, ServerHandle) {
        serve(&self.config, &self.ports)
    }

    /// A request to `path`.
    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A fresh challenge.
    pub(crate) async fn challenge(&self) -> String {
        let answer = self.ask(Method::POST, "/auth/challenge").json(&json!({})).send().await.unwrap();
        json_of(answer, 200).await["challenge"].as_str().unwrap().to_owned()
    }

    /// The body of a log-in: `challenge` signed by the person.
    pub(crate) fn signed(&self, challenge: &str) -> Value {
        let signature = self.nation.signer.sign_detached(challenge.as_bytes(), start()).unwrap();
        json!({"challenge": challenge, "signature": STANDARD.encode(signature)})
    }

    /// A token for the person with `roles`.
    pub(crate) async fn token(&self, roles: &[MemberRole]) -> String {
        *self.services.roles.lock().unwrap() = roles.to_vec();
        let challenge = self.challenge().await;
        let body = self.signed(&challenge);
        let answer = self.ask(Method::POST, "/auth/token").json(&body).send().await.unwrap();
        json_of(answer, 200).await["accessToken"].as_str().unwrap().to_owned()
    }

    /// What GraphQL answers to `query` for whoever has `token`.
    pub(crate) async fn graphql(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({"query": query, "variables": variables});
        let request = self.ask(Method::POST, "/graphql").bearer_auth(token).json(&body);
        json_of(request.send().await.unwrap(), 200).await
    }
}

fn serve(config: &GatewayConfig, ports: &GatewayPorts) -> (String, ServerHandle) {
    let gateway = gateway(config.clone(), ports.clone()).unwrap();
    let server = HttpServer::new(move || App::new().configure(|cfg| routes(cfg, &gateway)));
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    (url, handle)
}

/// The JSON of `answer`, which must have `status`.
pub(crate) async fn json_of(answer: Response, status: u16) -> Value {
    let (given, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    assert_eq!(given, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// The code of the problem document that `answer` must be.
pub(crate) async fn problem_of(answer: Response, status: u16) -> Value {
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let document = json_of(answer, status).await;
    for member in ["type", "title", "status", "detail", "instance", "code", "correlationId"] {
        assert!(document.get(member).is_some(), "no {member} in {document}");
    }
    assert_eq!(document["status"], status);
    document
}
