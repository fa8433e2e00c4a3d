//! Guarantees have a level of their reference amount, granted from a day on, and thresholds of their own.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, date, integer, pk_uuid, string, string_null, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite knows no other way.
        let (mut level, mut warn_at) = (integer("level_percent"), string("warn_at"));
        for column in [level.default(100), &mut string_null("authorisation"), warn_at.default("80 95")] {
            let add = Table::alter().table("guarantees").add_column(column).take();
            manager.alter_table(add).await?;
        }
        let levels = Table::create()
            .table("guarantee_levels")
            .col(pk_uuid("id"))
            .col(uuid("guarantee_id"))
            .col(integer("level_percent"))
            .col(date("effective_on"))
            .col(string("authorisation"))
            .col(text("reason"))
            .col(string("granted_by"))
            .col(timestamp_with_time_zone("granted_at"))
            .col(timestamp_with_time_zone_null("applied_at"))
            .col(boolean("replaced"))
            .take();
        manager.create_table(levels).await?;
        let mut index = Index::create();
        index.name("guarantee_levels_guarantee_id").table("guarantee_levels").col("guarantee_id");
        manager.create_index(index.take()).await
    }
}
