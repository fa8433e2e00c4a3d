//! Creates drafts, their contents and the receipts of checks.

use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, pk_uuid, string, string_null, text, timestamp_with_time_zone, timestamp_with_time_zone_null,
        uuid, uuid_null,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drafts = Table::create()
            .table("drafts")
            .col(pk_uuid("id"))
            .col(uuid("organisation_id"))
            .col(string("kind"))
            .col(text("title"))
            .col(integer("version"))
            .col(string("keeper"))
            .col(string_null("lock_holder"))
            .col(timestamp_with_time_zone_null("lock_until"))
            .col(uuid_null("copied_from"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("saved_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .take();
        manager.create_table(drafts).await?;
        let own = Index::create()
            .name("drafts_organisation_id_id")
            .table("drafts")
            .col("organisation_id")
            .col("id")
            .take();
        manager.create_index(own).await?;
        let contents = Table::create().table("draft_contents").col(pk_uuid("id")).col(text("content")).take();
        manager.create_table(contents).await?;
        let receipts = Table::create()
            .table("pre_checks")
            .col(pk_uuid("id"))
            .col(string("organisation"))
            .col(string("ruleset_hash"))
            .col(string("content_sha256"))
            .col(timestamp_with_time_zone("checked_at"))
            .take();
        manager.create_table(receipts).await
    }
}
