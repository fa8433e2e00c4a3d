//! Creates the webhooks and their deliveries.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, integer, integer_null, pk_uuid, string, string_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let webhooks = Table::create()
            .table("webhooks")
            .col(pk_uuid("id"))
            .col(string("owner"))
            .col(text("url"))
            .col(text("types"))
            .col(string("secret"))
            .col(string_null("previous_secret"))
            .col(timestamp_with_time_zone_null("previous_until"))
            .col(string("state"))
            .col(integer("failures"))
            .col(timestamp_with_time_zone("registered_at"))
            .take();
        manager.create_table(webhooks).await?;
        manager.create_index(index("webhooks", "webhooks_owner", &["owner", "id"])).await?;
        manager.create_table(deliveries()).await?;
        manager.create_index(index("deliveries", "deliveries_due", &["state", "next_attempt_at"])).await?;
        let order = ["webhook", "order_key", "state", "seq"];
        manager.create_index(index("deliveries", "deliveries_order", &order)).await?;
        manager.create_index(index("deliveries", "deliveries_log", &["webhook", "seq"])).await?;
        manager.create_index(index("deliveries", "deliveries_age", &["created_at"])).await
    }
}

fn deliveries() -> TableCreateStatement {
    Table::create()
        .table("deliveries")
        .col(big_integer("seq").primary_key().auto_increment())
        .col(uuid("id"))
        .col(uuid("webhook"))
        .col(string("order_key"))
        .col(uuid("event"))
        .col(string("event_type"))
        .col(big_integer_null("number"))
        .col(text("body"))
        .col(string("state"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone("next_attempt_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("delivered_at"))
        .col(integer_null("last_status"))
        .col(big_integer_null("last_duration_ms"))
        .col(text_null("last_response"))
        .take()
}

fn index(table: &'static str, name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index.take()
}
