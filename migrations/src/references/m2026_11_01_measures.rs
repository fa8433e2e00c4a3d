//! Creates restricted goods and the countries through which transit may pass.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, date, date_null, pk_uuid, string, string_null, text},
};

use super::code;

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let restrictions = Table::create()
            .table("restrictions")
            .col(pk_uuid("id"))
            .col(code(manager, "prefix").not_null())
            .col(string_null("country"))
            .col(string("effect"))
            .col(text("reason"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(big_integer("since"))
            .take();
        manager.create_table(restrictions).await?;
        let by_prefix =
            Index::create().name("restrictions_prefix").table("restrictions").col("prefix").col("id").take();
        manager.create_index(by_prefix).await?;

        let route_countries = Table::create()
            .table("route_countries")
            .col(code(manager, "country").not_null())
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(big_integer("since"))
            .primary_key(Index::create().col("country").col("valid_from"))
            .take();
        manager.create_table(route_countries).await
    }
}
