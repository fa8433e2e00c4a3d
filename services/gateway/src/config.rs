//! How the gateway is set: addresses, log-in, limits; unknown keys are refused.

use std::fmt;

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
