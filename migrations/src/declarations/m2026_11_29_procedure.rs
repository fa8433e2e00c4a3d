//! Adds what officers have done, the next deadline of a movement, and arrivals without a notification.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, string, string_null, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut by_officer = boolean("by_officer");
        for (table, column) in [
            ("movements", &mut string_null("deadline")),
            ("movements", &mut timestamp_with_time_zone_null("deadline_at")),
            ("arrivals", by_officer.default(false)),
        ] {
            let add = Table::alter().table(table).add_column(column).take();
            manager.alter_table(add).await?;
        }
        manager.create_table(acts()).await?;
        let mut index = Index::create();
        index
            .name("movements_deadline")
            .table("movements")
            .col("departure_office")
            .col("deadline_at")
            .col("id");
        manager.create_index(index.take()).await
    }
}

fn acts() -> TableCreateStatement {
    Table::create()
        .table("movement_acts")
        .col(uuid("movement"))
        .col(big_integer("number"))
        .col(string("kind"))
        .col(string("office"))
        .col(string("subject"))
        .col(text("body"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("movement").col("number"))
        .take()
}
