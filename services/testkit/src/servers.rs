//! A running set of PostgreSQL, RabbitMQ and Redis.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs, process};

use anyhow::Context as _;
use tempfile::TempDir;
use uuid::Uuid;

use crate::Space;
use crate::script::{Answer, ask, taken};

/// One server of a set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Server {
    /// The store of the distributed mode.
    Postgres,
    /// The bus of the distributed mode.
    RabbitMq,
    /// The cache of the distributed mode.
    Redis,
}

impl Server {
    const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::RabbitMq => "rabbitmq",
            Self::Redis => "redis",
        }
    }
}

/// A running set; it stays for as long as a process that started it lives.
#[derive(Debug)]
pub struct Servers {
    dir: PathBuf,
    postgres_url: String,
    rabbitmq_url: String,
    redis_url: String,
    own: Option<TempDir>,
}

/// How a set is reached over TLS.
#[derive(Clone, Debug)]
pub struct OverTls {
    /// PostgreSQL, whose certificate is verified.
    pub postgres_url: String,
    /// RabbitMQ.
    pub rabbitmq_url: String,
    /// Redis.
    pub redis_url: String,
    /// The authority that issued the certificates, as a PEM file.
    pub authority: PathBuf,
}

static SHARED: Mutex<Option<&'static Servers>> = Mutex::new(None);

impl Servers {
    /// The set that all tests of this machine share: the one named by `ECUSTOMS_SERVERS_DIR`, else one that
    /// is started with the first test and ends soon after the last.
    ///
    /// # Errors
    /// The servers are not installed or do not become ready; the text says which and why.
    pub fn start() -> anyhow::Result<&'static Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(servers) = *shared {
            return Ok(servers);
        }
        let answer = match env::var_os("ECUSTOMS_SERVERS_DIR") {
            Some(dir) => ask(Some(Path::new(&dir)), &["env"])?,
            None => lease(None)?,
        };
        let servers: &'static Self = Box::leak(Box::new(Self::read(answer, None)?));
        *shared = Some(servers);
        Ok(servers)
    }

    /// A set of its own for a test that kills servers; it ends when dropped or when this process ends.
    ///
    /// # Errors
    /// As [`Servers::start`].
    pub fn private() -> anyhow::Result<Self> {
        let own = own_directory()?;
        Self::read(lease(Some(&own.path().join("set")))?, Some(own))
    }

    /// The same, which speaks TLS as well.
    ///
    /// # Errors
    /// As [`Servers::start`].
    pub fn private_with_tls() -> anyhow::Result<Self> {
        let own = own_directory()?;
        let dir = own.path().join("set");
        Self::read(ask(Some(&dir), &["--tls", "lease", &process::id().to_string()])?, Some(own))
    }

    /// The addresses of a set that speaks TLS, for which nothing but TLS will do.
    ///
    /// # Errors
    /// It does not speak TLS.
    pub fn over_tls(&self) -> anyhow::Result<OverTls> {
        let port = |server: Server| -> anyhow::Result<String> {
            let file = self.dir.join(format!("{}.tls-port", server.name()));
            let text =
                fs::read_to_string(&file).with_context(|| format!("there is no {}", file.display()))?;
            Ok(text.trim().to_owned())
        };
        let authority = self.dir.join("tls/ca.pem");
        let moved = |url: &str, scheme: &str, port: &str| -> anyhow::Result<String> {
            let (_, rest) = url.split_once("://").context("an address has a scheme")?;
            let (before, after) = rest.rsplit_once(':').context("an address has a port")?;
            Ok(format!(
                "{scheme}://{before}:{port}{}",
                after.trim_start_matches(|one: char| one.is_ascii_digit())
            ))
        };
        Ok(OverTls {
            postgres_url: format!(
                "{}?sslmode=verify-full&sslrootcert={}",
                self.postgres_url,
                authority.display()
            ),
            rabbitmq_url: moved(&self.rabbitmq_url, "amqps", &port(Server::RabbitMq)?)?,
            redis_url: moved(&self.redis_url, "rediss", &port(Server::Redis)?)?,
            authority,
        })
    }

    fn read(mut answer: Answer, own: Option<TempDir>) -> anyhow::Result<Self> {
        Ok(Self {
            dir: taken(&mut answer, "ECUSTOMS_SERVERS_DIR")?.into(),
            postgres_url: taken(&mut answer, "ECUSTOMS_POSTGRES_URL")?,
            rabbitmq_url: taken(&mut answer, "ECUSTOMS_RABBITMQ_URL")?,
            redis_url: taken(&mut answer, "ECUSTOMS_REDIS_URL")?,
            own,
        })
    }

    /// An empty database, virtual host and Redis number of this set.
    ///
    /// # Errors
    /// A server of the set does not answer.
    pub fn space(&self) -> anyhow::Result<Space> {
        let name = format!("t_{}", Uuid::now_v7().simple());
        Space::open(&self.dir, name)
    }

    /// The administrator's database of the set; tests want [`Servers::space`].
    #[must_use]
    pub fn postgres_url(&self) -> &str {
        &self.postgres_url
    }

    /// The default virtual host of the set; tests want [`Servers::space`].
    #[must_use]
    pub fn rabbitmq_url(&self) -> &str {
        &self.rabbitmq_url
    }

    /// Redis number 0 of the set; tests want [`Servers::space`].
    #[must_use]
    pub fn redis_url(&self) -> &str {
        &self.redis_url
    }

    /// Ends a server at once, as a power cut would.
    ///
    /// # Errors
    /// It does not run.
    pub fn kill(&self, server: Server) -> anyhow::Result<()> {
        self.signal(server, "KILL")
    }

    /// Freezes a server: connections stay open and nothing is answered.
    ///
    /// # Errors
    /// It does not run.
    pub fn freeze(&self, server: Server) -> anyhow::Result<()> {
        self.signal(server, "STOP")
    }

    /// Lets a frozen server go on.
    ///
    /// # Errors
    /// It does not run.
    pub fn thaw(&self, server: Server) -> anyhow::Result<()> {
        self.signal(server, "CONT")
    }

    /// Starts a killed server again, on its port and with its data, and waits until it answers.
    ///
    /// # Errors
    /// It does not become ready.
    pub fn revive(&self, server: Server) -> anyhow::Result<()> {
        ask(Some(&self.dir), &["revive", server.name()]).map(drop)
    }

    fn signal(&self, server: Server, signal: &str) -> anyhow::Result<()> {
        ask(Some(&self.dir), &["signal", server.name(), signal]).map(drop)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        if self.own.is_some()
            && let Err(error) = ask(Some(&self.dir), &["stop"])
        {
            eprintln!("testkit: {error:#}");
        }
    }
}

fn own_directory() -> anyhow::Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("ecustoms-servers.").tempdir_in("/var/tmp")?)
}

fn lease(dir: Option<&Path>) -> anyhow::Result<Answer> {
    ask(dir, &["lease", &process::id().to_string()])
}
