//! Robots that stand for officers, and the clock of the sandbox, as commands from outside.

use std::process::Command;

use customs_testkit::Program;

use crate::{
    client::fresh,
    documents::{lrn, xml},
    states::reaches,
    suite::Suite,
};

/// A local reference number that asks officers for the acts of `letters`.
fn asking(letters: &str) -> String {
    let fresh: String = fresh().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("BOT-{letters}-{}", &fresh[fresh.len() - 12..])
}

fn sandbox(suite: &Suite, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.arg("sandbox").args(arguments);
    command.args(["--url", &format!("http://127.0.0.1:{}", suite.port())]);
    command
}

#[test]
fn officers_do_what_a_local_reference_number_asks_for_and_nothing_else() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let _robots = Program::start(&mut sandbox(&suite, &["officers"])).unwrap();
    let plain = declarant.lodge(&xml(&declarant, &lrn()));
    let controlled = declarant.lodge(&xml(&declarant, &asking("CR")));
    let refused = declarant.lodge(&xml(&declarant, &asking("CE")));
    reaches(&declarant, &controlled, "released");
    reaches(&declarant, &refused, "not-released");
    for message in ["CC060C", "CC029C"] {
        assert!(declarant.messages(&controlled).iter().any(|one| one == message), "{message}");
    }
    assert!(declarant.messages(&refused).iter().any(|one| one == "CC051C"));
    assert_eq!(declarant.state(&plain), "awaiting-release");
}

#[test]
fn the_clock_is_moved_by_a_length_of_time_in_words() {
    let suite = Suite::embedded();
    let moved = sandbox(&suite, &["advance", "29d"]).output().unwrap();
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    assert!(String::from_utf8_lossy(&moved.stdout).starts_with("the clock of the sandbox shows "));
    let nonsense = sandbox(&suite, &["advance", "soon"]).output().unwrap();
    assert!(!nonsense.status.success());
}
