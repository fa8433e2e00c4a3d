//! Creates the applications of newcomers.

use sea_orm_migration::{
    prelude::*,
    schema::{
        pk_uuid, string, string_null, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let applications = Table::create()
            .table("applications")
            .col(pk_uuid("id"))
            .col(string("state"))
            .col(string_null("open"))
            .col(string("person_scheme"))
            .col(string("person_number"))
            .col(text("person_name"))
            .col(string("organisation_scheme"))
            .col(string("organisation_number"))
            .col(text("organisation_name"))
            .col(string("eori"))
            .col(text("address_lines"))
            .col(text("kinds"))
            .col(timestamp_with_time_zone("received_at"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(text_null("reason"))
            .take();
        manager.create_table(applications).await?;
        let open =
            Index::create().name("applications_open").table("applications").col("open").unique().take();
        manager.create_index(open).await?;
        let state =
            Index::create().name("applications_state_id").table("applications").col("state").col("id").take();
        manager.create_index(state).await
    }
}
