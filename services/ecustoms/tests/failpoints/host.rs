//! The processes of one installation: one or seven, started again when they died.

use std::{
    env,
    fs::{self, File},
    io::Write as _,
    mem,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use customs_testkit::{Program, Servers, Space, free_port, until};
use openssl::{ec::EcGroup, ec::EcKey, nid::Nid, pkey::PKey};
use tempfile::TempDir;

use crate::{
    door::Door,
    vault::{SERVICES, Vault},
};

/// How long a start may take.
const START: Duration = Duration::from_mins(1);
const ABORTED: i32 = 6;

/// On what an installation runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mode {
    /// One process on SQLite, with the bus in it.
    Embedded,
    /// One process on PostgreSQL, RabbitMQ and Redis.
    Distributed,
    /// A process for each service and one for the gateway, on PostgreSQL, RabbitMQ and Redis.
    Spread,
    /// As spread, and before each process a door that stays when the process is exchanged for another.
    Exchanged,
}

impl Mode {
    /// Whether every service is a process of its own.
    const fn is_spread(self) -> bool {
        matches!(self, Self::Spread | Self::Exchanged)
    }
}

/// The processes of one installation and what they rest on.
pub(crate) struct Host {
    running: Mutex<Running>,
    /// The port of the gateway.
    port: u16,
    mode: Mode,
    vault: Vault,
    files: TempDir,
    space: Option<Space>,
}

struct Running {
    processes: Vec<Process>,
    /// How often one died by itself since they were armed.
    deaths: u32,
}

/// A process and how it is started.
struct Process {
    words: Vec<&'static str>,
    port: u16,
    program: Program,
    /// Where others reach it, if not at its own port.
    door: Option<Door>,
}

impl Host {
    /// A new installation that is ready.
    pub(crate) fn open(mode: Mode) -> anyhow::Result<Self> {
        let files = tempfile::tempdir()?;
        let space = match mode {
            Mode::Embedded => None,
            Mode::Distributed | Mode::Spread | Mode::Exchanged => Some(Servers::start()?.space()?),
        };
        let vault = match &space {
            Some(space) => Vault::postgres(space.postgres_url())?,
            None => Vault::sqlite(files.path())?,
        };
        let running = Mutex::new(Running { processes: Vec::new(), deaths: 0 });
        let mut host = Self { running, port: free_port()?, mode, vault, files, space };
        host.configure()?;
        let mut roles: Vec<(Vec<&'static str>, u16)> = Vec::new();
        if mode.is_spread() {
            let made = host.command(&before(), &["migrate"]).status()?;
            anyhow::ensure!(made.success(), "the databases cannot be made");
            for (service, port) in SERVICES.iter().zip(host.ports()?) {
                roles.push((vec!["serve", service, "--demo"], port));
            }
            roles.push((vec!["serve", "gateway", "--demo"], host.port));
        } else {
            roles.push((vec!["up", "--demo"], host.port));
        }
        for (words, reached) in roles {
            let door = if mode == Mode::Exchanged { Some(Door::open(reached)?) } else { None };
            let port = if door.is_some() { free_port()? } else { reached };
            let program = host.start(&before(), &words, port)?;
            if let Some(door) = &door {
                door.leads_to(port);
            }
            host.running().processes.push(Process { words, port, program, door });
        }
        Ok(host)
    }

    /// Where the suite is reached.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The databases.
    pub(crate) const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Arms a failpoint of the running processes.
    pub(crate) fn arm(&self, point: &str) -> anyhow::Result<()> {
        self.running().deaths = 0;
        let draft = self.file("failpoint.draft");
        fs::write(&draft, point)?;
        // A rename, so that nobody reads half a point.
        Ok(fs::rename(draft, self.file("failpoint"))?)
    }

    /// How often a process has died since they were armed.
    pub(crate) fn deaths(&self) -> u32 {
        self.running().deaths
    }

    /// Brings the process back that died, if one did, without the failpoint.
    pub(crate) fn attend(&self) -> anyhow::Result<()> {
        let running = &mut *self.running();
        let mut all = running.processes.iter_mut();
        let Some(place) = all.position(|process| !process.program.is_running()) else { return Ok(()) };
        let process = &mut running.processes[place];
        let status = process.program.ends(START)?;
        let output = process.program.output();
        let reached = status.signal() == Some(ABORTED) && output.contains("failpoint reached");
        anyhow::ensure!(reached, "the process ended by itself ({status}):\n{}", tail(&output));
        running.deaths += 1;
        match fs::remove_file(self.file("failpoint")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        process.program = self.start(&present(), &process.words, process.port)?;
        Ok(())
    }

    /// How many processes there are.
    pub(crate) fn size(&self) -> usize {
        self.running().processes.len()
    }

    /// Kills the process with this number as a power cut would, and brings it back.
    pub(crate) fn kill(&self, number: usize) -> anyhow::Result<()> {
        let running = &mut *self.running();
        let process = &mut running.processes[number];
        process.program.kill()?;
        process.program = self.start(&present(), &process.words, process.port)?;
        Ok(())
    }

    /// Brings the databases to the schema of the program that is to come.
    pub(crate) fn migrate(&self) -> anyhow::Result<()> {
        let status = self.command(&present(), &["migrate"]).status()?;
        anyhow::ensure!(status.success(), "the databases cannot be brought to the present schema");
        Ok(())
    }

    /// Exchanges the process with this number for another, as a rollout does: the new one comes in when it is ready, the old
    /// one is told to stop, and goes on serving until everybody has heard of it.
    pub(crate) fn exchange(&self, number: usize) -> anyhow::Result<()> {
        let words = self.running().processes[number].words.clone();
        let port = free_port()?;
        // Nobody waits for this one: the others go on meanwhile.
        let next = self.start(&present(), &words, port)?;
        let (mut old, from) = {
            let process = &mut self.running().processes[number];
            let door = process.door.as_ref().context("nothing is exchanged without a door")?;
            door.leads_to(port);
            (mem::replace(&mut process.program, next), mem::replace(&mut process.port, port))
        };
        old.tell_to_stop()?;
        until("the old process to refuse readiness", START, || !old.is_ready(from))?;
        self.running().processes[number].door.as_ref().context("the door stays")?.leaves(from);
        let status = old.ends(START)?;
        anyhow::ensure!(status.success(), "the old process ended badly ({status}):\n{}", tail(&old.output()));
        Ok(())
    }

    /// The last complaints of the processes.
    pub(crate) fn complaints(&self) -> String {
        let running = self.running();
        let all: Vec<String> =
            running.processes.iter().map(|process| tail(&process.program.output())).collect();
        all.join("\n")
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// Writes the configuration that all processes share.
    fn configure(&mut self) -> anyhow::Result<()> {
        let mut file = File::create(self.file("config.toml"))?;
        if self.mode == Mode::Embedded {
            return Ok(());
        }
        // Tokens outlive the gateway, as they do where several stand behind one address.
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
        fs::write(self.file("token.pem"), key.private_key_to_pem_pkcs8()?)?;
        fs::write(self.file("secret"), "a secret that the processes of this test share")?;
        writeln!(file, "token_key_file = {:?}", self.file("token.pem"))?;
        writeln!(file, "secret_file = {:?}", self.file("secret"))?;
        if self.mode.is_spread() {
            writeln!(file, "[services]")?;
            for service in SERVICES {
                writeln!(file, "{service} = \"http://127.0.0.1:{}\"", free_port()?)?;
            }
        }
        Ok(())
    }

    /// The ports of the services, as configured.
    fn ports(&self) -> anyhow::Result<Vec<u16>> {
        let text = fs::read_to_string(self.file("config.toml"))?;
        let ports = text.lines().filter_map(|line| line.strip_suffix('"')?.rsplit_once("http://127.0.0.1:"));
        ports.map(|(_, port)| Ok(port.parse()?)).collect()
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .arg("--config")
            .arg(self.file("config.toml"))
            .args(arguments)
            .env("ECUSTOMS_DATA_DIR", self.files.path())
            .env("ECUSTOMS_FAILPOINT", format!("@{}", self.file("failpoint").display()))
            .env("NO_COLOR", "1");
        for name in ["ECUSTOMS_POSTGRES_URL", "ECUSTOMS_RABBITMQ_URL", "ECUSTOMS_REDIS_URL"] {
            command.env_remove(name);
        }
        if let Some(space) = &self.space {
            command.envs(space.variables()).env("ECUSTOMS_SERVERS__PARTITIONS", "2");
        }
        command
    }

    fn start(&self, program: &Path, words: &[&str], port: u16) -> anyhow::Result<Program> {
        let address = format!("127.0.0.1:{port}");
        let mut command = self.command(program, words);
        command.args(["--listen", &address]);
        if self.mode == Mode::Exchanged {
            // As the charts have it.
            command.envs([("ECUSTOMS_PUBLIC_URL", &*self.url()), ("ECUSTOMS_DRAIN_NOTICE_S", "2")]);
            // Nobody is turned away but by an exchange.
            command.env("ECUSTOMS_LIMITS__REQUESTS_MAX", "1000000");
        }
        let mut program = Program::start(&mut command)?;
        program.answers(port, "/readyz", START)?;
        Ok(program)
    }
}

/// The program under test.
fn present() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_ecustoms"))
}

/// The program with which an installation begins: an earlier one, if the environment names it.
fn before() -> PathBuf {
    env::var_os("FAILPOINTS_PREVIOUS").map_or_else(present, PathBuf::from)
}

fn tail(output: &str) -> String {
    let lines: Vec<&str> =
        output.lines().filter(|line| line.contains(" WARN ") || line.contains(" ERROR ")).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
