//! A process that is faster than the migration waits for it, says so where probes ask, and serves then.

use std::time::Duration;

use customs_testkit::{Program, Servers, free_port, until};

use crate::running::{ecustoms, listen};

const PATIENCE: Duration = Duration::from_mins(1);

/// What the operations address of a process says at `path`: status and body, once it answers at all.
fn told(port: u16, path: &str) -> Option<(u16, String)> {
    let answer = reqwest::blocking::get(format!("http://{}{path}", listen(port))).ok()?;
    Some((answer.status().as_u16(), answer.text().unwrap_or_default()))
}

#[test]
fn a_process_holds_its_start_up_until_the_schema_is_there() {
    let space = Servers::start().unwrap().space().unwrap();
    let files = tempfile::tempdir().unwrap();
    let (port, operations) = (free_port().unwrap(), free_port().unwrap());
    let command = || {
        let mut command = ecustoms(files.path());
        command.envs(space.variables()).env("ECUSTOMS_OPERATIONS_LISTEN", listen(operations));
        command
    };
    let mut serve = command();
    let _serving = Program::start(serve.args(["serve", "statistics", "--listen", &listen(port)])).unwrap();
    until("it says what it waits for", PATIENCE, || {
        told(operations, "/startupz").is_some_and(|(status, body)| {
            status == 503 && body.contains("waiting for `ecustoms migrate` of statistics")
        })
    })
    .unwrap();
    assert_eq!(told(operations, "/livez").map(|(status, _)| status), Some(200), "it lives meanwhile");
    assert_eq!(told(operations, "/readyz").map(|(status, _)| status), Some(503));
    assert!(told(port, "/readyz").is_none(), "clients find nobody yet");
    let mut migrate = ecustoms(files.path());
    migrate.envs(space.variables()).args(["migrate", "statistics"]);
    assert!(Program::start(&mut migrate).unwrap().ends(PATIENCE).unwrap().success());
    until("it has started", PATIENCE, || {
        told(operations, "/startupz").is_some_and(|(status, _)| status == 200)
            && told(operations, "/readyz").is_some_and(|(status, _)| status == 200)
    })
    .unwrap();
}
