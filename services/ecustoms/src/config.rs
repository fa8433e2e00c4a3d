//! The configuration of a process: one file, overridden by the environment; unknown keys are refused.

use std::{collections::HashMap, path::PathBuf};

use anyhow::Context;
use customs_declarations::Settings;
use customs_gateway::Limits;
use customs_platform::telemetry::Telemetry;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use crate::{fetch::Fetch, policy::SignaturePolicy, provider::Provider};

/// Everything that an operator can set about a process.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where embedded databases, and in a sandbox keys and certificates, are kept.
    pub data_dir: PathBuf,
    /// Address and port that the process listens on.
    pub listen: String,
    /// Address and port for health and `/metrics`, apart from what clients reach; none unless set.
    pub operations_listen: Option<String>,
    /// For how many seconds a process that is told to stop goes on taking requests while it is not ready any more.
    pub drain_notice_s: u64,
    /// For how many seconds requests under way may then take to end.
    pub drain_s: u64,
    /// How many proxies of one's own stand before the gateway and append to `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// Address under which clients reach the gateway; made from `listen` unless set.
    pub public_url: Option<String>,
    /// Further hosts, with their ports, under which systems may sign their requests; that of `public_url` always counts.
    pub authorities: Vec<String>,
    /// The servers of the distributed mode; embedded without them.
    pub servers: Option<Servers>,
    /// Base addresses of the services that run in other processes, by name.
    pub services: HashMap<String, String>,
    /// File with the secret that the processes of one installation share, at least 32 characters.
    pub secret_file: Option<PathBuf>,
    /// Directory with `anchors/`, `intermediates/`, `crls/` and `timestampers/` (DER) that signatures are held against.
    pub trust_dir: Option<PathBuf>,
    /// Status of certificates that is fetched in the background.
    pub fetch: Fetch,
    /// What is demanded of signatures.
    pub signatures: SignaturePolicy,
    /// File with the private key (P-256, PEM) that access tokens are signed with.
    pub token_key_file: Option<PathBuf>,
    /// Sign-in by an outside provider, beside the certificate; there is none unless set.
    pub oidc: Option<Provider>,
    /// The key that seals the codes of papers; no papers are made without one.
    pub seal: SealKey,
    /// Deadlines and names of this administration.
    pub declarations: Settings,
    /// How reference data are brought in.
    pub references: customs_references::Config,
    /// Bounds of one request and of one client.
    pub limits: Limits,
    /// Logs and traces.
    pub telemetry: Logs,
    /// The file that this was read from, for what is read again while the process runs.
    #[serde(skip)]
    pub source: Option<PathBuf>,
}

/// Where the key is that seals the codes of papers: a file, or a device reached by PKCS#11.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SealKey {
    /// Key file (PKCS#12).
    pub key_file: Option<PathBuf>,
    /// File with the password of the key file, or with the PIN of the device.
    pub password_file: Option<PathBuf>,
    /// Library of the device.
    pub module: Option<PathBuf>,
    /// Label of the token in the device.
    pub token: String,
    /// Label of the key in the token.
    pub key_label: String,
    /// Certificate (DER) of the key in the device.
    pub certificate_file: Option<PathBuf>,
    /// Directory with certificates (DER) of former keys; they stay published for whoever verifies.
    pub former_dir: Option<PathBuf>,
}

/// The servers of the distributed mode.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    /// PostgreSQL; a process that keeps no data, such as the gateway, needs none.
    #[serde(default)]
    pub postgres_url: Option<String>,
    /// RabbitMQ.
    pub rabbitmq_url: String,
    /// Redis.
    pub redis_url: String,
    /// Connections to PostgreSQL for each service.
    #[serde(default = "connections")]
    pub connections_max: u32,
    /// Queues for each service; the same in every process, for ever.
    #[serde(default = "partitions")]
    pub partitions: u32,
}

const fn connections() -> u32 {
    8
}

const fn partitions() -> u32 {
    4
}

// The URLs carry passwords.
impl std::fmt::Debug for Servers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Servers")
            .field("connections_max", &self.connections_max)
            .field("partitions", &self.partitions)
            .finish_non_exhaustive()
    }
}

/// Logs and traces.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logs {
    /// Filter in the notation of `RUST_LOG`.
    pub filter: String,
    /// One JSON object a line.
    pub json: bool,
    /// Base URL of an OTLP/HTTP collector.
    pub otlp_endpoint: Option<String>,
    /// How many of a thousand traces that begin here are kept.
    pub traces_per_thousand: u16,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            filter: "warn,customs=info,ecustoms=info".to_owned(),
            json: false,
            otlp_endpoint: None,
            traces_per_thousand: 1_000,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from(".data"),
            listen: "127.0.0.1:8080".to_owned(),
            operations_listen: None,
            drain_notice_s: 0,
            drain_s: 20,
            trusted_proxies: 0,
            public_url: None,
            authorities: Vec::new(),
            servers: None,
            services: HashMap::new(),
            secret_file: None,
            trust_dir: None,
            fetch: Fetch::default(),
            signatures: SignaturePolicy::default(),
            token_key_file: None,
            oidc: None,
            seal: SealKey::default(),
            declarations: Settings::default(),
            references: customs_references::Config::default(),
            limits: Limits::default(),
            telemetry: Logs::default(),
            source: None,
        }
    }
}

impl Config {
    /// The configuration in `file`, if one is named, overridden by `ECUSTOMS_*` (`__` between levels).
    ///
    /// `ECUSTOMS_POSTGRES_URL`, `ECUSTOMS_RABBITMQ_URL` and `ECUSTOMS_REDIS_URL` name the servers.
    pub fn load(file: Option<&PathBuf>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            anyhow::ensure!(file.exists(), "there is no configuration file {}", file.display());
            figment = figment.merge(Toml::file(file));
        }
        let short = |name: &str| match (name, name.strip_prefix("services__")) {
            ("postgres_url" | "rabbitmq_url" | "redis_url", _) => format!("servers.{name}"),
            // A service is named with a hyphen, which a variable cannot have.
            (_, Some(service)) => format!("services.{}", service.replace('_', "-")),
            _ => name.replace("__", "."),
        };
        let environment = Env::prefixed("ECUSTOMS_")
            .ignore(&["failpoint", "servers_dir", "servers_grace_s", "test_postgres_url", "token", "url"])
            .map(move |name| short(&name.as_str().to_ascii_lowercase()).into());
        let config: Self =
            figment.merge(environment).extract().context("the configuration cannot be read")?;
        Ok(Self { source: file.cloned(), ..config })
    }

    /// How this process logs and traces.
    #[must_use]
    pub fn telemetry(&self, role: &str) -> Telemetry {
        let Logs { filter, json, otlp_endpoint, traces_per_thousand } = self.telemetry.clone();
        Telemetry { role: role.to_owned(), filter, json, otlp_endpoint, traces_per_thousand }
    }

    /// The address under which clients reach the gateway.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_servers_are_not_shown() {
        let servers = Servers {
            postgres_url: Some("postgres://u:hidden@h/d".to_owned()),
            rabbitmq_url: String::new(),
            redis_url: String::new(),
            connections_max: 1,
            partitions: 1,
        };
        assert!(!format!("{servers:?}").contains("hidden"));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("config.toml");
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"").unwrap();
        assert!(Config::load(Some(&file)).is_err());
    }

    /// The charts write configurations for this program; their tests keep what they write.
    #[test]
    fn what_the_charts_write_is_understood() {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../charts/tests/golden/config"));
        let directory = tempfile::tempdir().unwrap();
        let mut read = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // The addresses come as variables from Secrets.
            let text = std::fs::read_to_string(&path).unwrap().replace(
                "[servers]",
                "[servers]\npostgres_url = \"postgres://a\"\nrabbitmq_url = \"amqp://a\"\nredis_url = \"redis://a\"",
            );
            let file = directory.path().join("config.toml");
            std::fs::write(&file, text).unwrap();
            let config =
                Config::load(Some(&file)).unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
            assert_eq!(config.operations_listen.as_deref(), Some("0.0.0.0:9090"), "{}", path.display());
            read += 1;
        }
        assert!(read > 40, "{read}");
    }
}
