//! Programs under test are killed with their test.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use customs_testkit::{Program, until};

const PATIENCE: Duration = Duration::from_secs(20);

fn runs(id: &str) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    state
        .rsplit(')')
        .next()
        .is_some_and(|rest| !rest.trim().is_empty() && !rest.trim_start().starts_with('Z'))
}

#[test]
fn a_program_ends_when_it_is_dropped() {
    let program = Program::start(Command::new("sleep").arg("600")).unwrap();
    let id = program.id().to_string();
    assert!(runs(&id));
    drop(program);
    assert!(!runs(&id));
}

#[test]
fn what_a_program_wrote_is_in_the_error() {
    let mut program =
        Program::start(Command::new("sh").args(["-c", "echo no such key >&2; exit 4"])).unwrap();
    let error = program.answers(9, "/readyz", PATIENCE).unwrap_err();
    assert!(error.to_string().contains("no such key"), "{error}");
    assert_eq!(program.ends(PATIENCE).unwrap().code(), Some(4));
}

#[test]
fn a_program_can_be_asked_to_end() {
    let script = "trap 'echo closing; exit 5' TERM; echo open; while :; do sleep 0.1; done";
    let mut program = Program::start(Command::new("sh").args(["-c", script])).unwrap();
    until("the trap", PATIENCE, || program.output().contains("open")).unwrap();
    assert_eq!(program.stop(PATIENCE).unwrap().code(), Some(5));
    assert!(program.output().contains("closing"));
}

#[test]
fn a_watched_process_ends_after_the_one_that_started_it() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/local/servers.sh");
    let parent = Program::start(Command::new("sleep").arg("600")).unwrap();
    let mut child = Program::start(Command::new("sleep").arg("600")).unwrap();
    let watch =
        Command::new(script).args(["watch", &parent.id().to_string(), &child.id().to_string()]).status();
    assert!(watch.unwrap().success());
    drop(parent);
    assert!(!child.ends(PATIENCE).unwrap().success());
}
