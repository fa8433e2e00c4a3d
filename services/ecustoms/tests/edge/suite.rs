//! A suite of its own for a test: the real program on free ports, in one process or in two.

use std::{path::Path, process::Command, time::Duration};

use customs_testkit::{Program, Space, free_port};
use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::PKey,
};
use tempfile::TempDir;

use crate::client::Door;

const PATIENCE: Duration = Duration::from_mins(1);
const SERVICES: &[&str] =
    &["references", "web-broker", "guarantees", "declarations", "notifications", "statistics"];
const SET_BY_OTHERS: &[&str] =
    &["ECUSTOMS_POSTGRES_URL", "ECUSTOMS_RABBITMQ_URL", "ECUSTOMS_REDIS_URL", "ECUSTOMS_FAILPOINT"];

/// A suite that runs until it is dropped.
pub(crate) struct Suite {
    port: u16,
    operations: u16,
    programs: Vec<Program>,
    /// The ports of all gateways.
    gateways: Vec<u16>,
    files: TempDir,
}

/// How a suite is started: environment variables by name.
pub(crate) type Setting<'a> = &'a [(&'a str, &'a str)];

fn ecustoms(files: &Path, setting: Setting<'_>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    for name in SET_BY_OTHERS {
        command.env_remove(name);
    }
    command.env("ECUSTOMS_DATA_DIR", files).envs(setting.iter().copied());
    command
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn ready(command: &mut Command, port: u16) -> Program {
    let mut program = Program::start(command).unwrap();
    program.answers(port, "/readyz", PATIENCE).unwrap();
    program
}

impl Suite {
    /// Everything in one process, on SQLite.
    pub(crate) fn embedded() -> Self {
        Self::with(&[])
    }

    /// Everything in one process, started with `setting`.
    pub(crate) fn with(setting: Setting<'_>) -> Self {
        Self::configured(None, setting)
    }

    /// Everything in one process, started with the configuration file `config` and with `setting`.
    pub(crate) fn configured(config: Option<&Path>, setting: Setting<'_>) -> Self {
        let files = tempfile::tempdir().unwrap();
        let (port, operations) = (free_port().unwrap(), free_port().unwrap());
        let mut command = ecustoms(files.path(), setting);
        command.env("ECUSTOMS_OPERATIONS_LISTEN", address(operations));
        if let Some(config) = config {
            command.arg("--config").arg(config);
        }
        command.args(["up", "--demo", "--listen", &address(port)]);
        Self { port, operations, programs: vec![ready(&mut command, port)], gateways: vec![port], files }
    }

    /// Everything in one process, on the servers of `space`.
    pub(crate) fn on_servers(space: &Space, setting: Setting<'_>) -> Self {
        let mut all: Vec<_> = space.variables().to_vec();
        all.extend(setting);
        Self::with(&all)
    }

    /// The gateway in one process and the services in another, on the servers of `space`.
    pub(crate) fn in_two(space: &Space, setting: Setting<'_>) -> Self {
        Self::with_gateways(space, setting, 1)
    }

    /// As many gateways as `number`, each a process, before the services in another, on the servers of `space`.
    pub(crate) fn with_gateways(space: &Space, setting: Setting<'_>, number: usize) -> Self {
        let files = tempfile::tempdir().unwrap();
        let inside = free_port().unwrap();
        let ports: Vec<[u16; 2]> =
            (0..number).map(|_| [free_port().unwrap(), free_port().unwrap()]).collect();
        let [port, operations] = ports[0];
        let secret = files.path().join("secret");
        std::fs::write(&secret, "a secret that the processes of this test share").unwrap();
        let addresses: Vec<_> =
            SERVICES.iter().map(|name| format!("{name} = \"http://{}\"", address(inside))).collect();
        let config = files.path().join("config.toml");
        // Gateways know each other's tokens and challenges by their common key.
        let key = files.path().join("token.pem");
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let pem = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        std::fs::write(&key, pem.private_key_to_pem_pkcs8().unwrap()).unwrap();
        let text = format!(
            "secret_file = {secret:?}\ntoken_key_file = {key:?}\npublic_url = \"http://{}\"\n[services]\n{}\n",
            address(port),
            addresses.join("\n")
        );
        std::fs::write(&config, text).unwrap();
        let command = || {
            let mut command = ecustoms(files.path(), setting);
            command.envs(space.variables()).arg("--config").arg(&config);
            command
        };
        let migrated = Program::start(command().arg("migrate")).unwrap().ends(PATIENCE).unwrap();
        assert!(migrated.success());
        let mut services = command();
        services.arg("serve").args(SERVICES).args(["--demo", "--listen", &address(inside)]);
        let mut programs = vec![ready(&mut services, inside)];
        for [port, operations] in &ports {
            let mut gateway = command();
            gateway.env("ECUSTOMS_OPERATIONS_LISTEN", address(*operations));
            gateway.args(["serve", "gateway", "--demo", "--listen", &address(*port)]);
            programs.push(ready(&mut gateway, *port));
        }
        let gateways = ports.iter().map(|[port, _]| *port).collect();
        Self { port, operations, programs, gateways, files }
    }

    /// The port that clients reach.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// The port of the metrics.
    pub(crate) const fn operations(&self) -> u16 {
        self.operations
    }

    /// Where the suite keeps its data and keys.
    pub(crate) fn files(&self) -> &Path {
        self.files.path()
    }

    /// The public door.
    pub(crate) fn door(&self) -> Door {
        Door::new(&format!("http://{}", address(self.port)))
    }

    /// The doors of all gateways.
    pub(crate) fn doors(&self) -> Vec<Door> {
        self.gateways.iter().map(|port| Door::new(&format!("http://{}", address(*port)))).collect()
    }

    /// What all processes wrote so far.
    pub(crate) fn output(&self) -> String {
        self.programs.iter().map(Program::output).collect()
    }

    /// That no process has ended or told of a defect.
    pub(crate) fn is_sound(&mut self) {
        for program in &mut self.programs {
            assert!(program.is_running(), "a process ended: {}", program.output());
        }
        let output = self.output();
        for sign in ["panicked at", "a use case broke"] {
            assert!(!output.contains(sign), "{sign}: {output}");
        }
    }
}
