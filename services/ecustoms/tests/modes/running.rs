//! A running suite: one process or seven.

use std::{path::Path, process::Command, time::Duration};

use customs_testkit::{Program, Space, free_port};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);
const SERVICES: &[&str] =
    &["references", "web-broker", "guarantees", "declarations", "notifications", "statistics"];

/// A suite that runs until it is dropped.
pub(crate) struct Running {
    port: u16,
    _programs: Vec<Program>,
    _files: TempDir,
}

/// The program, with its files below `files` and no servers.
pub(crate) fn ecustoms(files: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.env("ECUSTOMS_DATA_DIR", files).env_remove("ECUSTOMS_FAILPOINT");
    for name in ["ECUSTOMS_POSTGRES_URL", "ECUSTOMS_RABBITMQ_URL", "ECUSTOMS_REDIS_URL"] {
        command.env_remove(name);
    }
    command
}

/// The address of `port` on this machine.
pub(crate) fn listen(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn started(mut command: Command, port: u16) -> Program {
    let mut program = Program::start(&mut command).unwrap();
    if let Err(error) = program.answers(port, "/readyz", PATIENCE) {
        panic!("{error}\n{}", program.output());
    }
    program
}

impl Running {
    /// Everything in one process, on SQLite.
    pub(crate) fn embedded() -> Self {
        Self::up(&[])
    }

    /// Everything in one process, on SQLite, with robots for officers, as `make up` starts it.
    pub(crate) fn with_officers() -> Self {
        Self::up(&["--officers"])
    }

    fn up(more: &[&str]) -> Self {
        let files = tempfile::tempdir().unwrap();
        let port = free_port().unwrap();
        let mut command = ecustoms(files.path());
        command.args(["up", "--demo", "--listen", &listen(port)]).args(more);
        Self { port, _programs: vec![started(command, port)], _files: files }
    }

    /// Everything in one process, on PostgreSQL, RabbitMQ and Redis.
    pub(crate) fn on_servers(space: &Space) -> Self {
        let files = tempfile::tempdir().unwrap();
        let port = free_port().unwrap();
        let mut command = ecustoms(files.path());
        command.args(["up", "--demo", "--listen", &listen(port)]).envs(space.variables());
        Self { port, _programs: vec![started(command, port)], _files: files }
    }

    /// Its base address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", listen(self.port))
    }

    /// A process for each service and one for the gateway.
    pub(crate) fn spread(space: &Space) -> Self {
        let files = tempfile::tempdir().unwrap();
        let secret = files.path().join("secret");
        std::fs::write(&secret, "a secret that the processes of this test share").unwrap();
        let ports: Vec<u16> = SERVICES.iter().map(|_| free_port().unwrap()).collect();
        let addresses: Vec<String> = SERVICES
            .iter()
            .zip(&ports)
            .map(|(service, port)| format!("{service} = \"http://{}\"", listen(*port)))
            .collect();
        let config = files.path().join("config.toml");
        let text = format!("secret_file = {secret:?}\n[services]\n{}\n", addresses.join("\n"));
        std::fs::write(&config, text).unwrap();
        let command = || {
            let mut command = ecustoms(files.path());
            command.arg("--config").arg(&config).envs(space.variables());
            command
        };
        let mut migrate = command();
        let migrated = Program::start(migrate.arg("migrate")).unwrap().ends(PATIENCE).unwrap();
        assert!(migrated.success());
        let mut programs = Vec::new();
        for (service, port) in SERVICES.iter().zip(&ports) {
            let mut serve = command();
            serve.args(["serve", service, "--demo", "--listen", &listen(*port)]);
            programs.push(started(serve, *port));
        }
        let port = free_port().unwrap();
        let mut gateway = command();
        gateway.args(["serve", "gateway", "--demo", "--listen", &listen(port)]);
        programs.push(started(gateway, port));
        Self { port, _programs: programs, _files: files }
    }
}

/// Plays the main job against `suite` and expects it to go as the procedure wants it, within 30 s.
pub(crate) fn plays(suite: &Running) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.args(["demo", "transit", "--url", &suite.url()]);
    let mut demo = Program::start(&mut command).unwrap();
    let ended = demo.ends(Duration::from_secs(30));
    let ended = ended.unwrap_or_else(|error| panic!("{error}\n{}", demo.output()));
    assert!(ended.success(), "{}", demo.output());
}
