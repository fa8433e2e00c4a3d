//! Creates templates and their contents.

use sea_orm_migration::{
    prelude::*,
    schema::{pk_uuid, string, text, timestamp_with_time_zone, uuid},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let templates = Table::create()
            .table("templates")
            .col(pk_uuid("id"))
            .col(uuid("organisation_id"))
            .col(string("kind"))
            .col(text("title"))
            .col(text("folded"))
            .col(string("saved_by"))
            .col(timestamp_with_time_zone("saved_at"))
            .take();
        manager.create_table(templates).await?;
        let own = Index::create()
            .name("templates_organisation_id_kind_id")
            .table("templates")
            .col("organisation_id")
            .col("kind")
            .col("id")
            .take();
        manager.create_index(own).await?;
        let contents =
            Table::create().table("template_contents").col(pk_uuid("id")).col(text("content")).take();
        manager.create_table(contents).await
    }
}
