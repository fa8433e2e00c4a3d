//! The published scenarios, all of them, by the command that plays them, in the modes in which the suite can run.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use customs_testkit::{Program, Servers};

use crate::running::Running;

/// How long all scenarios may take together.
const PATIENCE: Duration = Duration::from_mins(9);

/// The scenarios that the suite does not pass yet, a line each: id and reason.
const NOT_REACHED: &str = include_str!("not-reached.tbl");

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus")
}

fn not_reached() -> BTreeSet<&'static str> {
    let lines = NOT_REACHED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split('|').next()).map(str::trim).collect()
}

/// Plays every scenario at `suite` and holds the outcome against the list, in both directions.
fn play(suite: &Running) {
    let scenarios = shared().join("ncts-scenarios/scenarios.json");
    if !scenarios.exists() {
        skip("there are no published scenarios beside the project");
        return;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.args(["conformance", "ncts", "--url", &suite.url()]);
    command.arg("--scenarios").arg(scenarios).arg("--messages").arg(shared().join("ncts-messages"));
    let mut played = Program::start(&mut command).unwrap();
    let ended = played.ends(PATIENCE).unwrap_or_else(|error| panic!("{error}\n{}", played.output()));
    let told = played.output();
    let ids = |verdict: &str| -> BTreeSet<String> {
        let lines = told.lines().filter_map(|line| line.strip_prefix(verdict));
        lines.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
    };
    let (passed, failed) = (ids("pass "), ids("FAIL "));
    assert!(passed.len() + failed.len() > 100, "{told}");
    let expected: BTreeSet<String> = not_reached().into_iter().map(str::to_owned).collect();
    let wrong: Vec<&str> = told
        .lines()
        .filter(|line| {
            line.strip_prefix("FAIL ")
                .is_some_and(|line| line.split(' ').next().is_some_and(|id| !expected.contains(id)))
        })
        .collect();
    assert!(wrong.is_empty(), "must pass, and does not:\n{}", wrong.join("\n"));
    let stale: Vec<&String> = expected.intersection(&passed).collect();
    assert!(stale.is_empty(), "passes, and stands in the list of what is not reached: {stale:?}");
    assert_eq!(ended.success(), failed.is_empty(), "{told}");
    assert_eq!(failed, expected, "the list names what no scenario is");
}

#[test]
fn the_published_scenarios_in_one_process_with_nothing_else() {
    play(&Running::embedded());
}

#[test]
fn the_published_scenarios_on_postgresql_rabbitmq_and_redis() {
    let space = Servers::start().unwrap().space().unwrap();
    play(&Running::on_servers(&space));
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests is told what was not tried")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
