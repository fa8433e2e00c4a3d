//! One installation of the suite: its data, its process, and how the process comes back when it died.

use std::{
    fs,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use customs_testkit::{Program, Servers, Space, free_port, until};
use openssl::{ec::EcGroup, ec::EcKey, nid::Nid, pkey::PKey};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    client::{Answer, Ask, Client},
    vault::Vault,
};

/// How long a start may take.
const START: Duration = Duration::from_mins(1);
/// How long anything else may take, a start in between included.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
const ABORTED: i32 = 6;

/// On what an installation runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mode {
    /// SQLite and the bus in the process.
    Embedded,
    /// PostgreSQL, RabbitMQ and Redis.
    Distributed,
}

/// One installation of the suite, with its demo nation, as one client knows it.
pub(crate) struct Site {
    pub(crate) client: Client,
    host: Arc<Host>,
}

/// What an installation rests on.
struct Host {
    process: Mutex<Process>,
    port: u16,
    vault: Vault,
    files: TempDir,
    space: Option<Space>,
}

struct Process {
    program: Program,
    /// How often it died by itself since it was armed.
    deaths: u32,
}

impl Site {
    /// A new installation that is ready.
    pub(crate) fn open(mode: Mode) -> anyhow::Result<Self> {
        let files = tempfile::tempdir()?;
        let space = match mode {
            Mode::Embedded => None,
            Mode::Distributed => Some(Servers::start()?.space()?),
        };
        write_token_key(&files.path().join("token.pem"))?;
        let vault = match &space {
            Some(space) => Vault::postgres(space.postgres_url())?,
            None => Vault::sqlite(files.path())?,
        };
        let port = free_port()?;
        let program = start(files.path(), space.as_ref(), port)?;
        let process = Mutex::new(Process { program, deaths: 0 });
        Self::of(Arc::new(Host { process, port, vault, files, space }))
    }

    /// The same installation, as another client knows it.
    pub(crate) fn again(&self) -> anyhow::Result<Self> {
        Self::of(Arc::clone(&self.host))
    }

    fn of(host: Arc<Host>) -> anyhow::Result<Self> {
        Ok(Self { client: Client::new(&format!("http://127.0.0.1:{}", host.port))?, host })
    }

    /// The databases.
    pub(crate) fn vault(&self) -> &Vault {
        &self.host.vault
    }

    /// Arms a failpoint of the running process.
    pub(crate) fn arm(&self, point: &str) -> anyhow::Result<()> {
        self.host.process().deaths = 0;
        let draft = self.host.files.path().join("failpoint.draft");
        fs::write(&draft, point)?;
        // A rename, so that nobody reads half a point.
        Ok(fs::rename(draft, self.host.failpoint())?)
    }

    /// How often the process has died since it was armed.
    pub(crate) fn deaths(&self) -> u32 {
        self.host.process().deaths
    }

    /// Brings the process back if it died, without the failpoint.
    pub(crate) fn attend(&self) -> anyhow::Result<()> {
        let process = &mut *self.host.process();
        if process.program.is_running() {
            return Ok(());
        }
        let status = process.program.ends(PATIENCE)?;
        let output = process.program.output();
        let reached = status.signal() == Some(ABORTED) && output.contains("failpoint reached");
        anyhow::ensure!(reached, "the process ended by itself ({status}):\n{}", tail(&output));
        process.deaths += 1;
        self.host.restart(process)
    }

    /// Kills the process as a power cut would, and brings it back.
    pub(crate) fn kill(&self) -> anyhow::Result<()> {
        let process = &mut *self.host.process();
        process.program.kill()?;
        self.host.restart(process)
    }

    /// Asks until there is an answer, whatever becomes of the process meanwhile.
    pub(crate) fn answer(&mut self, ask: &Ask) -> anyhow::Result<Answer> {
        let (mut answer, mut failed) = (None, Ok(()));
        until(&format!("an answer to {} by {}", ask.path, ask.who), PATIENCE, || {
            failed = self.attend();
            answer = if failed.is_ok() { self.client.try_ask(ask) } else { None };
            answer.is_some() || failed.is_err()
        })
        .with_context(|| format!("{} {}", self.client.excuse, self.tail()))?;
        failed?;
        answer.context("there is an answer")
    }

    /// Asks until there is an answer; it must be a success.
    pub(crate) fn ask(&mut self, ask: &Ask) -> anyhow::Result<Value> {
        self.answer(ask)?.value(ask)
    }

    /// Signs `content` for `who`.
    pub(crate) fn sign(&mut self, who: &'static str, content: &str) -> anyhow::Result<String> {
        let mut failed = Ok(());
        until("a key", PATIENCE, || {
            failed = self.attend();
            failed.is_err() || self.client.learn(who).is_ok()
        })?;
        failed?;
        self.client.sign(who, content)
    }

    /// The instant by the clock of the suite.
    pub(crate) fn now(&mut self) -> anyhow::Result<DateTime<Utc>> {
        self.advance(0)
    }

    /// Moves the clock so that it shows `target` at least.
    pub(crate) fn not_before(&mut self, target: DateTime<Utc>) -> anyhow::Result<()> {
        let missing = target - self.now()?;
        if missing > TimeDelta::zero() {
            self.advance(missing.num_seconds() + 1)?;
        }
        Ok(())
    }

    fn advance(&mut self, seconds: i64) -> anyhow::Result<DateTime<Utc>> {
        let shown = self.ask(&Ask::json("administrator", "/admin/clock", &json!({"seconds": seconds})))?;
        Ok(shown["now"].as_str().context("the clock shows nothing")?.parse()?)
    }

    /// The last lines that the process wrote.
    pub(crate) fn tail(&self) -> String {
        tail(&self.host.process().program.output())
    }
}

impl Host {
    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failpoint(&self) -> PathBuf {
        failpoint(self.files.path())
    }

    fn restart(&self, process: &mut Process) -> anyhow::Result<()> {
        match fs::remove_file(self.failpoint()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        process.program = start(self.files.path(), self.space.as_ref(), self.port)?;
        Ok(())
    }
}

fn failpoint(files: &Path) -> PathBuf {
    files.join("failpoint")
}

fn tail(output: &str) -> String {
    let lines: Vec<&str> =
        output.lines().filter(|line| line.contains(" WARN ") || line.contains(" ERROR ")).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

fn start(files: &Path, space: Option<&Space>, port: u16) -> anyhow::Result<Program> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command
        .args(["up", "--demo", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
        .arg(files)
        .env("ECUSTOMS_FAILPOINT", format!("@{}", failpoint(files).display()))
        .env("NO_COLOR", "1");
    for name in ["ECUSTOMS_POSTGRES_URL", "ECUSTOMS_RABBITMQ_URL", "ECUSTOMS_REDIS_URL"] {
        command.env_remove(name);
    }
    if let Some(space) = space {
        // Tokens outlive the process, as they do where several stand behind one address.
        command
            .envs(space.variables())
            .env("ECUSTOMS_SERVERS__PARTITIONS", "2")
            .env("ECUSTOMS_TOKEN_KEY_FILE", files.join("token.pem"));
    }
    let mut program = Program::start(&mut command)?;
    program.answers(port, "/readyz", START)?;
    Ok(program)
}

fn write_token_key(file: &Path) -> anyhow::Result<()> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
    Ok(fs::write(file, key.private_key_to_pem_pkcs8()?)?)
}
