//! Faults of real servers, and their end with the process that needed them.

use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use customs_testkit::{Program, Server, Servers, until};
use sea_orm::{ConnectionTrait, Database};

const PATIENCE: Duration = Duration::from_mins(2);

fn address(url: &str) -> &str {
    let (_, address) = url.split_once('@').unwrap();
    address.split('/').next().unwrap()
}

#[test]
fn a_killed_database_keeps_what_was_committed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let servers = Servers::private().unwrap();
    let space = servers.space().unwrap();
    runtime.block_on(async {
        let database = Database::connect(space.postgres_url()).await.unwrap();
        database.execute_unprepared("create table mark (id bigint)").await.unwrap();
        database.execute_unprepared("insert into mark values (7)").await.unwrap();
    });
    servers.kill(Server::Postgres).unwrap();
    assert!(TcpStream::connect(address(space.postgres_url())).is_err());
    servers.revive(Server::Postgres).unwrap();
    let kept = runtime.block_on(async {
        let database = Database::connect(space.postgres_url()).await.unwrap();
        database.execute_unprepared("delete from mark where id = 7").await.unwrap().rows_affected()
    });
    assert_eq!(kept, 1);
    servers.kill(Server::RabbitMq).unwrap();
    servers.revive(Server::RabbitMq).unwrap();
    servers.freeze(Server::Redis).unwrap();
    servers.thaw(Server::Redis).unwrap();
    servers.kill(Server::Redis).unwrap();
    servers.kill(Server::Redis).unwrap_err();
}

#[test]
fn servers_end_after_a_killed_process() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/local/servers.sh");
    let folder = tempfile::tempdir_in("/var/tmp").unwrap();
    let set = folder.path().join("set");
    let mut holder = Program::start(Command::new("sleep").arg("600")).unwrap();
    let mut lease = Command::new(&script);
    lease
        .arg("--dir")
        .arg(&set)
        .args(["lease", &holder.id().to_string()])
        .env("ECUSTOMS_SERVERS_GRACE_S", "1");
    assert!(lease.output().unwrap().status.success());
    let up = || Command::new(&script).arg("--dir").arg(&set).arg("status").output().unwrap().status.success();
    assert!(up());
    holder.kill().unwrap();
    until("the set to end", PATIENCE, || !set.exists()).unwrap();
    assert!(!up());
}
