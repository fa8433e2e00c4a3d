//! Two spaces of one set do not see each other.

use customs_testkit::{Servers, Space};
use lapin::options::{BasicGetOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use redis::AsyncCommands;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

fn two_spaces() -> [Space; 2] {
    let servers = Servers::start().unwrap();
    [servers.space().unwrap(), servers.space().unwrap()]
}

async fn database(space: &Space) -> DatabaseConnection {
    Database::connect(space.postgres_url()).await.unwrap()
}

async fn channel(space: &Space) -> (Connection, Channel) {
    let connection =
        Connection::connect(space.rabbitmq_url(), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

#[tokio::test]
async fn a_table_of_one_space_is_not_in_the_other() {
    let [one, other] = two_spaces();
    let (one, other) = (database(&one).await, database(&other).await);
    one.execute_unprepared("create table mark (id bigint)").await.unwrap();
    one.execute_unprepared("insert into mark values (1)").await.unwrap();
    let error = other.execute_unprepared("select * from mark").await.unwrap_err();
    assert!(error.to_string().contains("does not exist"), "{error}");
}

#[tokio::test]
async fn a_queue_of_one_space_is_not_in_the_other() {
    let [one, other] = two_spaces();
    let (_open, one) = channel(&one).await;
    let (_also_open, other) = channel(&other).await;
    let quorum = FieldTable::from(
        [("x-queue-type".into(), lapin::types::AMQPValue::LongString("quorum".into()))]
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>(),
    );
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    one.queue_declare("mark".into(), durable, quorum).await.unwrap();
    one.basic_get("mark".into(), BasicGetOptions::default()).await.unwrap();
    let error = other.basic_get("mark".into(), BasicGetOptions::default()).await.unwrap_err();
    assert!(error.to_string().contains("NOT_FOUND"), "{error}");
}

#[tokio::test]
async fn a_key_of_one_space_is_not_in_the_other() {
    let [one, other] = two_spaces();
    let mut one =
        redis::Client::open(one.redis_url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    let mut other =
        redis::Client::open(other.redis_url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    let () = one.set("mark", 1).await.unwrap();
    let seen: Option<i64> = other.get("mark").await.unwrap();
    assert_eq!(seen, None);
}

#[tokio::test]
async fn a_dropped_space_is_forgotten() {
    let [space, _] = two_spaces();
    let url = space.postgres_url().to_owned();
    drop(space);
    let error = Database::connect(&url).await.unwrap_err();
    assert!(error.to_string().contains("does not exist"), "{error}");
}
