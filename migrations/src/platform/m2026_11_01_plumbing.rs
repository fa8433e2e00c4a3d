//! Creates outbox, inbox, timers, sagas, idempotency keys and dead letters.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, pk_uuid, string, text, timestamp_with_time_zone, uuid, uuid_null},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// The columns of a message on its way.
fn message_columns(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    table
        .col(string("name"))
        .col(string("kind"))
        .col(string("aggregate"))
        .col(uuid_null("saga"))
        .col(string("correlation_id"))
        .col(ColumnDef::new("traceparent").string().null())
        .col(timestamp_with_time_zone("occurred_at"))
        .col(text("body"))
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut outbox = Table::create();
        outbox.table("outbox").col(big_integer("seq").primary_key().auto_increment()).col(uuid("id"));
        manager.create_table(message_columns(&mut outbox).take()).await?;

        let mut dead_letters = Table::create();
        dead_letters.table("dead_letters").col(pk_uuid("id"));
        message_columns(&mut dead_letters)
            .col(text("reason"))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone("parked_at"));
        manager.create_table(dead_letters.take()).await?;

        let inbox = Table::create()
            .table("inbox")
            .col(pk_uuid("message_id"))
            .col(timestamp_with_time_zone("received_at"))
            .take();
        manager.create_table(inbox).await?;
        manager.create_index(index("inbox", "received_at")).await?;

        let timers = Table::create()
            .table("timers")
            .col(string("name"))
            .col(string("aggregate"))
            .col(timestamp_with_time_zone("due_at"))
            .col(string("correlation_id"))
            .primary_key(Index::create().col("name").col("aggregate"))
            .take();
        manager.create_table(timers).await?;
        manager.create_index(index("timers", "due_at")).await?;

        let idempotency = Table::create()
            .table("idempotency")
            .col(string("key").primary_key())
            .col(string("fingerprint"))
            .col(text("output"))
            .col(timestamp_with_time_zone("kept_at"))
            .take();
        manager.create_table(idempotency).await?;
        manager.create_index(index("idempotency", "kept_at")).await?;
        manager.create_table(sagas()).await?;
        manager.create_index(index("sagas", "aggregate")).await?;
        let waiting =
            Index::create().name("sagas_waiting").table("sagas").col("status").col("changed_at").take();
        manager.create_index(waiting).await
    }
}

fn sagas() -> TableCreateStatement {
    Table::create()
        .table("sagas")
        .col(pk_uuid("id"))
        .col(string("name"))
        .col(integer("version"))
        .col(string("aggregate"))
        .col(string("step"))
        .col(string("status"))
        .col(text("facts"))
        .col(timestamp_with_time_zone("changed_at"))
        .take()
}

fn index(table: &'static str, column: &'static str) -> IndexCreateStatement {
    Index::create().name(format!("{table}_{column}")).table(table).col(column).take()
}
