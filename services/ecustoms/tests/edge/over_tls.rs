//! Servers that are reached over TLS, as those that others manage are: with their own authority, and not with another.

use std::{process::Command, time::Duration};

use customs_testkit::{Program, Servers};

use crate::suite::Suite;

#[test]
fn servers_are_reached_over_tls_and_only_if_their_authority_is_known() {
    let servers = Servers::private_with_tls().unwrap();
    let tls = servers.over_tls().unwrap();
    let authority = tls.authority.to_str().unwrap();
    let urls = [
        ("ECUSTOMS_POSTGRES_URL", tls.postgres_url.as_str()),
        ("ECUSTOMS_RABBITMQ_URL", tls.rabbitmq_url.as_str()),
        ("ECUSTOMS_REDIS_URL", tls.redis_url.as_str()),
    ];
    let mut setting = urls.to_vec();
    setting.push(("SSL_CERT_FILE", authority));
    let mut suite = Suite::with(&setting);
    let out = Program::start(Command::new(env!("CARGO_BIN_EXE_ecustoms")).args([
        "demo",
        "transit",
        "--url",
        &format!("http://127.0.0.1:{}", suite.port()),
    ]))
    .unwrap()
    .ends(Duration::from_mins(2))
    .unwrap();
    assert!(out.success(), "the main job over TLS");
    suite.is_sound();
    drop(suite);

    let stranger = tempfile::tempdir().unwrap();
    let other = stranger.path().join("other.pem");
    std::fs::copy("/etc/ssl/certs/ca-certificates.crt", &other).unwrap();
    let plain = [
        ("ECUSTOMS_POSTGRES_URL", servers.postgres_url()),
        ("ECUSTOMS_RABBITMQ_URL", servers.rabbitmq_url()),
        ("ECUSTOMS_REDIS_URL", servers.redis_url()),
    ];
    for (name, url) in urls {
        let url = url.replace(authority, other.to_str().unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
        // Only the one server is met over TLS, so that it is the one that is refused.
        command.envs(plain).env(name, &url).env("ECUSTOMS_DATA_DIR", stranger.path());
        let mut program = Program::start(command.args(["up", "--demo", "--listen", "127.0.0.1:0"])).unwrap();
        let refused = customs_testkit::until(name, Duration::from_secs(30), || {
            let output = program.output().to_lowercase();
            !program.is_running() || output.contains("certificate")
        });
        let output = program.output();
        assert!(refused.is_ok() && output.to_lowercase().contains("certificate"), "{name}: {output}");
    }
}
