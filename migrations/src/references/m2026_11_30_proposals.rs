//! Adds proposals: imports that somebody else than who brought them activates, with what they would change.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, date, date_null, integer, pk_uuid, string, string_null, text,
        text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let proposals = Table::create()
            .table("proposals")
            .col(pk_uuid("import"))
            .col(string("state"))
            .col(string("dataset"))
            .col(text("file_name"))
            .col(string("sha256"))
            .col(big_integer("base"))
            .col(big_integer("added"))
            .col(big_integer("changed"))
            .col(big_integer("removed"))
            .col(big_integer("unchanged"))
            .col(text("lists"))
            .col(timestamp_with_time_zone("proposed_at"))
            .col(string("proposed_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(string_null("decided_by"))
            .col(text_null("reason"))
            .col(big_integer_null("number"))
            .take();
        manager.create_table(proposals).await?;
        let by_state =
            Index::create().name("proposals_state").table("proposals").col("state").col("import").take();
        manager.create_index(by_state).await?;

        let changes = Table::create()
            .table("proposed_changes")
            .col(uuid("import"))
            .col(integer("position"))
            .col(string("kind"))
            .col(text("list"))
            .col(text("code"))
            .col(text("labels_before"))
            .col(text("labels_after"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .primary_key(Index::create().col("import").col("position"))
            .take();
        manager.create_table(changes).await
    }
}
