//! How the gateway is set: addresses, log-in, limits; unknown keys are refused.

use std::{collections::BTreeMap, fmt};

use customs_web_broker_contract::NumberScheme;
use serde::{Deserialize, Serialize};

/// Everything that an operator can set about the gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewayConfig {
    /// Address under which clients reach the gateway: issuer and audience of tokens.
    pub public_url: String,
    /// Further hosts, with their ports, under which systems may sign their requests; that of `public_url` always counts.
    pub authorities: Vec<String>,
    /// Whether GraphQL introspection and the explorer are served.
    pub introspection: bool,
    /// Origins of pages that browsers may call from; none unless named.
    pub cors_origins: Vec<String>,
    /// Seconds for which browsers are told to use https only; not told without it.
    pub hsts_seconds: Option<u32>,
    /// How many proxies of one's own stand before the gateway and append to `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// Milliseconds within which a request is answered.
    pub deadline_ms: u64,
    /// Log-in and tokens.
    pub login: LoginConfig,
    /// Sign-in by an outside provider; there is none without it.
    pub oidc: Option<OidcConfig>,
    /// Bounds of one request and of one client.
    pub limits: Limits,
}

/// How log-in and tokens are set.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoginConfig {
    /// Private key of P-256 in PEM that signs tokens; replicas share it. A fresh one is made without it.
    pub key_pem: Option<String>,
    /// How long an access token is good, in seconds.
    pub token_seconds: u32,
    /// How long a token can be renewed after the signature, in seconds.
    pub session_seconds: u32,
    /// How long a challenge is good, in seconds.
    pub challenge_seconds: u32,
}

/// How sign-in by an outside provider is set (OIDC).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// The provider, as it names itself: an https address without a question mark.
    pub issuer: String,
    /// As whom the suite is known to the provider.
    pub client_id: String,
    /// How the suite shows the provider that it is this client.
    pub proof: ClientProof,
    /// Scopes that are asked for; `openid` always is.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim of the ID token that holds the person's national number: a name, or a JSON Pointer.
    pub claim: String,
    /// The register that the number was taken from; one of people.
    pub scheme: NumberScheme,
    /// What stands on the button, by language (`en`, `ru`, `kk`).
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Further addresses under which browsers may return here, beside the public one.
    #[serde(default)]
    pub redirect_bases: Vec<String>,
    /// Classes of authentication of which the provider must use one; any where none is named.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// For how many seconds an earlier authentication at the provider counts; any where nothing is said.
    #[serde(default)]
    pub max_age_s: Option<u32>,
}

/// How a client of the provider shows that it is the one.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ClientProof {
    /// By a secret that both know.
    Secret(String),
    /// By a signature with a private key of P-256 (PEM): `private_key_jwt`.
    Key(String),
}

/// Bounds of one request and of one client.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Octets of a request's body.
    pub body_octets_max: usize,
    /// Octets of a signature before Base64.
    pub signature_octets_max: usize,
    /// Nesting of JSON.
    pub json_depth_max: usize,
    /// Requests of one actor, or of one address without log-in, in a window.
    pub requests_max: u64,
    /// Log-in attempts of one address in a window.
    pub logins_max: u64,
    /// Length of the window, in seconds.
    pub window_seconds: u32,
    /// Octets of a GraphQL document.
    pub query_octets_max: usize,
    /// Nesting of a GraphQL document.
    pub query_depth_max: u32,
    /// Aliases in a GraphQL document.
    pub query_aliases_max: u32,
    /// Directives in a GraphQL document.
    pub query_directives_max: u32,
    /// Cost of one GraphQL operation: fields, times what lists may hold.
    pub query_cost_max: u64,
    /// Live streams of one actor.
    pub streams_max: u32,
    /// Live operations on one socket.
    pub socket_operations_max: usize,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            authorities: Vec::new(),
            introspection: true,
            cors_origins: Vec::new(),
            hsts_seconds: None,
            trusted_proxies: 0,
            deadline_ms: 15_000,
            login: LoginConfig::default(),
            oidc: None,
            limits: Limits::default(),
        }
    }
}

impl Default for LoginConfig {
    fn default() -> Self {
        Self { key_pem: None, token_seconds: 900, session_seconds: 8 * 3600, challenge_seconds: 120 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_octets_max: 5_000_000,
            signature_octets_max: 64 * 1024,
            json_depth_max: 64,
            requests_max: 60_000,
            logins_max: 120,
            window_seconds: 60,
            query_octets_max: 64 * 1024,
            query_depth_max: 15,
            query_aliases_max: 50,
            query_directives_max: 50,
            query_cost_max: 20_000,
            streams_max: 20,
            socket_operations_max: 20,
        }
    }
}

impl fmt::Debug for ClientProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret",
            Self::Key(_) => "Key",
        })
    }
}

impl fmt::Debug for LoginConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginConfig")
            .field("key_pem", &self.key_pem.as_ref().map(|_| "set"))
            .field("token_seconds", &self.token_seconds)
            .field("session_seconds", &self.session_seconds)
            .field("challenge_seconds", &self.challenge_seconds)
            .finish()
    }
}
