//! Creates the keys with which organisations' systems sign their requests.

use sea_orm_migration::{
    prelude::*,
    schema::{
        date_null, pk_uuid, string, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = Table::create()
            .table("system_keys")
            .col(pk_uuid("id"))
            .col(uuid("organisation_id"))
            .col(text("name"))
            .col(string("key_id").unique_key())
            .col(string("kind"))
            .col(text("spki"))
            .col(text("roles"))
            .col(timestamp_with_time_zone("valid_from"))
            .col(timestamp_with_time_zone("valid_to"))
            .col(string("registered_by"))
            .col(timestamp_with_time_zone("registered_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .col(date_null("last_used_on"))
            .take();
        manager.create_table(keys).await?;
        let own = Index::create()
            .name("system_keys_organisation_id_id")
            .table("system_keys")
            .col("organisation_id")
            .col("id")
            .take();
        manager.create_index(own).await
    }
}
