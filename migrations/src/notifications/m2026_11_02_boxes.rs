//! Creates the message boxes and their entries.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, integer, string, string_null, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let boxes = Table::create()
            .table("boxes")
            .col(string("owner").primary_key())
            .col(big_integer("last_number"))
            .col(big_integer("unacknowledged"))
            .col(integer("webhooks"))
            .take();
        manager.create_table(boxes).await?;
        manager.create_table(entries()).await?;
        manager.create_index(unique("entries", "entries_id", &["id"])).await?;
        manager.create_index(unique("entries", "entries_told", &["owner", "told"])).await?;
        let open = Index::create()
            .name("entries_open")
            .table("entries")
            .col("owner")
            .col("acknowledged_at")
            .col("number")
            .take();
        manager.create_index(open).await
    }
}

fn entries() -> TableCreateStatement {
    Table::create()
        .table("entries")
        .col(string("owner"))
        .col(big_integer("number"))
        .col(uuid("id"))
        .col(uuid("told"))
        .col(string("kind"))
        .col(string("source"))
        .col(string_null("subject"))
        .col(text("data"))
        .col(uuid_null("message"))
        .col(string_null("message_type"))
        .col(string_null("side"))
        .col(uuid_null("movement"))
        .col(string_null("lrn"))
        .col(string_null("mrn"))
        .col(string_null("grn"))
        .col(string_null("state"))
        .col(string("correlation_id"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("acknowledged_at"))
        .primary_key(Index::create().col("owner").col("number"))
        .take()
}

fn unique(table: &'static str, name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table).unique();
    for column in columns {
        index.col(*column);
    }
    index.take()
}
