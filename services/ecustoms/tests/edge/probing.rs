//! The suite asked from outside, as an operator's watch asks it: every step, with the key of somebody who may take it.

use std::process::{Command, Output};

use crate::suite::Suite;

fn probed(suite: &Suite, login: &str) -> Output {
    let password = suite.files().join("password");
    std::fs::write(&password, "ecustoms-demo").unwrap();
    let key = suite.files().join(format!("demo/keys/{login}.p12"));
    Command::new(env!("CARGO_BIN_EXE_ecustoms"))
        .args(["probe", "--url", &format!("http://127.0.0.1:{}", suite.port()), "--key"])
        .arg(key)
        .arg("--password-file")
        .arg(password)
        .output()
        .unwrap()
}

#[test]
fn a_probe_takes_every_step_for_which_its_key_suffices() {
    let suite = Suite::embedded();
    for (login, check) in
        [("declarant", "check: ok"), ("administrator", "check: not tried, this key may not check messages")]
    {
        let output = probed(&suite, login);
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{login}: {told} {}", String::from_utf8_lossy(&output.stderr));
        for step in ["ready: ok", "rest: ok", "graphql: ok", "login: ok", check] {
            assert!(told.contains(step), "{login}: {step}: {told}");
        }
    }
}
