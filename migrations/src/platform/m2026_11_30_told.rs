//! Creates the table of events that were told lately, for the case that a broker loses them.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, text, timestamp_with_time_zone, uuid, uuid_null},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let told = Table::create()
            .table("told")
            .col(big_integer("seq").primary_key())
            .col(uuid("id"))
            .col(string("name"))
            .col(string("kind"))
            .col(string("aggregate"))
            .col(uuid_null("saga"))
            .col(string("correlation_id"))
            .col(ColumnDef::new("traceparent").string().null())
            .col(timestamp_with_time_zone("occurred_at"))
            .col(text("body"))
            .col(timestamp_with_time_zone("told_at"))
            .take();
        manager.create_table(told).await?;
        let index = Index::create().name("told_told_at").table("told").col("told_at").take();
        manager.create_index(index).await
    }
}
